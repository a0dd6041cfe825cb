package sfu_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/pion/webrtc/v4"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// book is a log that may be written by many and is read at the end.
type book struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (b *book) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lines.Write(line)
}

func TestWhoHungUpGetsNoMoreOffers(t *testing.T) {
	var log book
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		t.Fatal(err)
	}
	ann, bob, eve := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob"), sfutest.Join(t, s, "room", "eve")
	ann.Publish(sfu.Camera)
	bob.Publish(sfu.Camera)
	bob.WaitTrack("ann", sfu.Camera).WaitMore(5)
	bob.Vanish()
	bob.WaitMedia(false)
	for _, source := range []sfu.Source{sfu.Screen, sfu.Microphone} {
		published := ann.Publish(source)
		eve.WaitTrack("ann", source).WaitMore(1)
		published.Stop()
	}
	ann.Leave()
	eve.Leave()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if log.lines.Len() > 0 {
		t.Errorf("%s", log.lines.String())
	}
}

// offers takes the subscriber's offers; the rest of what the server says is not of interest.
type offers chan string

func (o offers) Offer(sdp string)                            { o <- sdp }
func (offers) Candidate(sfu.Target, webrtc.ICECandidateInit) {}
func (offers) Tracks([]sfu.Track)                            {}
func (offers) Layers([]sfu.ActiveLayers, []string)           {}
func (offers) Media(bool)                                    {}
func (offers) Quality(sfu.Quality)                           {}
func (offers) Speakers([]string)                             {}

func TestAnAnswerToAnotherOfferIsRefused(t *testing.T) {
	s := newServer(t)
	ann := sfutest.Join(t, s, "room", "ann")
	ann.Publish(sfu.Camera)
	got := make(offers, 10)
	if err := s.Join(t.Context(), "room", "bob", got); err != nil {
		t.Fatal(err)
	}
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	defer pc.GracefulClose()
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: <-got}); err != nil {
		t.Fatal(err)
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		t.Fatal(err)
	}
	line := answer.SDP[strings.Index(answer.SDP, "m=video"):]
	longer := answer.SDP + strings.Replace(line, "a=mid:0", "a=mid:1", 1)
	for _, other := range []string{longer, strings.Replace(answer.SDP, "a=mid:0", "a=mid:1", 1), strings.Replace(answer.SDP, line, "", 1)} {
		if err := s.Answer("bob", other); !errors.Is(err, sfu.ErrBadSDP) {
			t.Errorf("an answer to another offer: %v", err)
		}
	}
	candidates, next := manyCandidates()
	if err := s.Answer("bob", answer.SDP+candidates); err != nil {
		t.Fatal(err)
	}
	if err := s.Candidate("bob", sfu.Subscriber, next); !errors.Is(err, sfu.ErrBadCandidate) {
		t.Errorf("one candidate more than the answer's: %v", err)
	}
	ann.Publish(sfu.Screen)
	if next := <-got; !strings.Contains(next, "a=mid:1") {
		t.Errorf("the next offer: %s", next)
	}
}

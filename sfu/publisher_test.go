package sfu_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

func TestAfterAFirstOfferThatCannotBeAnsweredAnotherMayCome(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	early := webrtc.ICECandidateInit{Candidate: "candidate:1 1 udp 2130706431 127.0.0.1 9 typ host"}
	if err := s.Candidate("ann", sfu.Publisher, early); err != nil {
		t.Fatal(err)
	}
	const offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n" +
		"a=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256  00\r\na=sendonly\r\n" +
		"a=rtpmap:111 opus/48000/2\r\n" // two spaces before the fingerprint are what Pion notices too late
	for range 2 {
		if _, err := s.Offer(t.Context(), "ann", offer); !errors.Is(err, sfu.ErrBadSDP) {
			t.Fatalf("offer: %v", err)
		}
	}
	ann.Publish(sfu.Camera)
	bob.WaitTrack("ann", sfu.Camera).WaitMore(5)
}

// manyCandidates are all that a connection may have; the one after them is one too many.
func manyCandidates() (lines string, next webrtc.ICECandidateInit) {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "a=candidate:1 1 udp 2130706431 127.0.0.1 %d typ host\r\n", 1+i)
	}
	return b.String(), webrtc.ICECandidateInit{Candidate: "candidate:1 1 udp 2130706431 127.0.0.1 999 typ host"}
}

// TestCandidatesInAnOfferCountToo: else an offer would have the server try thousands of addresses.
func TestCandidatesInAnOfferCountToo(t *testing.T) {
	s := newServer(t)
	sfutest.Join(t, s, "room", "eve")
	lines, next := manyCandidates()
	offer := "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n" +
		"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 " + strings.Repeat("00:", 31) + "00\r\n" +
		"a=setup:actpass\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n" + lines
	if _, err := s.Offer(t.Context(), "eve", offer); err != nil {
		t.Fatal(err)
	}
	if err := s.Candidate("eve", sfu.Publisher, next); !errors.Is(err, sfu.ErrBadCandidate) {
		t.Errorf("one more than the offer's: %v", err)
	}
	restart := strings.NewReplacer(lines, "", "ice-ufrag:abcd", "ice-ufrag:efgh").Replace(offer)
	if _, err := s.Offer(t.Context(), "eve", restart); err != nil {
		t.Fatal(err)
	}
	if err := s.Candidate("eve", sfu.Publisher, next); err != nil {
		t.Errorf("after a restart of ICE there is room again: %v", err)
	}
}

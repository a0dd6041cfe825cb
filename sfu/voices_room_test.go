package sfu_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// TestALargeClass: 30 open microphones, of which four are heard at a time and 24 have media lines. Those who have none are
// heard from the first syllable on, since a line is passed on to them without an offer.
func TestALargeClass(t *testing.T) {
	const class, lines = 30, 24
	registry := prometheus.NewPedanticRegistry()
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", Registerer: registry, Limits: sfu.Limits{Voices: 4}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	listener := sfutest.Join(t, s, "room", "listener")
	var microphones []*sfutest.Publication
	for i := range class {
		peer := sfutest.Join(t, s, "room", fmt.Sprintf("p%d", i))
		if err := s.SetView(peer.Name, nil); err != nil {
			t.Fatal(err)
		}
		microphones = append(microphones, peer.Publish(sfu.Microphone))
	}
	listener.WaitTracks("a line for each of 24", func(tracks []sfu.Track) bool { return len(tracks) == lines })
	lined := func(name string) bool {
		return slices.ContainsFunc(listener.Tracks(), func(track sfu.Track) bool { return track.ParticipantID == name })
	}
	offers, _ := listener.Offers()
	unlined := 0
	for i, m := range microphones[:8] {
		name := fmt.Sprintf("p%d", i)
		if !lined(name) {
			unlined++
		}
		m.Speak(true)
		listener.WaitTrack(name, sfu.Microphone).WaitMore(5)
		m.Speak(false)
	}
	if unlined == 0 {
		t.Error("everybody who spoke had a line")
	}
	if n, _ := listener.Offers(); n != offers {
		t.Errorf("%d offers while people spoke", n-offers)
	}
	if n := strings.Count(listener.LastOffer(), "\nm="); n > lines {
		t.Errorf("the last offer has %d media lines", n)
	}
	if n := len(listener.Tracks()); n > lines {
		t.Errorf("%d tracks", n)
	}
	received := counter(t, registry, "lectern_sfu_packets_received_total")
	if unheard := counter(t, registry, "lectern_sfu_packets_unheard_total"); unheard < received/2 {
		t.Errorf("%v of %v packets were not forwarded", unheard, received)
	}
}

// TestScreenSoundDoesNotCompete with microphones.
func TestScreenSoundDoesNotCompete(t *testing.T) {
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", Limits: sfu.Limits{Voices: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ann, bob, eve := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob"), sfutest.Join(t, s, "room", "eve")
	loud := ann.Publish(sfu.Microphone)
	loud.Speak(true)
	film := bob.Publish(sfu.ScreenAudio)
	quiet := bob.Publish(sfu.Microphone)
	eve.WaitTrack("ann", sfu.Microphone).WaitMore(10)
	eve.WaitTrack("bob", sfu.ScreenAudio).WaitMore(20) // silent, and forwarded all the same
	loud.Speak(false)
	quiet.Speak(true)
	heard := eve.WaitTrack("bob", sfu.Microphone)
	heard.WaitMore(20)
	if st := heard.Stats(); st.Gaps != 0 || film.Sent() == 0 {
		t.Errorf("%+v", st)
	}
}

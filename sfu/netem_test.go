package sfu_test

import (
	"fmt"
	"net"
	"testing"
	"time"

	"lectern/sfu"
	"lectern/sfu/sfutest"
	"lectern/sfu/sfutest/netem"
)

// network is a bad one between a participant and the server.
func network(t *testing.T, s *sfu.Server, seed uint64) *netem.Proxy {
	t.Helper()
	p, err := netem.Start(net.JoinHostPort("127.0.0.1", fmt.Sprint(s.UDPPort())), seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// home is a line that is good but for its rate in bits per second, 0 for any.
func home(rate int) netem.Conditions {
	return netem.Conditions{Delay: 15 * time.Millisecond, Jitter: 3 * time.Millisecond, Rate: rate}
}

func set(t *testing.T, p *netem.Proxy, up, down netem.Conditions) {
	t.Helper()
	if err := p.Set(up, down); err != nil {
		t.Fatal(err)
	}
}

// waitPaused waits until the server says so of a picture, or the contrary.
func waitPaused(p *sfutest.Peer, participant string, source sfu.Source, paused bool) {
	p.WaitTracks(fmt.Sprintf("the %s of %s paused: %v", source, participant, paused), func(tracks []sfu.Track) bool {
		for _, track := range tracks {
			if track.ParticipantID == participant && track.Source == source {
				return track.Paused == paused
			}
		}
		return false
	})
}

func TestNarrowLineKeepsSoundAndScreen(t *testing.T) {
	s := newServer(t)
	between := network(t, s, 1)
	set(t, between, home(0), home(5_000_000))
	ann := sfutest.Join(t, s, "room", "ann")
	bob := sfutest.Join(t, s, "room", "bob", sfutest.Options{Through: between})
	eve := sfutest.Join(t, s, "room", "eve")
	ann.Publish(sfu.Microphone)
	ann.Publish(sfu.Screen).Resize(120)
	ann.Publish(sfu.Camera)
	sound, screen, camera := bob.WaitTrack("ann", sfu.Microphone), bob.WaitTrack("ann", sfu.Screen), bob.WaitTrack("ann", sfu.Camera)
	elsewhere := []*sfutest.Received{
		eve.WaitTrack("ann", sfu.Microphone), eve.WaitTrack("ann", sfu.Screen), eve.WaitTrack("ann", sfu.Camera),
	}
	camera.WaitMore(100)
	before := make([]sfutest.Stats, len(elsewhere))
	for i, r := range elsewhere {
		before[i] = r.Stats()
	}
	begin := time.Now()

	set(t, between, home(0), home(300_000))
	waitPaused(bob, "ann", sfu.Camera, true)
	t.Logf("camera paused after %v", time.Since(begin))
	heard, shown := sound.Stats(), screen.Stats()
	sound.WaitMore(300)
	now := sound.Stats()
	t.Logf("10 s at 300 kbit/s: sound %d packets, %d gaps, was %d; screen %d packets, %d gaps, was %d", now.Packets-heard.Packets, now.Gaps, heard.Gaps,
		screen.Packets()-shown.Packets, screen.Stats().Gaps, shown.Gaps)
	_, down := between.Stats()
	t.Logf("%+v", down)
	for _, r := range elsewhere {
		t.Logf("elsewhere %+v", func() sfutest.Stats { s := r.Stats(); return s }().Gaps)
	}

	lifted := time.Now()
	set(t, between, home(0), home(5_000_000))
	waitPaused(bob, "ann", sfu.Camera, false)
	camera.WaitMore(20)
	t.Logf("camera back after %v", time.Since(lifted))
	_ = before
}

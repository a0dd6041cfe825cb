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
	return netem.Conditions{Delay: 15 * time.Millisecond, Jitter: 3 * time.Millisecond, Rate: rate, Queue: 40_000}
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

// class is ann, who teaches, bob behind a bad network, and eve next door.
type class struct {
	ann, bob, eve *sfutest.Peer
	between       *netem.Proxy
}

func newClass(t *testing.T, down netem.Conditions) (*sfu.Server, class) {
	t.Helper()
	s := newServer(t)
	c := class{between: network(t, s, 1)}
	set(t, c.between, home(0), down)
	c.ann = sfutest.Join(t, s, "room", "ann")
	c.bob = sfutest.Join(t, s, "room", "bob", sfutest.Options{Through: c.between})
	c.eve = sfutest.Join(t, s, "room", "eve")
	return s, c
}

// untroubled fails the test if something of a track was lost or came twice.
func untroubled(t *testing.T, what string, r *sfutest.Received) {
	t.Helper()
	if s := r.Stats(); s.Gaps > 0 || s.Duplicates > 0 || s.Backwards > 0 {
		t.Errorf("eve's %s: %d lost, %d twice, %d late", what, s.Gaps, s.Duplicates, s.Backwards)
	}
}

func TestNarrowLineKeepsSoundAndScreen(t *testing.T) {
	t.Parallel()
	_, c := newClass(t, home(5_000_000))
	c.ann.Publish(sfu.Microphone)
	c.ann.Publish(sfu.Screen).Resize(120)
	filmed := c.ann.Publish(sfu.Camera)
	sound, screen, camera := c.bob.WaitTrack("ann", sfu.Microphone), c.bob.WaitTrack("ann", sfu.Screen), c.bob.WaitTrack("ann", sfu.Camera)
	eveSound, eveCamera := c.eve.WaitTrack("ann", sfu.Microphone), c.eve.WaitTrack("ann", sfu.Camera)
	camera.WaitMore(100)

	set(t, c.between, home(0), home(300_000))
	waitPaused(c.bob, "ann", sfu.Camera, true)
	heard, shown, keyframes := sound.Stats(), screen.Stats(), filmed.KeyframesAsked()
	sound.WaitMore(300)
	if n := sound.Stats().Gaps - heard.Gaps; n > 3 {
		t.Errorf("%d of 300 packets of sound lost", n)
	}
	if s := screen.Stats(); s.Packets-shown.Packets < 300 || s.Gaps > shown.Gaps+5 {
		t.Errorf("of the screen %d packets came, %d were lost", s.Packets-shown.Packets, s.Gaps-shown.Gaps)
	}
	if n := filmed.KeyframesAsked() - keyframes; n > 3 {
		t.Errorf("the camera was asked for %d keyframes that nobody there can get", n)
	}

	set(t, c.between, home(0), home(5_000_000))
	waitPaused(c.bob, "ann", sfu.Camera, false)
	camera.WaitMore(20)
	untroubled(t, "sound", eveSound)
	untroubled(t, "camera", eveCamera)
}

func TestKeyPicturesLeaveRoomForSound(t *testing.T) {
	t.Parallel()
	_, c := newClass(t, home(5_000_000))
	c.ann.Publish(sfu.Microphone)
	drawn := c.ann.Publish(sfu.Screen)
	drawn.Resize(120)
	c.ann.Publish(sfu.Camera)
	sound, screen := c.bob.WaitTrack("ann", sfu.Microphone), c.bob.WaitTrack("ann", sfu.Screen)
	c.bob.WaitTrack("ann", sfu.Camera)
	set(t, c.between, home(0), home(400_000))
	waitPaused(c.bob, "ann", sfu.Camera, true)
	sound.WaitMore(100) // what filled the line's queue has drained

	drawn.WeighKeys(60)
	heard, shown := sound.Stats(), screen.Stats()
	screen.RequestKeyframe()
	screen.Wait("a key picture of 60,000 bytes", func(s sfutest.Stats) bool {
		return s.Keyframes > shown.Keyframes && s.Packets > shown.Packets+60
	})
	sound.WaitMore(50)
	if n := sound.Stats().Gaps - heard.Gaps; n > 5 {
		t.Errorf("%d packets of sound lost", n)
	}
}

func TestLayersFollowTheLine(t *testing.T) {
	t.Parallel()
	_, c := newClass(t, home(5_000_000))
	c.ann.Publish(sfu.Microphone)
	c.ann.PublishSimulcast(sfu.Camera, sfutest.CameraEncodings...)
	sound, camera := c.bob.WaitTrack("ann", sfu.Microphone), c.bob.WaitTrack("ann", sfu.Camera)
	eveCamera := c.eve.WaitTrack("ann", sfu.Camera)
	wide := func(r *sfutest.Received, width int) {
		t.Helper()
		r.Wait(fmt.Sprintf("pictures %d wide", width), func(s sfutest.Stats) bool { return s.Width == width })
	}
	wide(camera, 1280)
	wide(eveCamera, 1280)

	set(t, c.between, home(0), home(300_000))
	wide(camera, 320)
	before := sound.Stats()
	sound.WaitMore(200)
	if n := sound.Stats().Gaps - before.Gaps; n > 3 {
		t.Errorf("%d of 200 packets of sound lost", n)
	}
	set(t, c.between, home(0), home(5_000_000))
	wide(camera, 1280)
	untroubled(t, "camera", eveCamera)
	if w := eveCamera.Stats().Width; w != 1280 {
		t.Errorf("eve's camera is %d wide", w)
	}
}

func TestLossBothWaysIsRepaired(t *testing.T) {
	t.Parallel()
	lossy := home(0)
	lossy.Loss = 0.05
	_, c := newClass(t, lossy)
	set(t, c.between, lossy, lossy)
	filmed, mirrored := c.ann.Publish(sfu.Camera), c.bob.Publish(sfu.Camera)
	camera, bobs := c.bob.WaitTrack("ann", sfu.Camera), c.eve.WaitTrack("bob", sfu.Camera)
	eves := c.eve.WaitTrack("ann", sfu.Camera)
	complete := func(s sfutest.Stats) bool { return s.Packets > 600 && s.Gaps <= s.Packets/200 }
	camera.Wait("nearly all pictures of ann", complete)
	bobs.Wait("nearly all pictures of bob", complete)
	untroubled(t, "camera", eves)
	if a, b := filmed.KeyframesAsked(), mirrored.KeyframesAsked(); a > 6 || b > 6 {
		t.Errorf("%d and %d keyframes asked for", a, b)
	}
	if _, down := c.between.Stats(); down.Lost < 30 {
		t.Errorf("the network lost %d packets only", down.Lost)
	}
}

func TestReorderAndDuplicatesHarmNothing(t *testing.T) {
	t.Parallel()
	rough := home(5_000_000)
	rough.Reorder, rough.Duplicate = 0.05, 0.05
	server, c := newClass(t, rough)
	set(t, c.between, rough, rough)
	filmed := c.ann.Publish(sfu.Camera)
	c.bob.Publish(sfu.Microphone)
	camera, voice := c.bob.WaitTrack("ann", sfu.Camera), c.eve.WaitTrack("bob", sfu.Microphone)
	camera.WaitMore(600)
	camera.Wait("what was overtaken", func(s sfutest.Stats) bool { return s.Gaps <= 2 })
	voice.Wait("what was overtaken", func(s sfutest.Stats) bool { return s.Packets > 300 && s.Gaps <= 1 })
	if n := voice.Stats().Duplicates; n > 0 {
		t.Errorf("%d sounds of bob were forwarded twice", n)
	}
	if n := filmed.KeyframesAsked(); n > 5 {
		t.Errorf("%d keyframes asked for", n)
	}
	if bits := server.Bandwidth("bob"); bits < 1_000_000 {
		t.Errorf("the estimate fell to %d", bits)
	}
}

func TestBlackout(t *testing.T) {
	t.Parallel()
	_, c := newClass(t, home(5_000_000))
	c.ann.Publish(sfu.Microphone)
	c.ann.Publish(sfu.Camera)
	sound, camera := c.bob.WaitTrack("ann", sfu.Microphone), c.bob.WaitTrack("ann", sfu.Camera)
	elsewhere := c.eve.WaitTrack("ann", sfu.Microphone)
	camera.WaitMore(100)
	set(t, c.between, netem.Conditions{Loss: 1}, netem.Conditions{Loss: 1})
	elsewhere.WaitMore(100) // two seconds
	set(t, c.between, home(0), home(5_000_000))
	keyframes := camera.Stats().Keyframes
	sound.WaitMore(50)
	camera.RequestKeyframe()
	camera.Wait("a new beginning", func(s sfutest.Stats) bool { return s.Keyframes > keyframes })
	camera.WaitMore(100)
	untroubled(t, "sound", elsewhere)
}

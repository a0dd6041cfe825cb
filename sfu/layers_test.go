package sfu_test

import (
	"testing"
	"time"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

func tile(of string, width, height int) sfu.Tile {
	return sfu.Tile{ParticipantID: of, Source: sfu.Camera, Width: width, Height: height}
}

// smooth fails when a subscriber noticed a change of layers in the stream's numbers.
func smooth(t *testing.T, who string, r *sfutest.Received) {
	t.Helper()
	if s := r.Stats(); s.Gaps != 0 || s.Duplicates != 0 || s.Backwards != 0 || s.IDJumps != 0 {
		t.Errorf("%s: %+v", who, s)
	}
}

func TestEachViewGetsTheLayerThatFits(t *testing.T) {
	s := newServer(t)
	ann := sfutest.Join(t, s, "room", "ann")
	ann.PublishSimulcast(sfu.Camera, sfutest.CameraEncodings...)
	bob, eve, dan := sfutest.Join(t, s, "room", "bob"), sfutest.Join(t, s, "room", "eve"), sfutest.Join(t, s, "room", "dan")
	bob.Look(tile("ann", 160, 90))
	eve.Look(tile("ann", 1920, 1080))
	small, large, any := bob.WaitTrack("ann", sfu.Camera), eve.WaitTrack("ann", sfu.Camera), dan.WaitTrack("ann", sfu.Camera)
	small.WaitSize(320)
	large.WaitSize(1280)
	any.WaitSize(1280) // before the first view

	dan.Look(tile("ann", 700, 400))
	bob.Look(tile("ann", 1280, 720))
	eve.Look(tile("ann", 200, 200))
	any.WaitSize(640)
	small.WaitSize(1280)
	large.WaitSize(320)
	for who, r := range map[string]*sfutest.Received{"bob": small, "eve": large, "dan": any} {
		smooth(t, who, r)
	}
}

func TestWhatNobodyWatchesIsNotAskedFor(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	camera := ann.PublishSimulcast(sfu.Camera, sfutest.CameraEncodings...)
	bob.Look(tile("ann", 160, 90))
	seen := bob.WaitTrack("ann", sfu.Camera)
	seen.WaitSize(320)
	camera.WaitWatched("q")
	seen.WaitMore(40) // two seconds without the larger ones, which is not taken for their end
	sent := camera.Sent("f")
	seen.WaitMore(5)
	if n := camera.Sent("f"); n != sent {
		t.Errorf("%d packets that nobody watches", n-sent)
	}

	from := time.Now()
	bob.Look(tile("ann", 1280, 720))
	seen.Wait("the large picture", func(st sfutest.Stats) bool { return st.Width == 1280 })
	t.Logf("an encoding that was off is seen %v after the view has changed", time.Since(from).Round(time.Millisecond))
	camera.WaitWatched("f")
	smooth(t, "bob", seen)

	bob.Look()
	camera.WaitWatched()
	bob.Look(tile("ann", 640, 360))
	seen.WaitSize(640)
	camera.WaitWatched("h")
	smooth(t, "bob", seen)

	eve := sfutest.Join(t, s, "room", "eve") // has no view yet: everything
	eve.WaitTrack("ann", sfu.Camera).WaitSize(1280)
	camera.WaitWatched("h", "f")
}

func TestAnEncodingThatEndsIsReplaced(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	camera := ann.PublishSimulcast(sfu.Camera, sfutest.CameraEncodings...)
	seen := bob.WaitTrack("ann", sfu.Camera)
	seen.WaitSize(1280)
	camera.Fail("f", true) // as encoders do without bandwidth of their own
	seen.WaitSize(640)
	camera.Fail("f", false)
	seen.WaitSize(1280)
	smooth(t, "bob", seen)
}

func TestCodecsThatEverybodyCanDecode(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	ann.Publish(sfu.Camera)
	bob.WaitTrack("ann", sfu.Camera)
	ann.WaitCodecs("vp8", "h264", "vp9", "av1")
	old := sfutest.Join(t, s, "room", "old", sfutest.Options{VP8Only: true})
	old.WaitTrack("ann", sfu.Camera)
	ann.WaitCodecs("vp8", "h264")
	modern := ann.PublishVP9(sfu.Screen)
	bob.WaitTrack("ann", sfu.Screen).WaitMore(10)
	old.WaitTracks("a picture that it cannot decode", func(tracks []sfu.Track) bool { return paused(tracks, sfu.Screen) })
	modern.Stop()
	old.Leave()
	ann.WaitCodecs("vp8", "h264", "vp9", "av1")
}

package sfu_test

import (
	"testing"
	"time"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// TestScarceBandwidthGoesToWhatMatters: two cameras and a screen of 160 and 640 kbit/s over a line that becomes narrow, and
// wide again.
func TestScarceBandwidthGoesToWhatMatters(t *testing.T) {
	s := newServer(t)
	between := network(t, s, 7)
	set(t, between, home(0), home(0))
	ann := sfutest.Join(t, s, "room", "ann")
	ann.Publish(sfu.Microphone)
	encodings := []sfutest.Encoding{{RID: "h", Width: 640, Height: 360, Packets: 1}, {RID: "f", Width: 1280, Height: 720, Packets: 4}}
	ann.PublishSimulcast(sfu.Screen, encodings...)
	students := []string{"cai", "dan"}
	for _, name := range students {
		student := sfutest.Join(t, s, "room", name)
		student.Look()
		student.PublishSimulcast(sfu.Camera, encodings...)
	}
	bob := sfutest.Join(t, s, "room", "bob", sfutest.Options{Through: between})
	eve := sfutest.Join(t, s, "room", "eve")
	eve.Look(tile("dan", 1280, 720))
	screen, sound := bob.WaitTrack("ann", sfu.Screen), bob.WaitTrack("ann", sfu.Microphone)
	cameras := map[string]*sfutest.Received{}
	for _, name := range students {
		cameras[name] = bob.WaitTrack(name, sfu.Camera)
	}
	all := func(width int) {
		for _, r := range cameras {
			r.Wait("large cameras", func(st sfutest.Stats) bool { return st.Width == width })
		}
	}
	began := time.Now()
	screen.Wait("the large screen", func(st sfutest.Stats) bool { return st.Width == 1280 })
	all(1280)
	t.Logf("everything is large after %v", time.Since(began).Round(time.Millisecond))
	elsewhere := eve.WaitTrack("dan", sfu.Camera)
	elsewhere.WaitSize(1280)

	set(t, between, home(0), home(300_000))
	began = time.Now()
	for _, name := range students {
		waitPaused(bob, name, sfu.Camera, true)
	}
	screen.Wait("the small screen", func(st sfutest.Stats) bool { return st.Width == 640 })
	t.Logf("300 kbit/s: sound and the small screen after %v", time.Since(began).Round(time.Millisecond))
	gaps := sound.Stats().Gaps
	screen.WaitMore(40)
	sound.WaitMore(100)
	t.Logf("%d of 100 sounds lost then", sound.Stats().Gaps-gaps)
	if screen.Stats().Width != 640 {
		t.Error("the screen is not kept small")
	}

	set(t, between, home(0), home(0))
	began = time.Now()
	for _, name := range students {
		waitPaused(bob, name, sfu.Camera, false)
	}
	t.Logf("all cameras are back after %v", time.Since(began).Round(time.Millisecond))
	screen.Wait("the large screen", func(st sfutest.Stats) bool { return st.Width == 1280 })
	t.Logf("the large screen is back after %v", time.Since(began).Round(time.Millisecond))
	all(1280)
	t.Logf("everything is large after %v", time.Since(began).Round(time.Millisecond))
	smooth(t, "eve", elsewhere)
	if st := elsewhere.Stats(); st.Width != 1280 {
		t.Errorf("the other subscriber sees pictures %d wide", st.Width)
	}
}

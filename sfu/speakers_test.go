package sfu

import (
	"slices"
	"testing"

	"github.com/pion/webrtc/v4"
)

func TestSpeech(t *testing.T) {
	feed := func(s *speech, share float64, ticks int) (active bool) {
		for range ticks {
			active = s.hear(share, 80)
		}
		return active
	}
	for name, c := range map[string]struct {
		loud, quiet int // ticks of 200 ms
		want        bool
	}{
		"a cough":              {loud: 2, want: false},
		"0.6 s of speech":      {loud: 3, want: true},
		"a breath":             {loud: 5, quiet: 2, want: true},
		"a second of silence":  {loud: 10, quiet: 5, want: false},
		"nothing":              {},
		"silence for a minute": {quiet: 300},
	} {
		var s speech
		active := feed(&s, 1, c.loud)
		if c.quiet > 0 {
			active = feed(&s, 0, c.quiet)
		}
		if active != c.want {
			t.Errorf("%s: %v (score %.2f)", name, active, s.score)
		}
	}
}

func TestSpeakersOrder(t *testing.T) {
	for name, c := range map[string]struct {
		former []string
		loud   map[string]float64
		want   []string
	}{
		"none":              {nil, nil, []string{}},
		"loudest first":     {nil, map[string]float64{"a": 60, "b": 90, "c": 75}, []string{"b", "c", "a"}},
		"about equal stays": {[]string{"b", "a"}, map[string]float64{"a": 83, "b": 80}, []string{"b", "a"}},
		"overtaken":         {[]string{"b", "a"}, map[string]float64{"a": 90, "b": 80}, []string{"a", "b"}},
		"one gone":          {[]string{"b", "a"}, map[string]float64{"a": 60}, []string{"a"}},
	} {
		if got := order(c.former, c.loud); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestLoudness(t *testing.T) {
	var l loudness
	if share, _ := l.take(); share != 0 {
		t.Error("silence is no speech")
	}
	l.add(0x80 | 27)
	l.add(127)
	if share, loud := l.take(); share != 0.5 || loud != 100 {
		t.Errorf("%v of the packets, %v dB", share, loud)
	}
}

func TestLiveness(t *testing.T) {
	const (
		up, down, failed, connecting = webrtc.PeerConnectionStateConnected, webrtc.PeerConnectionStateDisconnected,
			webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateConnecting
	)
	var l liveness
	for i, s := range []struct {
		target             Target
		state              webrtc.PeerConnectionState
		connected, changed bool
	}{
		{Publisher, connecting, false, false},
		{Publisher, up, true, true},
		{Subscriber, connecting, true, false},
		{Subscriber, up, true, false},
		{Subscriber, down, true, false},
		{Publisher, down, false, true},
		{Publisher, connecting, false, false},
		{Publisher, up, true, true},
		{Subscriber, failed, false, true},
		{Subscriber, connecting, true, true},
	} {
		connected, changed := l.set(s.target, s.state)
		if connected != s.connected || changed != s.changed {
			t.Errorf("step %d: %v, %v", i, connected, changed)
		}
	}
	var never liveness
	if connected, changed := never.set(Publisher, failed); connected || !changed {
		t.Error("a first failure is not told")
	}
}

package sfu

import (
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

func TestRating(t *testing.T) {
	type step = condition
	repeat := func(n int, s step) []step { return slices.Repeat([]step{s}, n) }
	calm, bad := step{0.01, 20 * time.Millisecond, time.Millisecond}, step{0.15, 20 * time.Millisecond, time.Millisecond}
	for name, c := range map[string]struct {
		steps []step
		want  []Quality // after changes
	}{
		"all is well":             {repeat(5, calm), nil},
		"nothing is known":        {repeat(5, step{-1, 0, 0}), nil},
		"loss":                    {[]step{{0.06, 0, 0}, {0.11, 0, 0}, {0.25, 0, 0}}, []Quality{Fair, Poor, Lost}},
		"a long way":              {[]step{{0, 600 * time.Millisecond, 0}, {0, 1200 * time.Millisecond, 0}, {0, 2 * time.Second, 0}}, []Quality{Fair, Poor, Lost}},
		"an uneven way":           {[]step{{0, 0, 11 * time.Millisecond}, {0, 0, 21 * time.Millisecond}, {0, 0, time.Second}, {0, 0, time.Second}}, []Quality{Fair, Poor}},
		"a stumble":               {[]step{{0, 0, time.Second}, {0, 0, time.Millisecond}, {0, 0, time.Second}}, nil},
		"falls at once":           {[]step{{0.3, 0, 0}}, []Quality{Lost}},
		"rises step by step":      {append([]step{bad}, repeat(6, calm)...), []Quality{Poor, Fair, Good}},
		"not before three":        {append([]step{bad}, repeat(2, calm)...), []Quality{Poor}},
		"at the bound it stays":   {append([]step{{0.051, 0, 0}}, repeat(20, step{0.045, 0, 0})...), []Quality{Fair}},
		"a relapse begins anew":   {slices.Concat([]step{bad}, repeat(2, calm), []step{bad}, repeat(2, calm)), []Quality{Poor}},
		"silence lets it recover": {append([]step{{0.06, 0, 0}}, repeat(3, step{-1, 0, 0})...), []Quality{Fair, Good}},
	} {
		var r rating
		var got []Quality
		for _, s := range c.steps {
			if r.judge(s, true) {
				got = append(got, qualities[r.grade])
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	var r rating
	if !r.judge(condition{loss: -1}, false) || qualities[r.grade] != Lost || r.judge(condition{loss: -1}, false) {
		t.Error("a connection that is gone is lost, once")
	}
}

func TestJitter(t *testing.T) {
	const packet = 960 // units, 20 ms
	for name, c := range map[string]struct {
		late func(n int) time.Duration // of packet n
		want time.Duration
	}{
		"as sent":                 {func(int) time.Duration { return 30 * time.Millisecond }, 0},
		"every other 10 ms late":  {func(n int) time.Duration { return time.Duration(n%2) * 10 * time.Millisecond }, 10 * time.Millisecond},
		"a pause at the source":   {func(n int) time.Duration { return time.Duration(n/150) * time.Hour }, 0},
		"a clock that runs ahead": {func(n int) time.Duration { return time.Duration(n) * time.Microsecond }, 0},
	} {
		var j jitter
		for n := range 300 {
			first := ^uint32(0) - 100*packet // across the wrap
			j.add(first+uint32(n)*packet, int64(n)*int64(20*time.Millisecond)+int64(c.late(n)))
		}
		if got := time.Duration(j.mean.Load()); got < c.want-100*time.Microsecond || got > c.want+100*time.Microsecond {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestJitterIsThatOfTheWayItArisesOn(t *testing.T) {
	l, _ := fanOut(t, webrtc.RTPCodecTypeAudio, 2, true)
	at := int64(time.Minute)
	l.heard.Store(at)
	l.receiver.layers = []*layer{l}
	l.jitter.mean.Store(int64(12 * time.Millisecond))
	if got := l.receiver.jitter(at); got != 12*time.Millisecond {
		t.Errorf("from its publisher: %v", got)
	}
	for i, reported := range []time.Duration{13 * time.Millisecond, 40 * time.Millisecond} {
		d := (*l.receiver.subs.Load())[i]
		d.sub.tracks = []*downTrack{d}
		d.stream.reception = reception{at: at, jitter: uint32(reported * soundClock / time.Second)}
		if got := d.sub.jitter(at); got != reported-12*time.Millisecond {
			t.Errorf("to subscriber %d: %v", i, got)
		}
	}
	if got := l.receiver.jitter(at + 2*reportsGoStale); got != 0 {
		t.Errorf("long after: %v", got)
	}
}

func TestReception(t *testing.T) {
	var r reception
	report := func(highest, lost uint32) lossCount {
		r.note(rtcp.ReceptionReport{LastSequenceNumber: highest, TotalLost: lost & 0xffffff}, 1)
		return r.take()
	}
	for i, c := range []struct {
		highest, lost uint32
		want          lossCount
	}{
		{1000, 7, lossCount{}}, // the first says nothing of the time since
		{1100, 17, lossCount{100, 10}},
		{1200, 14, lossCount{100, -3}},     // repaired
		{1200, 14, lossCount{}},            // nothing new
		{1100, 14, lossCount{}},            // an old one
		{1 << 16, 14, lossCount{64436, 0}}, // across the wrap
	} {
		if got := report(c.highest, c.lost); got != c.want {
			t.Errorf("report %d: %v", i, got)
		}
	}
}

func TestAStreamThatBeginsWithASmallNumberHasLostNothing(t *testing.T) {
	l, _ := fanOut(t, webrtc.RTPCodecTypeVideo, 1, true)
	var p packet
	for i := range uint16(100) {
		l.receive(datagram(500+i, i == 0), int64(i), &p)
	}
	if got := l.takeLoss(); got != (lossCount{100, 0}) {
		t.Errorf("%+v", got)
	}
}

func TestWhoReceivesIsNotBlamedForWhatWasMissingBefore(t *testing.T) {
	for _, c := range []struct {
		lost  int64
		share float64
		want  int64
	}{
		{30, 0.3, 0}, {40, 0.3, 10}, {10, 0.3, 0}, {30, -1, 30}, {30, 0, 30}, {-2, 0.3, -2},
	} {
		if got := (lossCount{100, c.lost}).without(c.share); got != (lossCount{100, c.want}) {
			t.Errorf("%d lost of 100, %v missing: %+v", c.lost, c.share, got)
		}
	}
}

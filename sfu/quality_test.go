package sfu

import (
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

func TestRating(t *testing.T) {
	type step struct {
		loss float64
		rtt  time.Duration
	}
	repeat := func(n int, s step) []step { return slices.Repeat([]step{s}, n) }
	calm, bad := step{0.01, 20 * time.Millisecond}, step{0.15, 20 * time.Millisecond}
	for name, c := range map[string]struct {
		steps []step
		want  []Quality // after changes
	}{
		"all is well":             {repeat(5, calm), nil},
		"nothing is known":        {repeat(5, step{-1, 0}), nil},
		"loss":                    {[]step{{0.06, 0}, {0.11, 0}, {0.25, 0}}, []Quality{Fair, Poor, Lost}},
		"a long way":              {[]step{{0, 600 * time.Millisecond}, {0, 1200 * time.Millisecond}, {0, 2 * time.Second}}, []Quality{Fair, Poor, Lost}},
		"falls at once":           {[]step{{0.3, 0}}, []Quality{Lost}},
		"rises step by step":      {append([]step{bad}, repeat(6, calm)...), []Quality{Poor, Fair, Good}},
		"not before three":        {append([]step{bad}, repeat(2, calm)...), []Quality{Poor}},
		"at the bound it stays":   {append([]step{{0.051, 0}}, repeat(20, step{0.045, 0})...), []Quality{Fair}},
		"a relapse begins anew":   {slices.Concat([]step{bad}, repeat(2, calm), []step{bad}, repeat(2, calm)), []Quality{Poor}},
		"silence lets it recover": {append([]step{{0.06, 0}}, repeat(3, step{-1, 0})...), []Quality{Fair, Good}},
	} {
		var r rating
		var got []Quality
		for _, s := range c.steps {
			if r.judge(s.loss, s.rtt, true) {
				got = append(got, qualities[r.grade])
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	var r rating
	if !r.judge(-1, 0, false) || qualities[r.grade] != Lost || r.judge(-1, 0, false) {
		t.Error("a connection that is gone is lost, once")
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

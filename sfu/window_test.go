package sfu

import (
	"slices"
	"testing"
)

func TestWindowSeesEachNumberOnce(t *testing.T) {
	for name, c := range map[string]struct {
		in   []uint16
		want []bool
	}{
		"in order":         {[]uint16{1, 2, 3}, []bool{true, true, true}},
		"repeated":         {[]uint16{1, 2, 2, 1, 3}, []bool{true, true, false, false, true}},
		"late":             {[]uint16{1, 3, 2, 2}, []bool{true, true, true, false}},
		"wrap":             {[]uint16{65535, 0, 65535, 1, 65534}, []bool{true, true, false, true, true}},
		"too old":          {[]uint16{5000, 5000 - windowSize}, []bool{true, false}},
		"jump":             {[]uint16{1, 20000, 1, 20001, 20000}, []bool{true, true, false, true, false}},
		"half in one step": {[]uint16{1, 600, 1200, 601, 601}, []bool{true, true, true, true, false}},
	} {
		var w window
		for i, seq := range c.in {
			if got := w.add(seq, 0); got != c.want[i] {
				t.Errorf("%s: packet %d (%d): %v", name, i, seq, got)
			}
		}
	}
}

func TestWindowAsksForGaps(t *testing.T) {
	var w window
	w.add(65534, 0)
	w.add(2, 0) // 65535, 0, 1 are missing
	if due := w.due(nackDelay-1, nil); due != nil {
		t.Errorf("asked before reordering was waited for: %v", due)
	}
	if due := w.due(nackDelay, nil); !slices.Equal(due, []uint16{65535, 0, 1}) {
		t.Errorf("asked for %v", due)
	}
	w.add(0, nackDelay)
	if due := w.due(nackDelay+1, nil); due != nil {
		t.Errorf("asked again at once: %v", due)
	}
	if due := w.due(nackDelay+nackRepeat, nil); !slices.Equal(due, []uint16{65535, 1}) {
		t.Errorf("asked again for %v", due)
	}
	for i := range int64(20) {
		w.due(nackDelay+nackRepeat*(i+2), nil)
	}
	if len(w.missing) != 0 {
		t.Errorf("never gives up: %v", w.missing)
	}
	w.add(500, 0)
	if len(w.missing) > maxMissing {
		t.Errorf("%d gaps remembered", len(w.missing))
	}
}

func TestCache(t *testing.T) {
	var c cache
	for i := range 2 * cacheSize {
		c.put(&packet{seq: uint16(i), ts: uint32(i), payload: []byte{byte(i), byte(i >> 8)}})
	}
	var p packet
	buf := make([]byte, 10)
	if c.get(cacheSize-1, &p, buf, 2) {
		t.Error("an overwritten packet came back")
	}
	const seq = 2*cacheSize - 1
	if !c.get(seq, &p, buf, 2) || p.ts != seq || !slices.Equal(p.payload, buf[2:4]) || p.payload[0] != 0xff {
		t.Errorf("got %+v", p)
	}
	if c.get(seq, &p, buf, 9) {
		t.Error("more copied than there is room")
	}
}

func TestKeyframesAreAskedForAtMostTwiceASecond(t *testing.T) {
	var k keyframes
	const start = int64(keyframeInterval) * 10
	for _, s := range []struct {
		at   int64
		want bool
	}{{0, true}, {1, false}, {int64(keyframeInterval) - 1, false}, {int64(keyframeInterval), true}} {
		if got := k.want(start + s.at); got != s.want {
			t.Errorf("after %d: %v", s.at, got)
		}
	}
	if !k.due(start + 3*int64(keyframeInterval)) {
		t.Error("not repeated while no keyframe came")
	}
	k.seen()
	if k.due(start + 5*int64(keyframeInterval)) {
		t.Error("repeated after the keyframe")
	}
}

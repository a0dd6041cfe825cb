package sfu

import (
	"errors"
	"testing"
	"time"
)

func TestBucket(t *testing.T) {
	// Packets of so many bytes, so many a second, for ten seconds, through a bucket of 1 Mbit/s and 1,000 packets/s.
	for name, c := range map[string]struct {
		size, rate int
		passes     int // at least, and not 200 more
	}{
		"nothing":           {},
		"within":            {1200, 100, 1000},
		"too many bytes":    {1200, 1000, 1250 - 50},
		"too many packets":  {20, 5000, 12_000 - 100},
		"empty ones":        {0, 5000, 12_000 - 100},
		"one enormous each": {60_000, 10, 25 - 5},
	} {
		b, passed := newBucket(1_000_000, 1_000), 0
		for i := range 10 * c.rate {
			if b.take(c.size, int64(time.Hour)+int64(i)*int64(time.Second)/int64(c.rate)) {
				passed++
			}
		}
		if passed < c.passes || passed > c.passes+200 {
			t.Errorf("%s: %d of %d passed", name, passed, 10*c.rate)
		}
	}
}

func TestABucketRecovers(t *testing.T) {
	b, at := newBucket(1_000_000, 1_000), int64(time.Hour)
	for b.take(1200, at) {
	}
	if !b.take(1200, at+int64(bucketDepth)) {
		t.Error("a flood is held against a track for ever")
	}
}

func FuzzBucket(f *testing.F) {
	f.Add(1000, 1_000_000, 500, int64(20_000_000))
	f.Fuzz(func(t *testing.T, size, bits, packets int, step int64) {
		size, bits, packets, step = size&0xffff, max(bits&0xffffff, 1), max(packets&0xffff, 1), step&0xffffffff
		b, at, passed := newBucket(bits, packets), int64(time.Hour), 0
		const steps = 1000
		for range steps {
			if b.take(size, at) {
				passed++
			}
			at += step
		}
		over := float64(steps)*float64(step)/1e9 + bucketDepth.Seconds()
		if most := over*float64(bits)/8/max(float64(size), 1)*1.01 + 1; size > 0 && bits < 1<<20 && float64(passed) > most {
			t.Errorf("%d passed, %.1f may", passed, most)
		}
		if most := over*float64(packets)*1.01 + 1; float64(passed) > most {
			t.Errorf("%d passed, %.1f may", passed, most)
		}
	})
}

// TestPlaces needs no connections: who may come in is decided before.
func TestPlaces(t *testing.T) {
	ann, bob := &peer{id: "ann"}, &peer{id: "bob"}
	full := newRoom("full", 0)
	full.peers = []*peer{ann, bob}
	ann.room, bob.room = full, full
	s := &Server{rooms: map[string]*room{"full": full}, peers: map[string]*peer{"ann": ann, "bob": bob}}
	for name, c := range map[string]struct {
		limits     Limits
		egress     int64
		room, peer string
		want       error
	}{
		"no limits":             {Limits{}, 1e12, "full", "eve", nil},
		"a full room":           {Limits{Participants: 2}, 0, "full", "eve", ErrRoomFull},
		"one's own place":       {Limits{Participants: 2, Egress: 1}, 9, "full", "ann", nil},
		"another room":          {Limits{Participants: 2}, 0, "other", "eve", nil},
		"a room too many":       {Limits{Rooms: 1}, 0, "other", "eve", ErrBusy},
		"a room that is there":  {Limits{Rooms: 1}, 0, "full", "eve", nil},
		"too much is sent":      {Limits{Egress: 8}, 9, "full", "eve", ErrBusy},
		"much, but not too":     {Limits{Egress: 8}, 8, "full", "eve", nil},
		"from elsewhere, full":  {Limits{Participants: 1}, 0, "full", "zoe", ErrRoomFull},
		"from there, elsewhere": {Limits{Rooms: 1}, 0, "other", "ann", ErrBusy},
	} {
		s.limits = c.limits
		s.egress.Store(c.egress)
		if err := s.checkPlace(c.room, c.peer); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

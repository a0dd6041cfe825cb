package sfu

import (
	"testing"
	"time"
)

func TestForwarder(t *testing.T) {
	const ms = int64(time.Millisecond)
	type step struct {
		seq     uint16
		ts      uint32
		at      int64
		pause   bool // before it
		wantSeq uint16
		wantTS  uint32
		dropped bool
	}
	for name, steps := range map[string][]step{
		"begins where it was told, across the wrap": {
			{seq: 65534, ts: 4294967000, wantSeq: 100, wantTS: 5000},
			{seq: 65535, ts: 4294967000, wantSeq: 101, wantTS: 5000},
			{seq: 0, ts: 704, wantSeq: 102, wantTS: 6000},
		},
		"loss and reordering are passed on": {
			{seq: 10, ts: 0, wantSeq: 100, wantTS: 5000},
			{seq: 13, ts: 90, wantSeq: 103, wantTS: 5090},
			{seq: 12, ts: 90, wantSeq: 102, wantTS: 5090},
			{seq: 14, ts: 180, wantSeq: 104, wantTS: 5180},
		},
		"a pause leaves no gap in numbers and as much time as passed": {
			{seq: 10, ts: 1000, at: 0, wantSeq: 100, wantTS: 5000},
			{seq: 11, ts: 1000, at: 1, wantSeq: 101, wantTS: 5000},
			{seq: 500, ts: 777_000, at: 2000 * ms, pause: true, wantSeq: 102, wantTS: 5000 + 179_999},
			{seq: 501, ts: 778_000, at: 2010 * ms, wantSeq: 103, wantTS: 5000 + 180_999},
		},
		"what was sent before the pause has no place after it": {
			{seq: 10, ts: 0, wantSeq: 100, wantTS: 5000},
			{seq: 20, ts: 900, at: 10 * ms, pause: true, wantSeq: 101, wantTS: 5900},
			{seq: 19, ts: 900, at: 11 * ms, dropped: true},
			{seq: 21, ts: 900, at: 11 * ms, wantSeq: 102, wantTS: 5900},
		},
		"another source with other numbers": {
			{seq: 60000, ts: 4_000_000_000, wantSeq: 100, wantTS: 5000},
			{seq: 3, ts: 17, at: 0, pause: true, wantSeq: 101, wantTS: 5001},
			{seq: 4, ts: 117, at: 1, wantSeq: 102, wantTS: 5101},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := forwarder{rate: 90000, highest: 100, lastTS: 5000}
			for i, s := range steps {
				if s.pause {
					f.pause()
				}
				p := &packet{seq: s.seq, ts: s.ts, at: s.at}
				if !f.based {
					f.begin(p, 0, false)
				}
				seq, ts, ok := f.rewrite(p)
				if ok == s.dropped || ok && (seq != s.wantSeq || ts != s.wantTS) {
					t.Fatalf("step %d: %d, %d, %v; want %d, %d, %v", i, seq, ts, ok, s.wantSeq, s.wantTS, !s.dropped)
				}
				if in, found := f.source(seq); ok && (!found || in != s.seq) {
					t.Fatalf("step %d: %d was sent for %d, not %d", i, seq, s.seq, in)
				}
			}
		})
	}
}

func TestForwarderKnowsOnlyWhatItSent(t *testing.T) {
	f := forwarder{rate: 90000, highest: 100}
	if _, ok := f.source(100); ok {
		t.Error("nothing was sent yet")
	}
	f.begin(&packet{seq: 10}, 0, false)
	f.rewrite(&packet{seq: 10})
	f.rewrite(&packet{seq: 12})
	for seq, want := range map[uint16]bool{99: false, 100: true, 101: true, 102: true, 103: false, 40000: false} {
		if _, ok := f.source(seq); ok != want {
			t.Errorf("source(%d) = %v", seq, ok)
		}
	}
}

func TestForwarderRunsLong(t *testing.T) {
	f := newForwarder(90000)
	f.begin(&packet{}, 0, false)
	var last uint16
	for i := range 200_000 {
		seq, _, ok := f.rewrite(&packet{seq: uint16(i)})
		if !ok || i > 0 && seq != last+1 {
			t.Fatalf("packet %d: %d after %d, %v", i, seq, last, ok)
		}
		last = seq
	}
}

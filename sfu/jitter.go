package sfu

import (
	"sync/atomic"
	"time"
)

// jitter is by how much the packets of a sound come sooner and later than they were sent (RFC 3550, section A.8). One
// goroutine adds, others read.
type jitter struct {
	mean    atomic.Int64 // nanoseconds
	at      int64        // of the last packet
	ts      uint32
	started bool
}

// soundClock is that of every sound's timestamps: Opus has no other (RFC 7587, section 4.1).
const soundClock = 48_000

const jitterForgets = int64(time.Second) // a packet that is off by more begins anew: the source stood still

// add takes a packet's timestamp and the time of its arrival.
func (j *jitter) add(ts uint32, at int64) {
	off := at - j.at - int64(int32(ts-j.ts))*int64(time.Second)/soundClock
	known := j.started
	j.at, j.ts, j.started = at, ts, true
	if off = max(off, -off); known && off < jitterForgets {
		mean := j.mean.Load()
		j.mean.Store(mean + (off-mean)/16)
	}
}

package sfu

import (
	"sync"
	"time"
)

const (
	maxBurst      = 16                             // packets that are gathered at most
	burstGap      = int64(400 * time.Microsecond)  // the next packet is worth waiting for when it comes sooner than this
	burstPatience = time.Millisecond               // and no longer than this in all
	pacedGap      = int64(1000 * time.Microsecond) // taken for the gap before one was seen
)

// burst gathers the packets of a picture that arrive at one blow, as most cameras send them. Then each subscriber is
// visited once with all of them, which is kinder to the processor's caches than once for each, and gets them from the
// kernel as one run. A publisher who spaces his packets out is not waited for.
type burst struct {
	forward func([]packet) // called with mu held

	mu      sync.Mutex // guards the rest against the timer
	packets []packet
	buffers [maxBurst][]byte
	timer   *time.Timer
	gap     int64  // smoothed waiting time between the packets of a picture, nanoseconds
	ts      uint32 // of the packet before
	idle    int64  // since when the reader waits
}

func newBurst(forward func([]packet)) *burst {
	b := &burst{forward: forward, packets: make([]packet, 0, maxBurst), gap: pacedGap}
	b.timer = time.AfterFunc(time.Hour, b.flush)
	b.timer.Stop()
	return b
}

// add takes a packet, and forwards what was gathered when it is complete. The payload is copied.
func (b *burst) add(p *packet) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.ts == b.ts {
		b.gap += (max(p.at-b.idle, 0) - b.gap) / 8
	}
	b.ts = p.ts
	i := len(b.packets)
	b.buffers[i] = append(b.buffers[i][:0], p.payload...)
	b.packets = append(b.packets, *p)
	b.packets[i].payload = b.buffers[i]
	switch {
	case p.marker || i+1 == maxBurst || b.gap > burstGap:
		b.send()
	case i == 0:
		b.timer.Reset(burstPatience)
	}
	b.idle = now()
}

func (b *burst) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.send()
}

// send forwards what there is; the caller holds mu.
func (b *burst) send() {
	if len(b.packets) > 1 {
		b.timer.Stop()
	}
	if len(b.packets) > 0 {
		b.forward(b.packets)
		b.packets = b.packets[:0]
	}
}

// close drops what waits.
func (b *burst) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.timer.Stop()
	b.packets = b.packets[:0]
}

package sfu

import (
	"sync"
)

// cacheSize packets are kept per video layer: more than two seconds at 2 Mbit/s.
const cacheSize = 512

// cache keeps the last packets of a layer for retransmission. One goroutine puts, any may get. Its buffers are reused,
// so that in steady state it allocates nothing.
type cache struct {
	mu    sync.Mutex // guards slots
	slots [cacheSize]cached
}

type cached struct {
	packet
	full bool
}

// put keeps a copy of p.
func (c *cache) put(p *packet) {
	c.mu.Lock()
	s := &c.slots[p.seq%cacheSize]
	buf := append(s.payload[:0], p.payload...)
	s.packet, s.full = *p, true
	s.payload = buf
	c.mu.Unlock()
}

// get fills p with the packet of a sequence number, its payload copied behind prefix bytes left free in buf, and reports
// whether it was there. The payload, without the prefix, is p.payload.
func (c *cache) get(seq uint16, p *packet, buf []byte, prefix int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &c.slots[seq%cacheSize]
	if !s.full || s.seq != seq || prefix+len(s.payload) > len(buf) {
		return false
	}
	*p = s.packet
	p.payload = buf[prefix : prefix+copy(buf[prefix:], s.payload)]
	return true
}

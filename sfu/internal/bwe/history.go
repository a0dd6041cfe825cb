package bwe

import "sync/atomic"

// historySize packets are remembered until their feedback comes: half a second at 20 Mbit/s. A power of two.
const historySize = 1024

// history remembers when the last packets were sent and how large they were. Many goroutines add, one takes; neither
// waits. An entry is one word: the time in µs, a bit for "reported as lost" and the size. 0 is no entry.
type history struct {
	next atomic.Uint32 // how many were sent; the low 16 bits are the next sequence number
	ring [historySize]atomic.Uint64
}

const (
	sizeBits = 15
	maxSize  = 1<<sizeBits - 1
	lostBit  = 1 << sizeBits
)

// sent is a remembered packet.
type sent struct {
	number uint32 // its sequence number, unwrapped
	at     int64  // µs
	size   int    // bytes
	lost   bool   // reported as lost before
}

func (h *history) add(size int, at int64) uint16 {
	n := h.next.Add(1) - 1
	h.ring[n%historySize].Store(uint64(at)<<(sizeBits+1) | uint64(min(max(size, 1), maxSize)))
	return uint16(n)
}

// number unwraps a sequence number of one of the last 65,536 packets.
func (h *history) number(seq uint16) uint32 {
	next := h.next.Load()
	return next - 1 - uint32(uint16(next-1)-seq)
}

// get finds a packet by its unwrapped number.
func (h *history) get(n uint32) (sent, bool) {
	word := h.ring[n%historySize].Load()
	if age := h.next.Load() - 1 - n; word == 0 || age >= historySize { // the ring may have turned meanwhile
		return sent{}, false
	}
	return sent{n, int64(word >> (sizeBits + 1)), int(word & maxSize), word&lostBit != 0}, true
}

// markLost remembers that p was reported as lost, once.
func (h *history) markLost(p sent) {
	h.replace(p, uint64(p.at)<<(sizeBits+1)|lostBit|uint64(p.size))
}

// forget takes p out: it has arrived.
func (h *history) forget(p sent) { h.replace(p, 0) }

// replace changes the entry of p unless another packet has its place by now.
func (h *history) replace(p sent, word uint64) {
	old := uint64(p.at)<<(sizeBits+1) | uint64(p.size)
	if p.lost {
		old |= lostBit
	}
	h.ring[p.number%historySize].CompareAndSwap(old, word)
}

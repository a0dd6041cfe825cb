package ws

import "sync/atomic"

// Counts are what a hub has done since it was made.
type Counts struct {
	Opened   uint64 // sockets
	TooSlow  uint64 // sockets closed because they did not take what was sent to them
	Received uint64 // frames
	Sent     uint64 // frames
}

type counters struct{ opened, tooSlow, received, sent atomic.Uint64 }

// Counts reads the counters.
func (h *Hub) Counts() Counts {
	c := &h.counters
	return Counts{Opened: c.opened.Load(), TooSlow: c.tooSlow.Load(), Received: c.received.Load(), Sent: c.sent.Load()}
}

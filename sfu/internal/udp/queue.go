package udp

import (
	"net/netip"
	"sync"
	"sync/atomic"
)

const (
	chunkSize = 16 << 10 // bytes that wait in one piece: a picture of 1.5 Mbit/s twice over
	maxRuns   = 32       // of one chunk
	maxRun    = 60       // datagrams of one message; older kernels take 64
	maxChunks = 4        // of one destination; what comes when they are full is dropped
	allChunks = 4096     // of all destinations: 64 MiB
)

// run is a stretch of a chunk: datagrams of one size, of which the last may be shorter.
type run struct {
	from, to int
	size     int // of each datagram
	count    int
	done     bool // ends in a shorter one
}

// chunk holds datagrams for one destination back to back.
type chunk struct {
	next  *chunk
	used  int
	count int
	runs  [maxRuns]run
	data  [chunkSize]byte
}

var (
	chunks  = sync.Pool{New: func() any { return new(chunk) }}
	waiting atomic.Int64 // chunks in use by all sockets
)

// add appends a datagram and reports false when there is no room for it.
func (k *chunk) add(b []byte) bool {
	if k.used+len(b) > chunkSize {
		return false
	}
	if !k.extend(len(b)) {
		if k.count == maxRuns {
			return false
		}
		k.runs[k.count] = run{from: k.used, to: k.used + len(b), size: len(b), count: 1}
		k.count++
	}
	k.used += copy(k.data[k.used:], b)
	return true
}

// extend makes the last run longer by a datagram of n bytes, if it can.
func (k *chunk) extend(n int) bool {
	if k.count == 0 {
		return false
	}
	r := &k.runs[k.count-1]
	if r.done || n > r.size || r.count == maxRun {
		return false
	}
	r.to += n
	r.count++
	r.done = n < r.size
	return true
}

func (k *chunk) release() {
	k.next, k.used, k.count = nil, 0, 0
	chunks.Put(k)
	waiting.Add(-1)
}

// destination is the queue of one remote address.
type destination struct {
	name  name        // the address as the kernel wants it
	plain atomic.Bool // runs are sent one by one: the path does not take them

	mu          sync.Mutex // guards the rest
	first, last *chunk
	count       int
	used        bool // since the last sweep
}

// add queues b. first tells that nothing was waiting, full that a chunk has no more room, ok that b was taken.
func (d *destination) add(b []byte) (first, full, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last != nil && d.last.add(b) {
		return false, false, true
	}
	if d.count == maxChunks || waiting.Load() >= allChunks {
		return false, true, false
	}
	k := chunks.Get().(*chunk)
	waiting.Add(1)
	if d.first == nil {
		d.first = k
	} else {
		d.last.next = k
	}
	d.last = k
	d.count++
	d.used = true
	return d.count == 1, d.count > 1, k.add(b)
}

// take empties the queue.
func (d *destination) take() *chunk {
	d.mu.Lock()
	defer d.mu.Unlock()
	k := d.first
	d.first, d.last, d.count = nil, nil, 0
	return k
}

// shard is a share of the destinations. One goroutine at a time sends for it, so that nothing overtakes.
type shard struct {
	conn   *Conn
	wanted atomic.Bool // somebody flushed

	known        sync.RWMutex // guards destinations
	destinations map[netip.AddrPort]*destination
	sweepAt      int

	listing sync.Mutex // guards list
	list    []*destination

	sending sync.Mutex // guards the rest
	spare   []*destination
	sender  sender
}

const leastSweep = 64

func (s *shard) init(c *Conn, p prepared) {
	s.conn, s.destinations, s.sweepAt = c, map[netip.AddrPort]*destination{}, leastSweep
	s.sender.init(s, p)
}

// add queues a datagram. first tells that the destination had nothing waiting, full that it is time to send.
func (s *shard) add(to netip.AddrPort, b []byte) (first, full bool) {
	d := s.destination(to)
	first, full, ok := s.queue(d, b)
	if !ok {
		// Whoever is sending has fallen behind; he never waits for the network, so he may be waited for.
		s.sending.Lock()
		s.send()
		s.sending.Unlock()
		if first, full, ok = s.queue(d, b); !ok {
			s.conn.dropped.Add(1)
		}
	}
	return first, full
}

// queue puts b into the destination's queue, and that on the list of those to be sent.
func (s *shard) queue(d *destination, b []byte) (first, full, ok bool) {
	first, full, ok = d.add(b)
	if first {
		s.listing.Lock()
		s.list = append(s.list, d)
		s.listing.Unlock()
	}
	return first, full, ok
}

func (s *shard) destination(to netip.AddrPort) *destination {
	s.known.RLock()
	d := s.destinations[to]
	s.known.RUnlock()
	if d != nil {
		return d
	}
	s.known.Lock()
	defer s.known.Unlock()
	if d = s.destinations[to]; d == nil {
		if len(s.destinations) >= s.sweepAt {
			s.sweep()
		}
		d = &destination{name: s.sender.name(to)}
		s.destinations[to] = d
	}
	return d
}

// sweep forgets destinations to which nothing was sent since the last sweep; the caller holds known. It runs when their
// number has doubled, so it costs each new one a little and no time of its own.
func (s *shard) sweep() {
	for to, d := range s.destinations {
		d.mu.Lock()
		if !d.used && d.count == 0 {
			delete(s.destinations, to)
		}
		d.used = false
		d.mu.Unlock()
	}
	s.sweepAt = max(leastSweep, 2*len(s.destinations))
}

// flush sends what waits, or leaves it to the goroutine that is sending.
func (s *shard) flush() {
	s.wanted.Store(true)
	for s.wanted.Load() && s.sending.TryLock() {
		for s.wanted.Swap(false) {
			s.send()
		}
		s.sending.Unlock()
	}
}

// send hands everything on the list to the kernel; the caller holds sending.
func (s *shard) send() {
	s.listing.Lock()
	list := s.list
	s.list, s.spare = s.spare[:0], nil
	s.listing.Unlock()
	for _, d := range list {
		for k := d.take(); k != nil; {
			next := k.next
			s.sender.add(d, k)
			k = next
		}
	}
	s.sender.flush()
	clear(list)
	s.spare = list
}

// again queues a datagram that the kernel did not take; the caller holds sending.
func (s *shard) again(d *destination, b []byte) {
	if _, _, ok := s.queue(d, b); !ok {
		s.conn.dropped.Add(1)
	}
	s.conn.arm()
}

// close waits for the goroutine that is sending and drops the rest.
func (s *shard) close() {
	s.sending.Lock()
	defer s.sending.Unlock()
	s.listing.Lock()
	list := s.list
	s.list = nil
	s.listing.Unlock()
	for _, d := range list {
		for k := d.take(); k != nil; {
			next := k.next
			k.release()
			k = next
		}
	}
}

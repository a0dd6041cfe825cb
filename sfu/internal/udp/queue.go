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

// room is where the next datagram of up to n bytes goes, nil when there is none.
func (k *chunk) room(n int) []byte {
	if k.used+n > chunkSize || k.count == maxRuns {
		return nil
	}
	return k.data[k.used : k.used+n]
}

// commit takes the n bytes that were written there as a datagram.
func (k *chunk) commit(n int) {
	if !k.extend(n) {
		k.runs[k.count] = run{from: k.used, to: k.used + n, size: n, count: 1}
		k.count++
	}
	k.used += n
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

// Destination is the queue of one remote address.
type Destination struct {
	shard *shard
	name  name        // the address as the kernel wants it
	plain atomic.Bool // runs are sent one by one: the path does not take them
	heard atomic.Pointer[func([]byte) bool]

	mu          sync.Mutex // guards the rest
	first, last *chunk
	count       int
	listed      bool // to be sent
	used        bool // since the last sweep
}

// OnControl has the RTCP that comes from this address handed to f, on the reading goroutine, which saves waking others. f
// says whether it was for it; what was not goes to the reader. It must neither keep what it is given nor wait for the
// network. Nil ends it.
func (d *Destination) OnControl(f func(datagram []byte) bool) {
	if f == nil {
		d.heard.Store(nil)
		return
	}
	d.heard.Store(&f)
}

// Begin gives room for a datagram of media of up to n bytes. The caller writes it there and calls End; nil means that it is
// dropped, and End is not to be called. Until then the destination is locked.
func (d *Destination) Begin(n int) []byte {
	b := d.begin(n)
	if b == nil {
		// Whoever is sending has fallen behind; he never waits for the network, so he may be waited for.
		d.shard.sending.Lock()
		d.shard.send()
		d.shard.sending.Unlock()
		if b = d.begin(n); b == nil {
			d.shard.conn.dropped.Add(1)
		}
	}
	return b
}

// begin is Begin with the queue as it is.
func (d *Destination) begin(n int) []byte {
	d.mu.Lock()
	if d.last != nil {
		if b := d.last.room(n); b != nil {
			return b
		}
	}
	if n > chunkSize || d.count == maxChunks || waiting.Load() >= allChunks || d.shard.conn.closed.Load() {
		d.mu.Unlock()
		return nil
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
	return k.room(n)
}

// End queues the datagram, of n bytes by now; 0 gives it up.
func (d *Destination) End(n int) {
	switch first, full := d.end(n); {
	case full:
		d.shard.flush()
	case first:
		d.shard.conn.arm()
	}
}

// end is End without sending. first tells that nothing was waiting, full that it is time to send.
func (d *Destination) end(n int) (first, full bool) {
	if n > 0 {
		d.last.commit(n)
		d.used = true
	}
	first, full = !d.listed, d.count > 1
	d.listed = true
	d.mu.Unlock()
	if first {
		d.shard.listing.Lock()
		d.shard.list = append(d.shard.list, d)
		d.shard.listing.Unlock()
	}
	return first, full
}

// take empties the queue.
func (d *Destination) take() *chunk {
	d.mu.Lock()
	defer d.mu.Unlock()
	k := d.first
	d.first, d.last, d.count, d.listed = nil, nil, 0, false
	return k
}

// shard is a share of the destinations. One goroutine at a time sends for it, so that nothing overtakes.
type shard struct {
	conn   *Conn
	wanted atomic.Bool // somebody flushed

	known        sync.RWMutex // guards destinations
	destinations map[netip.AddrPort]*Destination
	sweepAt      int

	listing sync.Mutex // guards list
	list    []*Destination

	sending sync.Mutex // guards the rest
	spare   []*Destination
	sender  sender
}

const leastSweep = 64

func (s *shard) init(c *Conn, p prepared) {
	s.conn, s.destinations, s.sweepAt = c, map[netip.AddrPort]*Destination{}, leastSweep
	s.sender.init(s, p)
}

// destination finds or makes the queue of an address.
func (s *shard) destination(to netip.AddrPort) *Destination {
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
		d = &Destination{shard: s, name: s.sender.name(to)}
		s.destinations[to] = d
	}
	return d
}

// control hands RTCP to whoever awaits it from an address.
func (s *shard) control(from netip.AddrPort, b []byte) bool {
	s.known.RLock()
	d := s.destinations[from]
	s.known.RUnlock()
	if d == nil {
		return false
	}
	f := d.heard.Load()
	return f != nil && (*f)(b)
}

// sweep forgets destinations to which nothing was sent since the last sweep; the caller holds known. It runs when their
// number has doubled, so it costs each new one a little and no time of its own.
func (s *shard) sweep() {
	for to, d := range s.destinations {
		d.mu.Lock()
		if !d.used && d.count == 0 && d.heard.Load() == nil {
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
func (s *shard) again(d *Destination, b []byte) {
	if room := d.begin(len(b)); room != nil {
		d.end(copy(room, b))
		s.conn.arm()
	} else {
		s.conn.dropped.Add(1)
	}
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

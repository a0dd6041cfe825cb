package sfu

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"

	"lectern/sfu/internal/bwe"
)

// path is what is known of the way to a subscriber.
type path struct {
	estimator  *bwe.Estimator // Sent needs no lock
	negotiated atomic.Bool    // the client gives transport-wide feedback
	repaired   atomic.Uint64  // bytes sent again

	mu       sync.Mutex // guards the rest, and with it the estimator; nothing is locked below it
	fallback bwe.Fallback
	heard    bool    // of packets, by a reception report or an estimate of the client
	probing  bool    // a goroutine sends a probe
	allowed  float64 // bytes that may be sent again
	since    int64   // when allowed was brought up to date
	counted  uint64  // of repaired
	repairs  float64 // bits a second sent again
	measured int64
}

// Retransmissions get half of the bandwidth: more would only push out what they are to complete.
const (
	repairShare = 0.5
	repairBurst = 0.5e9  // nanoseconds of them at once
	leastRepair = 10_000 // bytes at once
	repairsAge  = 0.2    // weight of the last 100 ms
)

// sent notes a packet of so many bytes on its way to the subscriber and gives its transport-wide sequence number.
func (s *subscriber) sent(size int, at int64) (seq uint16) { return s.path.estimator.Sent(size, at) }

// bandwidth is how many bits a second may be spent on this subscriber, repairs left aside. It is asked by the room's
// goroutine, about every 100 ms.
func (s *subscriber) bandwidth(at int64) int {
	p := &s.path
	p.mu.Lock()
	defer p.mu.Unlock()
	p.measureRepairs(at)
	return max(p.estimate(at)-int(p.repairs), 0)
}

// estimate of the path in bits per second; the caller holds mu.
func (p *path) estimate(at int64) int {
	switch {
	case p.negotiated.Load() && (p.estimator.Begun() || !p.heard): // some promise feedback and never send it
		return p.estimator.Estimate(at)
	case p.heard:
		return p.fallback.Estimate(at)
	}
	return math.MaxInt
}

// measureRepairs follows the bit rate of what is sent again.
func (p *path) measureRepairs(at int64) {
	passed := at - p.measured
	if passed < int64(tick)/2 {
		return
	}
	now := p.repaired.Load()
	bits := float64(now-p.counted) * 8 * float64(time.Second) / float64(passed)
	if p.measured == 0 {
		bits = 0
	}
	p.repairs += repairsAge * (bits - p.repairs)
	p.counted, p.measured = now, at
}

// mayRepair tells whether so many bytes may be sent again now, and counts them.
func (s *subscriber) mayRepair(size int, at int64) bool {
	p := &s.path
	p.mu.Lock()
	defer p.mu.Unlock()
	rate := repairShare * min(float64(p.estimate(at)), bwe.Most) / 8e9 // bytes per nanosecond
	p.allowed = min(p.allowed+rate*float64(at-p.since), max(rate*repairBurst, leastRepair))
	p.since = at
	if p.allowed < float64(size) {
		return false
	}
	p.allowed -= float64(size)
	p.repaired.Add(uint64(size))
	return true
}

// wish says how many bits a second the next step up would need in all; 0 means that nothing is wanting.
func (s *subscriber) wish(bits int) {
	s.path.mu.Lock()
	s.path.estimator.Wish(bits)
	s.path.mu.Unlock()
}

// tick is called by the room's goroutine, every 100 ms, with the bits per second that the subscriber's sound takes.
func (s *subscriber) tick(at int64, sound int) {
	s.path.mu.Lock()
	estimate := s.path.estimate(at)
	s.path.mu.Unlock()
	s.pacer.set(estimate/10*9 - sound) // queues must drain
	s.probe(at)
}

// transportFeedback takes a transport-wide feedback message.
func (p *path) transportFeedback(b []byte, at int64) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.estimator.Feedback(b, at)
}

// received takes the share of packets lost, from a reception report on an outgoing stream.
func (p *path) received(share float64, at int64) {
	p.mu.Lock()
	p.heard = true
	p.fallback.Reported(share, at)
	p.mu.Unlock()
}

// remb takes a client's own estimate.
func (p *path) remb(r *rtcp.ReceiverEstimatedMaximumBitrate, at int64) {
	p.mu.Lock()
	p.heard = true
	p.fallback.REMB(r.Bitrate, at)
	p.mu.Unlock()
}

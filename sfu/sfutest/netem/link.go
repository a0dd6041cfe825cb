// Package netem is a bad network for tests: a UDP proxy between a client and the media port whose delays, losses and
// limits are chosen by a seed, so that a test that fails fails again.
package netem

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Conditions are what one direction does to datagrams. The zero value passes everything on at once.
type Conditions struct {
	Delay     time.Duration // on the way, at least
	Jitter    time.Duration // added to Delay, evenly spread from 0; the order is kept
	Loss      float64       // share that disappears, 0 to 1
	Duplicate float64       // share that comes twice
	Reorder   float64       // share that is held back so that later ones overtake
	HoldBack  time.Duration // by so much; 0 means 20 ms
	Rate      int           // bits per second, IP and UDP headers included; 0 is unlimited
	Queue     int           // bytes that may wait for the rate, beyond that the newest is dropped; 0 means 300 ms of it
}

const (
	overhead        = 28 // bytes of IPv4 and UDP header
	defaultHoldBack = 20 * time.Millisecond
	defaultQueue    = 300 * time.Millisecond
	leastQueue      = 3000 // bytes
)

// check refuses what makes no sense.
func (c Conditions) check() error {
	for name, share := range map[string]float64{"loss": c.Loss, "duplicate": c.Duplicate, "reorder": c.Reorder} {
		if !(share >= 0 && share <= 1) {
			return fmt.Errorf("netem: %s %v is not a share between 0 and 1", name, share)
		}
	}
	if c.Delay < 0 || c.Jitter < 0 || c.HoldBack < 0 || c.Rate < 0 || c.Queue < 0 {
		return errors.New("netem: durations, rate and queue are not negative")
	}
	return nil
}

// queue is the size of the waiting room, in bytes.
func (c Conditions) queue() int {
	if c.Queue > 0 {
		return c.Queue
	}
	return max(int(int64(c.Rate)*int64(defaultQueue)/int64(8*time.Second)), leastQueue)
}

// UnmarshalJSON reads durations as milliseconds and the rate as bits per second: {"delay": 40, "loss": 0.05, "rate":
// 300000}.
func (c *Conditions) UnmarshalJSON(b []byte) error {
	var in struct {
		Delay, Jitter, HoldBack  float64
		Loss, Duplicate, Reorder float64
		Rate, Queue              int
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	ms := func(v float64) time.Duration { return time.Duration(v * float64(time.Millisecond)) }
	*c = Conditions{
		Delay: ms(in.Delay), Jitter: ms(in.Jitter), HoldBack: ms(in.HoldBack),
		Loss: in.Loss, Duplicate: in.Duplicate, Reorder: in.Reorder, Rate: in.Rate, Queue: in.Queue,
	}
	return c.check()
}

// Stats count what a direction did, in datagrams.
type Stats struct {
	Passed, Lost, Overflowed, Duplicated, Reordered int
	Bytes                                           int // passed, with headers
}

// Link decides about the datagrams of one direction. It is pure: time comes in, in nanoseconds, and the same seed and
// the same calls give the same answers. The n-th datagram meets the n-th draw whatever the conditions are.
type Link struct {
	conditions Conditions
	random     *rand.Rand
	stats      Stats
	free       int64 // when the last queued datagram has been sent
	last       int64 // when the last one in order arrives
}

// NewLink begins with the given conditions.
func NewLink(seed uint64, c Conditions) *Link {
	return &Link{conditions: c, random: rand.New(rand.NewPCG(seed, 0x6c65637465726e))}
}

// Set changes the conditions; what is on its way arrives as decided before.
func (l *Link) Set(c Conditions) { l.conditions = c }

// Stats so far.
func (l *Link) Stats() Stats { return l.stats }

// Send takes a datagram of so many bytes and tells when it arrives, never before at: not at all, once or twice.
func (l *Link) Send(size int, at int64) (arrivals [2]int64, n int) {
	c := &l.conditions
	lost, twice, held, jitter := l.random.Float64(), l.random.Float64(), l.random.Float64(), l.random.Float64()
	size += overhead
	if lost < c.Loss {
		l.stats.Lost++
		return arrivals, 0
	}
	leaves := at
	if c.Rate > 0 {
		waiting := max(l.free-at, 0)
		if int(waiting*int64(c.Rate)/int64(8*time.Second))+size > c.queue() {
			l.stats.Overflowed++
			return arrivals, 0
		}
		leaves = at + waiting + int64(size)*8*int64(time.Second)/int64(c.Rate)
		l.free = leaves
	}
	arrival := leaves + int64(c.Delay) + int64(jitter*float64(c.Jitter))
	if held < c.Reorder {
		l.stats.Reordered++
		arrival = max(arrival, l.last) + int64(max(c.HoldBack, 0))
		if c.HoldBack == 0 {
			arrival += int64(defaultHoldBack)
		}
	} else {
		arrival = max(arrival, l.last)
		l.last = arrival
	}
	l.stats.Passed++
	l.stats.Bytes += size
	arrivals[0], n = arrival, 1
	if twice < c.Duplicate {
		l.stats.Duplicated++
		arrivals[1], n = arrival, 2
	}
	return arrivals, n
}

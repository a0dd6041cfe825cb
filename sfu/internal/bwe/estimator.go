// Package bwe estimates how many bits a second the path to one receiver carries, from the receiver's transport-wide
// feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): delays that grow lower the estimate before anything is
// lost (draft-ietf-rmcat-gcc-02), losses beyond those of a bad radio link lower it too, and probes raise it beyond what
// is being sent. All of it is pure: time comes in, in nanoseconds of one monotonic clock, and nothing is allocated.
package bwe

import "math"

// Limits of an estimate, in bits per second.
const (
	Least   = 50_000
	Most    = 200_000_000
	Initial = 3_000_000
)

// Overhead is what a packet needs beside its RTP bytes: the SRTP tag and the headers of UDP and IPv4, in bytes.
const Overhead = 16 + 8 + 20

const (
	decrease       = 0.85   // of what arrived, when a queue grows
	growth         = 0.08   // per second
	limitFactor    = 1.5    // of what arrives; growth stops there, as nothing proves more
	limitOffset    = 10e3   // bits per second
	lossPause      = 300e6  // ns between two decreases for losses
	delayPause     = 200e6  // ns between two for a queue, at most
	shortQueue     = 25_000 // µs that packets may wait: what grew to no more, or is over, was a stumble
	creep          = 0.02   // per second: how fast growth goes on where the path was full before
	silenceBegins  = 1e9    // ns without feedback for what was sent
	silencePackets = 5      // of them
	staleUsage     = 500e6  // ns after which a queue that was reported counts as drained
	steadyPause    = 1e9    // ns after a decrease without probes
	longestStep    = 1e9    // ns between two messages that growth counts
)

// Estimator belongs to one receiver. Sent may be called by many goroutines at any time; the other methods one at a time.
type Estimator struct {
	history history
	rate    float64

	trend  trend
	acked  acked
	loss   losses
	prober prober

	ceiling float64 // bits per second that the path could not carry lately; 0: unknown

	refer     int64 // reference time of the last message, unwrapped, in its unit
	referKnew bool

	begun     bool
	updatedAt int64  // ns, of the last message
	lowered   int64  // when the estimate was last lowered
	highest   uint32 // number of the newest packet reported
	rtt       int64  // ns, of the last message: the round trip with the receiver's waiting
	probeDone bool   // the message ended a probe's reports
}

// New is ready for use.
func New() *Estimator { return &Estimator{rate: Initial} }

// Sent notes a packet of so many bytes, RTP header included, sent at a time, and gives its transport-wide sequence number.
func (e *Estimator) Sent(size int, at int64) uint16 { return e.history.add(size+Overhead, at/1000) }

// Feedback takes a transport-wide feedback message, RTCP header included. After an error the estimate is still good:
// what could be read was used.
func (e *Estimator) Feedback(b []byte, at int64) error {
	var f feedback
	if err := f.parse(b); err != nil {
		return err
	}
	if e.begun && e.silent(at) {
		e.resume(at)
	}
	e.loss.age(at)
	base := e.reference(f.refer) * referTicks
	received := 0
	for {
		seq, elapsed, arrived, ok := f.next()
		if !ok {
			break
		}
		number := e.history.number(seq)
		s, known := e.history.get(number)
		if !known {
			continue
		}
		if !arrived {
			e.missing(s)
			continue
		}
		e.arrived(s, base+elapsed, at)
		received++
	}
	if received > 0 {
		e.update(at)
	}
	if f.left > 0 {
		return ErrFeedback
	}
	return nil
}

// reference unwraps the 24 bits of the reference time.
func (e *Estimator) reference(refer uint32) int64 {
	if !e.referKnew {
		e.refer, e.referKnew = int64(refer), true
		return e.refer
	}
	step := int32(refer-uint32(e.refer)) << 8 >> 8
	e.refer += int64(step)
	return e.refer
}

// missing notes a packet that is reported as not received, so far.
func (e *Estimator) missing(s sent) {
	if s.lost {
		return
	}
	e.history.markLost(s)
	if s.at*1000 > e.lowered { // what was lost before is the reason for what was done
		e.loss.lost++
		e.loss.all++
	}
	e.reported(s.number)
}

// arrived notes a packet with its arrival in µs of the receiver's clock.
func (e *Estimator) arrived(s sent, arrival, at int64) {
	e.history.forget(s)
	switch {
	case s.lost: // it was only late
		e.loss.lost = max(e.loss.lost-1, 0)
	case s.at*1000 > e.lowered:
		e.loss.all++
	}
	e.rtt = max(at-s.at*1000, 0)
	e.acked.add(s.size, arrival)
	if e.prober.has(s.number) {
		e.prober.arrived(s, arrival) // its queue is on purpose
	} else {
		e.trend.add(s.at, arrival)
	}
	e.reported(s.number)
}

// reported follows the newest packet that the receiver knows of.
func (e *Estimator) reported(n uint32) {
	if !e.begun || int32(n-e.highest) > 0 {
		e.highest = n
	}
	e.begun = true
	if p := &e.prober; p.state == probeSent && int32(n-p.last) >= 0 {
		e.probeDone = true
	}
}

// update moves the estimate after a message.
func (e *Estimator) update(at int64) {
	passed := min(max(at-e.updatedAt, 0), longestStep)
	e.updatedAt = at
	if e.probeDone {
		e.probeDone = false
		e.conclude(at)
	}
	arriving, known := e.acked.rate()
	if !known {
		return
	}
	share, sure := e.loss.share()
	switch {
	case e.trend.usage == usageOver && e.trend.queue() > shortQueue:
		e.congested(arriving, at)
	case sure > lossTolerated:
		e.lossy(arriving, share, at)
	case e.trend.usage == usageNormal:
		e.grow(arriving, share, float64(passed)/1e9)
	}
}

// congested lowers the estimate to what drains the queue.
func (e *Estimator) congested(arriving float64, at int64) {
	if at-e.lowered >= min(e.rtt, delayPause) || arriving < e.rate/2 {
		e.ceiling = arriving
		e.lower(decrease*arriving, at)
	}
}

// lossy lowers the estimate in proportion to the losses, not below what arrives.
func (e *Estimator) lossy(arriving, share float64, at int64) {
	if at-e.lowered >= lossPause {
		e.ceiling = arriving
		e.lower(max(arriving, e.rate*(1-share/2)), at)
	}
}

func (e *Estimator) lower(rate float64, at int64) {
	if rate < e.rate {
		e.set(rate)
		e.lowered, e.loss = at, losses{at: at}
		e.prober.disproved(at)
	}
}

// grow raises the estimate: by a share of itself, more slowly where the path was full before and with losses, and never
// far beyond what arrives, as that proves no more.
func (e *Estimator) grow(arriving, share, seconds float64) {
	most := limitFactor*arriving + limitOffset
	if arriving > 1.1*e.ceiling { // it was another flow that filled the path
		e.ceiling = 0
	}
	if e.ceiling > 0 {
		most = min(most, max(e.ceiling, e.rate*(1+creep*seconds)))
	}
	if e.rate < most {
		e.set(min(e.rate*(1+growth*seconds*max(1-share/lossTolerated, 0)), most))
	}
}

func (e *Estimator) set(rate float64) {
	if !(rate >= Least) { // NaN too
		rate = Least
	}
	e.rate = min(rate, Most)
}

// silent tells whether several packets were sent long ago of which nothing was heard. One says little: the receiver
// reports a loss only when something comes after it.
func (e *Estimator) silent(at int64) bool {
	unheard := e.history.next.Load() - 1 - e.highest
	return unheard >= silencePackets && at-e.updatedAt > silenceBegins && at-e.firstUnheard() > silenceBegins
}

// firstUnheard is when the oldest packet after those reported was sent, or the oldest that is remembered.
func (e *Estimator) firstUnheard() int64 {
	next := e.history.next.Load()
	n := e.highest + 1
	if next-n > historySize {
		n = next - historySize
	}
	if s, ok := e.history.get(n); ok {
		return s.at * 1000
	}
	return e.updatedAt
}

// resume begins again after a silence: what was lost meanwhile says nothing about the rate.
func (e *Estimator) resume(at int64) {
	e.set(float64(e.Estimate(at)))
	e.trend.reset()
	e.loss, e.acked = losses{at: at}, acked{}
	e.lowered = at
	next := e.history.next.Load()
	for n := max(int64(next)-historySize, 0); n < int64(next); n++ {
		if s, ok := e.history.get(uint32(n)); ok && !s.lost {
			e.history.markLost(s)
		}
	}
	if e.prober.state != probeNone {
		e.prober.finish(false, at)
	}
	e.updatedAt = at
}

// Estimate is how many bits a second the path carries, between Least and Most. While nothing is heard it falls.
func (e *Estimator) Estimate(at int64) int {
	rate := e.rate
	if e.begun && e.silent(at) {
		silence := float64(at-max(e.firstUnheard(), e.updatedAt)-silenceBegins) / 1e9
		rate *= math.Exp2(-min(silence, 30))
	}
	return int(max(rate, Least))
}

// Begun tells whether any feedback has come.
func (e *Estimator) Begun() bool { return e.begun }

// Wish says which estimate would be of use, in bits per second; 0 or one that is reached already: no probes.
func (e *Estimator) Wish(bits int) { e.prober.wish = float64(min(max(bits, 0), Most)) }

// Probe tells whether a probe should begin now; the caller then sends it and calls Probed.
func (e *Estimator) Probe(at int64) (Probe, bool) {
	p := &e.prober
	if p.state == probeSent && at > p.until {
		p.finish(false, at)
	}
	congested := e.trend.usage == usageOver && at-e.updatedAt < staleUsage
	if !e.begun || e.lowered != 0 && at-e.lowered < steadyPause || congested {
		return Probe{}, false
	}
	rate := float64(e.Estimate(at)) // in a silence, in which only probes may be left, from far below
	target := min(p.target(rate, at), Most)
	if target <= rate {
		return Probe{}, false
	}
	p.begin(e.history.next.Load(), target, at)
	return Probe{Rate: int(target), Duration: probeTime}, true
}

// ProbeSent is how many bytes were sent since the probe began, overhead included.
func (e *Estimator) ProbeSent() int {
	total := 0
	for n, next := e.prober.first, e.history.next.Load(); n != next; n++ {
		if s, ok := e.history.get(n); ok {
			total += s.size
		}
	}
	return total
}

// Probed says that the probe has been sent.
func (e *Estimator) Probed(at int64) {
	if p := &e.prober; p.state == probeSending {
		p.state, p.last, p.until = probeSent, e.history.next.Load()-1, at+probeWait
	}
}

// conclude reads what came of a probe, unless the path has changed meanwhile.
func (e *Estimator) conclude(at int64) {
	p := &e.prober
	rate, whole := p.proved()
	e.trend.reset()
	if p.begun < e.lowered {
		p.finish(false, at)
		return
	}
	switch {
	case whole && rate > e.ceiling:
		e.ceiling = 0
	case rate > 0 && !whole:
		e.ceiling = max(rate, e.rate)
	}
	if rate > e.rate {
		e.set(min(rate, p.rate*1.05))
		p.raised = at
	}
	p.finish(whole && rate >= 0.8*p.rate, at)
}

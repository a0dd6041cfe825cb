package bwe

// Probe is a burst to be sent evenly: everything that is sent meanwhile counts, padding fills it up to the rate.
type Probe struct {
	Rate     int   // bits per second
	Duration int64 // nanoseconds
}

const (
	probeTime    = 120e6 // ns
	probePackets = 5
	probeWait    = 1e9   // ns that its feedback may take
	probePause   = 50e6  // ns after one that succeeded
	probeBackoff = 500e6 // ns after one that failed, doubled each time
	probeSeldom  = 3e9   // ns, at most
	probeHolds   = 5e9   // ns that an estimate should hold which a probe has raised
	probeProved  = 0.85  // of the rate sent must arrive
	probeStep    = 2.0   // times the estimate, at most
	probeCareful = 1.5   // after one that failed
	probeRoom    = 1.1   // above what is wished for
)

// prober decides when to probe and reads what came of it.
type prober struct {
	wish    float64 // bits per second
	after   int64   // ns, no probe before
	backoff int64   // ns; 0: the last one succeeded
	raised  int64   // ns, when one last raised the estimate

	state       probeState
	begun       int64   // ns
	first, last uint32  // unwrapped numbers
	rate        float64 // aimed at
	until       int64   // ns, feedback is waited for

	packets, bytes            int
	firstSent, lastSent       int64 // µs
	firstArrival, lastArrival int64
	firstSize, lastSize       int // of the first to arrive, and the last to be sent
	lastNumber                uint32
}

type probeState uint8

const (
	probeNone probeState = iota
	probeSending
	probeSent
)

// target is the rate of the next probe, 0 if none is due.
func (p *prober) target(rate float64, at int64) float64 {
	if p.state != probeNone || at < p.after || p.wish <= rate {
		return 0
	}
	step := probeStep
	if p.backoff > 0 {
		step = probeCareful
	}
	return min(max(p.wish*probeRoom, rate*probeRoom), rate*step)
}

// begin takes the number of the first packet of a probe.
func (p *prober) begin(first uint32, rate float64, at int64) {
	*p = prober{
		wish: p.wish, after: p.after, backoff: p.backoff, raised: p.raised,
		state: probeSending, begun: at, first: first, rate: rate,
	}
}

// has tells whether a packet belongs to the probe.
func (p *prober) has(n uint32) bool {
	switch p.state {
	case probeSending:
		return int32(n-p.first) >= 0
	case probeSent:
		return int32(n-p.first) >= 0 && int32(p.last-n) >= 0
	}
	return false
}

// arrived takes one of its packets.
func (p *prober) arrived(s sent, arrival int64) {
	if p.packets == 0 || s.at < p.firstSent {
		p.firstSent = s.at
	}
	if p.packets == 0 || arrival < p.firstArrival {
		p.firstArrival, p.firstSize = arrival, s.size
	}
	if p.packets == 0 || arrival > p.lastArrival {
		p.lastArrival = arrival
	}
	if p.packets == 0 || s.at >= p.lastSent {
		p.lastSent, p.lastSize = s.at, s.size
	}
	p.packets++
	p.bytes += s.size
	p.lastNumber = s.number
}

// proved is the rate in bits per second that arrived, and whether all that was sent did so in time.
func (p *prober) proved() (rate float64, whole bool) {
	sending, arriving := p.lastSent-p.firstSent, p.lastArrival-p.firstArrival
	if p.packets < probePackets || sending <= 0 || arriving <= 0 {
		return 0, false
	}
	out := float64(p.bytes-p.lastSize) * 8e6 / float64(sending)
	in := float64(p.bytes-p.firstSize) * 8e6 / float64(arriving)
	if in < probeProved*out {
		return 0.95 * in, false
	}
	return min(in, out), true
}

// finish ends the probe and says when the next may come.
func (p *prober) finish(success bool, at int64) {
	p.state = probeNone
	if success {
		p.backoff, p.after = 0, at+probePause
	} else {
		p.retreat(at)
	}
}

func (p *prober) retreat(at int64) {
	p.backoff = min(max(2*p.backoff, probeBackoff), probeSeldom)
	p.after = at + p.backoff
}

// disproved says that the estimate had to be lowered. If a probe has raised it just before, it was a burst that the path
// could carry and not a stream.
func (p *prober) disproved(at int64) {
	if p.raised != 0 && at-p.raised < probeHolds {
		p.retreat(at)
	}
}

package bwe

// usage is what the delays say about the bottleneck's queue.
type usage uint8

const (
	usageNormal usage = iota
	usageOver         // it grows
	usageUnder        // it drains
)

// Numbers of the delay-based controller (draft-ietf-rmcat-gcc-02, section 5, with the trend line that browsers have used
// since instead of the Kalman filter).
const (
	burstTime     = 5_000   // µs; what is sent within this time is one group
	burstLongest  = 100_000 // µs
	trendPoints   = 20
	smoothing     = 0.9
	trendGain     = 4.0
	trendMost     = 60 // groups; with fewer the trend counts for less
	overuseTime   = 10.0
	thresholdLow  = 6.0
	thresholdHigh = 600.0
	thresholdUp   = 0.0087
	thresholdDown = 0.039
	outlier       = 15.0
	clockJump     = 3_000_000  // µs between two groups; more is a pause, or nonsense
	fastestFor    = 10_000_000 // µs; the fastest packet is remembered for this long, and once more
)

// group is a burst of packets.
type group struct {
	firstSent, lastSent, firstArrival, lastArrival int64 // µs
}

// trend follows how the delay between groups develops.
type trend struct {
	current, previous       group
	hasCurrent, hasPrevious bool

	base        int64 // arrival of the first group, µs
	accumulated float64
	smoothed    float64
	points      [trendPoints]struct{ at, delay float64 } // ms
	count       int                                      // groups so far

	threshold float64 // 0: not begun
	updatedAt float64
	slope     float64
	over      float64 // ms of overuse so far
	times     int
	usage     usage

	fastest fastest
}

// fastest remembers the least delay of the last ten to twenty seconds, up to the unknown distance of the two clocks.
type fastest struct {
	known            bool
	now, before, all int64 // µs: of the present period, of the one before, of both
	began            int64 // µs, by the sender's clock
}

func (f *fastest) add(delay, at int64) {
	switch {
	case !f.known || at < f.began:
		*f = fastest{true, delay, delay, delay, at}
	case at-f.began > fastestFor:
		f.before, f.now, f.began = f.now, delay, at
	default:
		f.now = min(f.now, delay)
	}
	f.all = min(f.now, f.before)
}

// reset forgets the past but keeps what describes the path.
func (t *trend) reset() { *t = trend{threshold: t.threshold, fastest: t.fastest} }

// queue is how much longer than the fastest the last packets took, in µs.
func (t *trend) queue() int64 {
	if !t.hasCurrent {
		return 0
	}
	return t.current.lastArrival - t.current.lastSent - t.fastest.all
}

// add takes a packet that arrived; times in µs, of two clocks.
func (t *trend) add(sentAt, arrival int64) {
	t.fastest.add(arrival-sentAt, sentAt)
	switch {
	case !t.hasCurrent:
		t.begin(sentAt, arrival)
	case sentAt < t.current.firstSent: // overtaken
	case t.sameGroup(sentAt, arrival):
		t.current.lastSent = max(t.current.lastSent, sentAt)
		t.current.lastArrival = max(t.current.lastArrival, arrival)
	default:
		if t.hasPrevious {
			t.compare()
		}
		t.previous, t.hasPrevious = t.current, true
		t.begin(sentAt, arrival)
	}
}

func (t *trend) begin(sentAt, arrival int64) {
	t.current, t.hasCurrent = group{sentAt, sentAt, arrival, arrival}, true
}

// sameGroup tells whether a packet was sent with the group, or has caught up with it in a queue.
func (t *trend) sameGroup(sentAt, arrival int64) bool {
	if sentAt-t.current.firstSent <= burstTime {
		return true
	}
	later := arrival - t.current.lastArrival
	return later-(sentAt-t.current.lastSent) < 0 && later <= burstTime && arrival-t.current.firstArrival < burstLongest
}

// compare takes the delay between the two groups into the line.
func (t *trend) compare() {
	between := t.current.lastSent - t.previous.lastSent
	arrived := t.current.lastArrival - t.previous.lastArrival
	if between > clockJump || arrived > clockJump || arrived < -clockJump {
		*t = trend{threshold: t.threshold, current: t.current, hasCurrent: true}
		return
	}
	if arrived < 0 { // groups overtook each other
		return
	}
	if t.count == 0 {
		t.base = t.current.lastArrival
	}
	at := float64(t.current.lastArrival-t.base) / 1000
	t.accumulated += float64(arrived-between) / 1000
	t.smoothed = smoothing*t.smoothed + (1-smoothing)*t.accumulated
	t.points[t.count%trendPoints].at, t.points[t.count%trendPoints].delay = at, t.smoothed
	t.count++
	slope := t.slope
	if t.count >= trendPoints {
		slope = t.line()
	}
	t.judge(slope, float64(between)/1000, at)
}

// line is the slope of the points by least squares.
func (t *trend) line() float64 {
	var meanAt, meanDelay float64
	for _, p := range t.points {
		meanAt += p.at
		meanDelay += p.delay
	}
	meanAt /= trendPoints
	meanDelay /= trendPoints
	var above, below float64
	for _, p := range t.points {
		above += (p.at - meanAt) * (p.delay - meanDelay)
		below += (p.at - meanAt) * (p.at - meanAt)
	}
	if below == 0 {
		return t.slope
	}
	return above / below
}

// judge compares the slope with the threshold; between is the time between the groups at the sender, at the arrival, in ms.
func (t *trend) judge(slope, between, at float64) {
	if t.threshold == 0 {
		t.threshold = 12.5
	}
	if t.count < 2 {
		return
	}
	value := float64(min(t.count, trendMost)) * slope * trendGain
	switch {
	case value > t.threshold:
		if t.times == 0 {
			t.over = between / 2
		} else {
			t.over += between
		}
		t.times++
		if t.over > overuseTime && t.times > 1 && slope >= t.slope {
			t.over, t.times, t.usage = 0, 0, usageOver
		}
	case value < -t.threshold:
		t.over, t.times, t.usage = 0, 0, usageUnder
	default:
		t.over, t.times, t.usage = 0, 0, usageNormal
	}
	t.slope = slope
	t.adapt(max(value, -value), at)
}

// adapt lets the threshold follow the usual noise, so that the path's jitter is not taken for a queue, and other flows,
// which fill queues on purpose, do not starve this one.
func (t *trend) adapt(value, at float64) {
	passed := min(max(at-t.updatedAt, 0), 100)
	t.updatedAt = at
	if value > t.threshold+outlier {
		return
	}
	speed := thresholdUp
	if value < t.threshold {
		speed = thresholdDown
	}
	t.threshold += speed * (value - t.threshold) * passed
	t.threshold = min(max(t.threshold, thresholdLow), thresholdHigh)
}

package sfu

import (
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// Quality is how well a participant's connections carry sound and pictures.
type Quality string

// The qualities, best first.
const (
	Good Quality = "good"
	Fair Quality = "fair"
	Poor Quality = "poor"
	Lost Quality = "lost"
)

var qualities = [...]Quality{Good, Fair, Poor, Lost}

// Bounds of the first three: a share of lost packets, a round trip, and a jitter. Jitter spoils a voice, but nobody is cut off by it.
var (
	mostLoss      = [...]float64{0.05, 0.10, 0.20}
	mostRoundTrip = [...]time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}
	mostJitter    = [...]time.Duration{10 * time.Millisecond, 20 * time.Millisecond}
)

// condition is what was found of a participant's connections.
type condition struct {
	loss        float64 // share of lost packets; below 0: nothing is known
	rtt, jitter time.Duration
}

const (
	qualityEvery   = 20  // ticks
	leastJudged    = 20  // packets, of which something can be said
	riseAfter      = 3   // judgements in a row that are better
	riseMargin     = 0.8 // of the bounds, which they must keep
	reportsGoStale = int64(5 * time.Second)
)

// rating is the quality of one participant: it falls at once and rises slowly, one step at a time.
type rating struct {
	grade  int // index in qualities
	better int // judgements in a row
	jitter time.Duration
}

// judge takes what was found, and reports a change. Jitter counts that was there the last time, too: a page that stumbles once, as
// when it opens a camera, has no bad line.
func (r *rating) judge(c condition, connected bool) (changed bool) {
	c.jitter, r.jitter = min(c.jitter, r.jitter), c.jitter
	grade := c.grade(1)
	if !connected {
		grade = len(qualities) - 1
	}
	switch {
	case grade > r.grade:
		r.grade, r.better = grade, 0
		return true
	case c.grade(riseMargin) >= r.grade || !connected:
		r.better = 0
		return false
	}
	if r.better++; r.better < riseAfter {
		return false
	}
	r.better = 0
	r.grade--
	return true
}

// grade is an index in qualities, by so large a share of the bounds.
func (c condition) grade(share float64) (grade int) {
	for i := range mostLoss {
		if c.loss >= mostLoss[i]*share || float64(c.rtt) >= float64(mostRoundTrip[i])*share {
			grade = i + 1
		}
	}
	for i := range mostJitter {
		if float64(c.jitter) >= float64(mostJitter[i])*share {
			grade = max(grade, i+1)
		}
	}
	return grade
}

// lossCount is a sum of packets that were expected and of those that did not come.
type lossCount struct{ expected, lost int64 }

func (c *lossCount) add(o lossCount) {
	c.expected += o.expected
	c.lost += o.lost
}

// share of the lost, below 0 when there is too little to say.
func (c lossCount) share() float64 {
	if c.expected < leastJudged {
		return -1
	}
	return float64(max(c.lost, 0)) / float64(c.expected)
}

// without takes a share of the expected packets from the lost.
func (c lossCount) without(share float64) lossCount {
	if share > 0 && c.lost > 0 {
		c.lost = max(c.lost-int64(share*float64(c.expected)+0.5), 0)
	}
	return c
}

// reception is what a subscriber reports of one outgoing stream (RFC 3550, section 6.4.1). The mutex of its downTrack
// guards it.
type reception struct {
	at            int64 // of the last report, 0: none yet
	fraction      float64
	jitter        uint32 // timestamp units
	lost, highest uint32
	all, judged   lossCount // since the beginning, and of that what rateConnections has seen
}

func (r *reception) note(report rtcp.ReceptionReport, at int64) {
	if r.at != 0 {
		expected := int64(int32(report.LastSequenceNumber - r.highest))
		if lost := int64(int32((report.TotalLost-r.lost)<<8) >> 8); expected > 0 { // 24 bits, and repairs take away
			r.all.add(lossCount{expected, min(lost, expected)})
		}
	}
	r.at, r.fraction, r.jitter = at, float64(report.FractionLost)/256, report.Jitter
	r.lost, r.highest = report.TotalLost, report.LastSequenceNumber
}

// take gives the loss since the last call.
func (r *reception) take() lossCount {
	news := lossCount{r.all.expected - r.judged.expected, r.all.lost - r.judged.lost}
	r.judged = r.all
	return news
}

// rateConnections judges how everybody is connected, and tells those for whom it has changed. It runs in the room's
// goroutine.
func (r *room) rateConnections(peers []*peer, receivers []*receiver, at int64) {
	up, missing, uneven := map[*peer]lossCount{}, map[*receiver]float64{}, map[*peer]time.Duration{}
	for _, rec := range receivers {
		var count lossCount
		for _, l := range rec.encodings() {
			count.add(l.takeLoss())
		}
		missing[rec] = count.share()
		count.add(up[rec.peer])
		up[rec.peer] = count
		uneven[rec.peer] = max(uneven[rec.peer], rec.jitter(at))
	}
	for _, p := range peers {
		down, rtt := p.sub.takeLoss(missing, at)
		found := condition{max(up[p].share(), down.share()), rtt, max(uneven[p], p.sub.jitter(at))}
		if share := down.share(); share >= 0 {
			p.metrics().loss.Observe(share)
		}
		if rtt > 0 {
			p.metrics().rtt.Observe(rtt.Seconds())
		}
		if p.rating.judge(found, !p.live.lost()) {
			q := qualities[p.rating.grade]
			p.graded.Store(int32(p.rating.grade))
			p.out.send(func(s Signals) { s.Quality(q) })
		}
	}
}

// takeLoss sums the loss of all outgoing tracks since the last call, and gives the longest round trip. Of what already was
// missing when it came here, shares by track, nobody who receives it is to blame.
func (s *subscriber) takeLoss(missing map[*receiver]float64, at int64) (count lossCount, rtt time.Duration) {
	for _, d := range s.list() {
		d.mu.Lock()
		count.add(d.stream.reception.take().without(missing[d.receiver()]))
		if d.stream.reception.at > at-reportsGoStale {
			rtt = max(rtt, time.Duration(d.stream.rtt))
		}
		d.mu.Unlock()
	}
	return count, rtt
}

// jitter of a sound on the way from its publisher, 0 when none comes.
func (r *receiver) jitter(at int64) time.Duration {
	l := r.first()
	if r.kind != webrtc.RTPCodecTypeAudio || l == nil || l.heard.Load() <= at-reportsGoStale {
		return 0
	}
	return time.Duration(l.jitter.mean.Load())
}

// jitter of the way to the subscriber: what the steadiest of the sounds shows beyond that with which it came here.
func (s *subscriber) jitter(at int64) time.Duration {
	least := time.Duration(-1)
	for _, d := range s.list() {
		if d.Kind() != webrtc.RTPCodecTypeAudio {
			continue
		}
		d.mu.Lock()
		reported, fresh := time.Duration(d.stream.reception.jitter)*time.Second/soundClock, d.stream.reception.at > at-reportsGoStale
		d.mu.Unlock()
		if own := max(reported-d.receiver().jitter(at), 0); fresh && (least < 0 || own < least) {
			least = own
		}
	}
	return max(least, 0)
}

// takeLoss gives the loss on the way from the publisher since the last call, after repair.
func (l *layer) takeLoss() lossCount {
	all := l.allLoss()
	news := lossCount{all.expected - l.judged.expected, all.lost - l.judged.lost}
	l.judged = all
	return news
}

// allLoss is the same since the beginning.
func (l *layer) allLoss() lossCount {
	expected := l.spanned.Load()
	return lossCount{expected, expected - l.different.Load()}
}

// lost tells whether media had been connected and no longer is.
func (l *liveness) lost() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told && !l.connected
}

// alive tells whether media can flow.
func (l *liveness) alive() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.connected
}

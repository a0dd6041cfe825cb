package services

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// "I am lost": the width of a bucket in seconds of the item, how often one participant counts, and how many buckets of a
// meeting may have taps at most.
const (
	lostBucket  = 5
	lostEvery   = 5 * time.Second
	maxLostSpot = 5000
)

// lostCurves are the taps of a meeting by item and bucket. tapped is only for the pace of each participant, and neither
// stored nor told; Playback.mu guards all.
type lostCurves struct {
	counts map[string]map[int]int
	spots  int
	tapped map[string]time.Time
	paces  map[string]*pace // of telling, by item
}

func readLost(rows []models.LostTap) lostCurves {
	l := lostCurves{counts: map[string]map[int]int{}, tapped: map[string]time.Time{}, paces: map[string]*pace{}}
	for _, r := range rows {
		l.add(r.ItemKey, r.Bucket, r.N)
	}
	return l
}

func (l *lostCurves) add(key string, bucket, n int) {
	if l.counts[key] == nil {
		l.counts[key] = map[int]int{}
		l.paces[key] = &pace{}
	}
	if l.counts[key][bucket] == 0 {
		l.spots++
	}
	l.counts[key][bucket] += n
}

// tap tells whether a participant's tap counts now.
func (l *lostCurves) tap(participantID string, now time.Time) bool {
	if now.Sub(l.tapped[participantID]) < lostEvery || l.spots >= maxLostSpot {
		return false
	}
	for other, at := range l.tapped { // few: those who tapped within the last seconds
		if now.Sub(at) >= lostEvery {
			delete(l.tapped, other)
		}
	}
	l.tapped[participantID] = now
	return true
}

func (l *lostCurves) curve(meetingID, key string) wire.LostCurve {
	c := wire.LostCurve{MeetingID: meetingID, Key: key, BucketS: lostBucket, Buckets: []wire.LostCount{}}
	for bucket, n := range l.counts[key] {
		c.Buckets = append(c.Buckets, wire.LostCount{T: bucket * lostBucket, N: n})
	}
	slices.SortFunc(c.Buckets, func(a, b wire.LostCount) int { return cmp.Compare(a.T, b.T) })
	return c
}

func (l lostCurves) wire(meetingID string) []wire.LostCurve {
	curves := []wire.LostCurve{}
	for _, key := range slices.Sorted(maps.Keys(l.counts)) {
		curves = append(curves, l.curve(meetingID, key))
	}
	return curves
}

func (l *lostCurves) stop() {
	for _, pace := range l.paces {
		pace.stop()
	}
}

// Lost counts that somebody in a meeting is lost. Who it is goes no further than this function.
func (p *Playback) Lost(ctx context.Context, participantID, meetingID string, cmd wire.PlaybackLost) error {
	st, err := p.stageOf(meetingID)
	if err != nil {
		return err
	}
	m, err := p.moment(st, cmd.Key, cmd.Pos)
	if err != nil {
		return err
	}
	p.mu.Lock()
	counts := st.lost.tap(participantID, p.Clock.Now())
	p.mu.Unlock()
	if !counts {
		return nil
	}
	bucket := int(m.T) / lostBucket
	if err := p.Store.AddLostTap(ctx, meetingID, m.Key, bucket); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	st.lost.add(m.Key, bucket, 1)
	if p.stages[meetingID] != st {
		return nil
	}
	p.soon(st, st.lost.paces[m.Key], func() {
		p.Publisher.PublishState(MeetingTeachersTopic(meetingID), "lost "+m.Key, wire.EventPlaybackLost, st.lost.curve(meetingID, m.Key))
	})
	return nil
}

// moment is where somebody is: as they say, or where the class is.
func (p *Playback) moment(st *stage, key string, pos *float64) (wire.Moment, error) {
	p.mu.Lock()
	m := wire.Moment{Key: st.current.key(), T: st.current.position(p.Time.NowMS())}
	p.mu.Unlock()
	if key != "" {
		m.Key = key
	}
	if m.Key == "" {
		return m, errNothingLoaded
	}
	if pos != nil {
		m.T = clampPos(*pos)
	}
	v := invalid{}
	v.itemKey("key", m.Key)
	return m, v.err()
}

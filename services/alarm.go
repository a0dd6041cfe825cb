package services

import (
	"context"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// onTime is how much early a timer may run, in milliseconds: a float is not an instant.
const onTime = 1

// retryAlarm is when a start or stop that could not be stored is tried again.
const retryAlarm = time.Second

// plan sets the alarm to the next start or stop that comes by itself. The caller holds mu.
func (p *Playback) plan(st *stage) {
	at, ok := st.current.dueMS()
	if st.current.StartBy != nil {
		at, ok = *st.current.StartBy, true
	}
	if ok {
		p.wakeIn(st, time.Duration((at-p.Time.NowMS())*float64(time.Millisecond)))
	} else if st.alarm != nil {
		st.alarm.Stop()
		st.alarm = nil
	}
}

// wakeIn sets the alarm. The caller holds mu.
func (p *Playback) wakeIn(st *stage, wait time.Duration) {
	if st.alarm != nil {
		st.alarm.Stop()
	}
	if !p.closed {
		st.alarm = p.Clock.AfterFunc(max(0, wait), func() { p.wake(st) })
	}
}

// wake starts or stops the class if it is time to.
func (p *Playback) wake(st *stage) {
	st.commands.Lock()
	defer st.commands.Unlock()
	teachers := p.seats.Teachers(st.meetingID)
	p.mu.Lock()
	if p.closed || p.stages[st.meetingID] != st {
		p.mu.Unlock()
		return
	}
	c, due := p.due(st, someHere(teachers, p.Clock.Now()))
	if !due {
		p.plan(st)
	}
	p.mu.Unlock()
	if !due {
		return
	}
	if err := p.commit(context.Background(), st, c); err != nil {
		p.Log.Error("the class was not started or stopped", "meeting", st.meetingID, "err", err)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.wakeIn(st, retryAlarm)
	}
}

// due is what happens by itself now. The caller holds mu.
func (p *Playback) due(st *stage, taught bool) (c change, due bool) {
	t, now := st.current, p.Time.NowMS()
	if t.StartBy != nil {
		late := now >= *t.StartBy-onTime
		if late {
			st.class.started(st.loadedV, p.Clock.Now())
		} else if !st.class.isReady(st.loadedV, p.Clock.Now()) {
			return c, false
		}
		return change{timeline: t.play(&t.Pos, now, now+st.class.leadMS())}, true
	}
	at, ok := t.dueMS()
	if !ok || now < at-onTime {
		return c, false
	}
	if m, ok := markerAt(st.markers, t.key(), *t.Until); ok {
		return change{timeline: t.pause(&m.T, now), asked: ask(st.meetingID, m, stamp(p.Clock))}, true
	}
	if next, ok := st.list.playableAfter(); ok && taught && t.EntryID != "" && st.list.AutoNext {
		return p.loading(st, next.Item, next.ID, nil, true), true
	}
	return change{timeline: t.pause(t.Until, now)}, true
}

// ask makes a question of a marker that was reached.
func ask(meetingID string, m wire.Marker, now time.Time) *models.Question {
	return &models.Question{ID: models.NewID(), MeetingID: meetingID, MarkerID: m.ID, ItemKey: m.Key, T: m.T, Question: m.Question,
		Choices: m.Choices, AskedAt: now}
}

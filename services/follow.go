package services

import (
	"context"
	"math"

	"lectern/internal/wire"
)

// soon runs tell now, or when tellEvery has passed since the last time. The caller holds mu, and so does tell's.
func (p *Playback) soon(st *stage, pace *pace, tell func()) {
	if p.closed {
		return
	}
	pace.soon(p.Clock, &p.mu, func() {
		if p.stages[st.meetingID] == st && !p.closed {
			tell()
		}
	})
}

// Status keeps how a participant follows, and tells the teachers at most once a second. It never changes the timeline: the
// most it does is to let a start go ahead that a teacher has asked for.
func (p *Playback) Status(participantID string, s wire.PlaybackStatus) error {
	if err := checkStatus(s); err != nil {
		return err
	}
	st, err := p.stageOf(s.MeetingID)
	if err != nil {
		return err
	}
	if p.Followed != nil {
		p.Followed(s.State, s.ErrMS)
	}
	p.mu.Lock()
	t := st.current
	stalls := t.Playing && p.Time.NowMS() > t.At+settled
	if st.class.keep(participantID, s, stalls, p.Clock.Now()) {
		p.announceClass(st)
	}
	start := t.StartBy != nil && st.class.isReady(st.loadedV, p.Clock.Now())
	p.mu.Unlock()
	if start {
		p.wake(st)
	}
	return nil
}

func checkStatus(s wire.PlaybackStatus) error {
	v := invalid{}
	v.oneOf("state", s.State, followStates...)
	for field, n := range map[string]float64{"err_ms": math.Abs(s.ErrMS), "buffer_s": s.BufferS, "rtt_ms": s.RTTMS} {
		if !(n >= 0 && n <= 1e7) {
			v[field] = "It is out of range."
		}
	}
	if s.V < 0 {
		v["v"] = "It is out of range."
	}
	return v.err()
}

// Forget drops what a participant who has left said about following, and the room's sound if it came from there.
func (p *Playback) Forget(ctx context.Context, meetingID, participantID string) error {
	p.mu.Lock()
	st := p.stages[meetingID]
	if st == nil {
		p.mu.Unlock()
		return nil
	}
	delete(st.nudged, participantID)
	if st.class.forget(participantID) {
		p.announceClass(st)
	}
	silent := st.settings.RoomSound == participantID
	start := st.current.StartBy != nil && st.class.isReady(st.loadedV, p.Clock.Now())
	p.mu.Unlock()
	if start {
		p.wake(st)
	}
	if !silent {
		return nil
	}
	st.commands.Lock()
	defer st.commands.Unlock()
	return p.switchTo(ctx, st, func(s *wire.PlaybackSettings) {
		if s.RoomSound == participantID {
			s.RoomSound = ""
		}
	})
}

// announceClass tells the teachers how the class follows. The caller holds mu.
func (p *Playback) announceClass(st *stage) {
	p.soon(st, &st.classPace, func() {
		p.Publisher.PublishState(MeetingTeachersTopic(st.meetingID), "class", wire.EventPlaybackClass,
			st.class.summary(st.meetingID, st.loadedV, p.Clock.Now()))
	})
}

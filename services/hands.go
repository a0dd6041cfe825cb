package services

import (
	"context"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// How often somebody raises or lowers the hand: each time is stored.
const (
	handsPerSecond = 1
	handBurst      = 10
)

// raiseHand raises or lowers the socket's own hand, in the room where it is.
func (s *Meetings) raiseHand(ctx context.Context, socket Socket, up bool) (wire.Participant, error) {
	s.mu.Lock()
	p, err := s.of(socket)
	s.mu.Unlock()
	if err != nil {
		return wire.Participant{}, err
	}
	if wait, ok := s.hands.Allow(p.id); !ok {
		return wire.Participant{}, &Error{Kind: KindRateLimited, Message: "That is too often. Please wait a moment.", RetryAfter: wait}
	}
	p.meeting.switching.Lock()
	defer p.meeting.switching.Unlock()
	var shown wire.Participant
	err = s.remember(ctx, p.meeting, func(state *models.MeetingState) error {
		if p.meeting.participants[p.id] != p { // sent out meanwhile
			return errPlaceLost
		}
		if raised := slices.ContainsFunc(state.Hands, p.raised); up && !raised {
			state.Hands = append(state.Hands, models.MeetingHand{ParticipantID: p.id, RoomID: p.shown.RoomID, At: stamp(s.Clock)})
		} else if !up {
			state.Hands = slices.DeleteFunc(state.Hands, p.raised)
		}
		return nil
	}, func() {
		s.refresh(p)
		shown = p.shown
	})
	return shown, err
}

// CallOn gives somebody the word: their hand goes down, and until the next one is called or a teacher mutes them a lock of the
// microphones does not concern them. Without an id it is the first in the queue of the teacher's room.
func (s *Meetings) CallOn(ctx context.Context, actor Actor, socket Socket, participantID string) (wire.Participant, error) {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return wire.Participant{}, err
	}
	m := me.meeting
	m.switching.Lock()
	defer m.switching.Unlock()
	var called, before *participant
	var shown wire.Participant
	err = s.remember(ctx, m, func(state *models.MeetingState) error {
		if called = m.present(participantID); participantID == "" {
			called = m.firstHand(state.Hands, me.shown.RoomID)
		}
		switch {
		case called == nil && participantID == "":
			return &Error{Kind: KindConflict, Message: "Nobody has a hand up."}
		case called == nil:
			return NotFound("participant")
		}
		before = m.participants[state.Called]
		state.Called = called.id
		state.Hands = slices.DeleteFunc(state.Hands, called.raised)
		return nil
	}, func() {
		if before != nil && before != called {
			s.silence(before, actor)
		}
		s.refresh(called)
		shown = called.shown
		s.Publisher.Publish(MeetingTopic(m.row.ID), wire.EventMeetingCalled,
			wire.MeetingCalled{MeetingID: m.row.ID, ParticipantID: called.id, ByUserID: actor.UserID})
	})
	if err == nil && before != nil && before != called {
		s.allow(before)
	}
	return shown, err
}

// silence takes back what being called on allowed. The caller holds mu.
func (s *Meetings) silence(p *participant, by Actor) {
	muted := p.shown.Muted
	p.meeting.place(p)
	if enforceLocks(&p.shown, p.meeting.row.Settings); p.shown.Muted != muted {
		s.tellMuted(p, by)
		return
	}
	s.announce(p)
}

// firstHand is whose hand in a room has been up longest. The caller holds Meetings.mu.
func (m *meeting) firstHand(hands []models.MeetingHand, room string) *participant {
	for _, hand := range hands {
		if p := m.present(hand.ParticipantID); p != nil && p.shown.RoomID == room && p.raised(hand) {
			return p
		}
	}
	return nil
}

// LowerHand lowers a participant's hand, or without an id all of those in the teacher's room.
func (s *Meetings) LowerHand(ctx context.Context, actor Actor, socket Socket, participantID string) error {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	m := me.meeting
	m.switching.Lock()
	defer m.switching.Unlock()
	return s.remember(ctx, m, func(state *models.MeetingState) error {
		target := m.present(participantID)
		if target == nil && participantID != "" {
			return NotFound("participant")
		}
		state.Hands = slices.DeleteFunc(state.Hands, func(hand models.MeetingHand) bool {
			if target != nil {
				return target.raised(hand)
			}
			return hand.RoomID == me.shown.RoomID
		})
		return nil
	}, func() {
		for _, shown := range m.list() {
			s.refresh(m.participants[shown.ParticipantID])
		}
	})
}

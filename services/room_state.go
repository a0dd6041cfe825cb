package services

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// remember changes what of a meeting outlives the program: change gets a copy of the state, which is stored and then counts; then
// tells of it. Both run under mu. What change leaves as it is is not stored again; when it returns an error, that is all. The
// caller holds m.switching, and neither mu nor a participant's rooms.
func (s *Meetings) remember(ctx context.Context, m *meeting, change func(*models.MeetingState) error, then func()) error {
	s.mu.Lock()
	before := m.row.State
	next, err := cloned(before)
	if err == nil && m.over {
		err = errMeetingOver
	}
	if err == nil {
		err = change(&next)
	}
	s.mu.Unlock()
	if err == nil && !reflect.DeepEqual(before, next) {
		err = s.Store.UpdateMeetingState(ctx, m.row.ID, next)
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m.row.State = next
	if !m.over {
		then()
	}
	return nil
}

// cloned is a copy that shares nothing, made the way the state is stored.
func cloned(state models.MeetingState) (models.MeetingState, error) {
	text, err := json.Marshal(state)
	if err != nil {
		return state, err
	}
	var next models.MeetingState
	return next, json.Unmarshal(text, &next)
}

// state is what everybody sees alike. The caller holds Meetings.mu.
func (m *meeting) state() wire.MeetingState {
	return wire.MeetingState{Spotlight: m.row.State.Spotlight, Broadcasting: m.broadcasting, Breakouts: shownBreakouts(m.row.State.Breakouts)}
}

// tellState publishes it. The caller holds mu.
func (s *Meetings) tellState(m *meeting) {
	s.Publisher.PublishState(MeetingTopic(m.row.ID), "state", wire.EventMeetingState, wire.MeetingStateChanged{MeetingID: m.row.ID, State: m.state()})
}

func shownBreakouts(b *models.BreakoutState) *wire.Breakouts {
	if b == nil {
		return nil
	}
	shown := &wire.Breakouts{Rooms: []wire.BreakoutRoom{}, OpenedAt: wire.At(b.OpenedAt), EndsAt: wire.AtPtr(b.EndsAt), Recalling: b.Recalling}
	for _, room := range b.Rooms {
		shown.Rooms = append(shown.Rooms, wire.BreakoutRoom(room))
	}
	return shown
}

// place gives a participant what the stored state says of them: room, hand and word. The caller holds mu.
func (m *meeting) place(p *participant) {
	p.shown.RoomID = ""
	if b := m.row.State.Breakouts; b != nil {
		p.shown.RoomID = b.Assigned[p.shown.User.ID]
	}
	p.shown.MaySpeak = m.row.State.Called == p.id
	hand := slices.IndexFunc(m.row.State.Hands, p.raised)
	if p.shown.HandRaised = hand >= 0; !p.shown.HandRaised {
		p.shown.HandRaisedAt = nil
	} else if at := wire.At(m.row.State.Hands[hand].At); p.shown.HandRaisedAt == nil || *p.shown.HandRaisedAt != at {
		p.shown.HandRaisedAt = &at
	}
}

// refresh is place, and tells the meeting when that changed something. The caller holds mu.
func (s *Meetings) refresh(p *participant) {
	before := p.shown
	if p.meeting.place(p); p.shown != before {
		s.announce(p)
	}
}

// tidy forgets what the state says of a participant who is out. The caller holds neither mu nor m.switching.
func (s *Meetings) tidy(ctx context.Context, p *participant) error {
	m := p.meeting
	theirs := func(hand models.MeetingHand) bool { return hand.ParticipantID == p.id }
	s.mu.Lock()
	state := m.row.State
	spotlit := state.Spotlight == p.id
	known := p.admitted && !s.closed && !m.over && (spotlit || state.Called == p.id || slices.ContainsFunc(state.Hands, theirs))
	s.mu.Unlock()
	if !known {
		return nil
	}
	m.switching.Lock()
	defer m.switching.Unlock()
	err := s.remember(ctx, m, func(state *models.MeetingState) error {
		for _, id := range []*string{&state.Spotlight, &state.Called} {
			if *id == p.id {
				*id = ""
			}
		}
		state.Hands = slices.DeleteFunc(state.Hands, theirs)
		return nil
	}, func() {
		if spotlit {
			s.tellState(m)
		}
	})
	if isKind(err, KindConflict) { // the meeting has ended
		return nil
	}
	return err
}

// raised tells whether a hand is the participant's, in the room where they are.
func (p *participant) raised(hand models.MeetingHand) bool {
	return hand.ParticipantID == p.id && hand.RoomID == p.shown.RoomID
}

package services

import (
	"context"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// UpdateState changes one's own marks and what the SFU lets through accordingly.
func (s *Meetings) UpdateState(ctx context.Context, socket Socket, cmd wire.MeetingStateUpdate) (wire.Participant, error) {
	shown, changed, err := s.change(socket, cmd)
	for _, p := range changed {
		s.allow(p)
	}
	if err != nil || cmd.HandRaised == nil || *cmd.HandRaised == shown.HandRaised {
		return shown, err
	}
	return s.raiseHand(ctx, socket, *cmd.HandRaised)
}

// change returns the participant's state and everybody whose state has changed.
func (s *Meetings) change(socket Socket, cmd wire.MeetingStateUpdate) (wire.Participant, []*participant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.of(socket)
	if err != nil {
		return wire.Participant{}, nil, err
	}
	next := p.shown
	set(&next.Muted, cmd.Muted)
	set(&next.VideoOn, cmd.VideoOn)
	set(&next.ScreenSharing, cmd.ScreenSharing)
	set(&next.Captioned, cmd.Captioned)
	allowed := next
	if enforceLocks(&allowed, p.meeting.row.Settings) {
		return p.shown, nil, Forbidden("A teacher has locked this for students.")
	}
	changed := []*participant{p}
	if next.ScreenSharing && !p.shown.ScreenSharing {
		before, err := s.takeScreen(p)
		if err != nil {
			return p.shown, nil, err
		}
		if before != nil {
			changed = append(changed, before)
		}
	}
	if next != p.shown {
		p.shown = next
		s.announce(p)
	}
	return p.shown, changed, nil
}

func set[T any](v *T, to *T) {
	if to != nil {
		*v = *to
	}
}

// asTeacher finds the participant whom a socket is, if its user is a teacher at this moment.
func (s *Meetings) asTeacher(ctx context.Context, actor Actor, socket Socket) (*participant, *models.Member, error) {
	s.mu.Lock()
	p, err := s.of(socket)
	s.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	member, err := Authorize(ctx, s.Store, actor, p.meeting.row.ChannelID, ActionDrive)
	return p, member, err
}

// Mute mutes a participant, or without an id every student in the teacher's room. They may unmute themselves unless microphones
// are locked; who was called on has the word no longer.
func (s *Meetings) Mute(ctx context.Context, actor Actor, socket Socket, participantID string) error {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	m := me.meeting
	meant := func(p *participant) bool {
		if participantID != "" {
			return p.id == participantID
		}
		return !Teaches(p.shown.Role) && p.shown.RoomID == me.shown.RoomID
	}
	muted := []*participant{}
	m.switching.Lock()
	defer m.switching.Unlock()
	err = s.remember(ctx, m, func(state *models.MeetingState) error {
		if participantID != "" && m.participants[participantID] == nil {
			return NotFound("participant")
		}
		if p := m.participants[state.Called]; p != nil && meant(p) {
			state.Called = ""
		}
		return nil
	}, func() {
		for _, p := range m.participants {
			if !meant(p) {
				continue
			}
			if p.shown.Muted {
				s.refresh(p)
				continue
			}
			m.place(p)
			p.shown.Muted = true
			muted = append(muted, p)
			s.tellMuted(p, actor)
		}
	})
	for _, p := range muted {
		s.allow(p)
	}
	return err
}

// tellMuted tells the person and the meeting. The caller holds mu.
func (s *Meetings) tellMuted(p *participant, by Actor) {
	s.Publisher.Publish(ParticipantTopic(p.id), wire.EventMeetingMuted, wire.MeetingMuted{MeetingID: p.meeting.row.ID, ByUserID: by.UserID})
	s.announce(p)
}

// Remove sends a participant out with all windows of that user, who may not come back to this meeting. Only an owner
// removes teachers.
func (s *Meetings) Remove(ctx context.Context, actor Actor, socket Socket, participantID string) error {
	me, member, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	gone, err := s.sendOut(ctx, me.meeting, participantID, func(target wire.Participant) error {
		switch {
		case target.User.ID == actor.UserID:
			return Forbidden("You cannot remove yourself. Leave the meeting instead.")
		case Teaches(target.Role) && !Can(member.Role, ActionOwn):
			return Forbidden("Only an owner can remove a teacher.")
		}
		return nil
	})
	for _, p := range gone {
		s.settle(ctx, p)
	}
	return err
}

// sendOut keeps a user out for the rest of the meeting, if may does not refuse that, and returns the windows that went. The caller
// settles them.
func (s *Meetings) sendOut(ctx context.Context, m *meeting, participantID string, may func(wire.Participant) error) (gone []*participant, err error) {
	m.switching.Lock()
	defer m.switching.Unlock()
	userID := ""
	return gone, s.remember(ctx, m, func(state *models.MeetingState) error {
		target := m.participants[participantID]
		if target == nil {
			return NotFound("participant")
		}
		userID = target.shown.User.ID
		state.Admitted = slices.DeleteFunc(state.Admitted, func(id string) bool { return id == userID })
		state.Removed = append(state.Removed, userID)
		return may(target.shown)
	}, func() {
		for _, p := range m.participants {
			if p.shown.User.ID == userID {
				s.Publisher.Publish(ParticipantTopic(p.id), wire.EventMeetingRemoved, wire.MeetingRemoved{MeetingID: m.row.ID})
				s.drop(p, "removed")
				gone = append(gone, p)
			}
		}
	})
}

// Spotlight shows a participant to everybody; "" ends it.
func (s *Meetings) Spotlight(ctx context.Context, actor Actor, socket Socket, participantID string) error {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	m := me.meeting
	m.switching.Lock()
	defer m.switching.Unlock()
	return s.remember(ctx, m, func(state *models.MeetingState) error {
		if participantID != "" && m.present(participantID) == nil {
			return NotFound("participant")
		}
		state.Spotlight = participantID
		return nil
	}, func() { s.tellState(m) })
}

package services

import (
	"context"

	"lectern/internal/wire"
	"lectern/models"
)

// UpdateState changes one's own marks and what the SFU lets through accordingly.
func (s *Meetings) UpdateState(socket Socket, cmd wire.MeetingStateUpdate) (wire.Participant, error) {
	shown, changed, err := s.change(socket, cmd)
	for _, p := range changed {
		s.allow(p)
	}
	return shown, err
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
	set(&next.HandRaised, cmd.HandRaised)
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
	} else if !next.ScreenSharing && p.meeting.sharer == p {
		p.meeting.sharer = nil
	}
	if next != p.shown {
		p.shown = next
		s.announce(p)
	}
	return p.shown, changed, nil
}

// takeScreen makes the participant the one who shares a screen; a teacher takes it from the one before. The caller holds mu.
func (s *Meetings) takeScreen(p *participant) (before *participant, err error) {
	before = p.meeting.sharer
	if before != nil {
		if !Teaches(p.shown.Role) {
			return nil, &Error{Kind: KindConflict, Message: before.shown.User.Name + " is sharing a screen. One at a time."}
		}
		before.shown.ScreenSharing = false
		s.announce(before)
	}
	p.meeting.sharer = p
	return before, nil
}

func set[T any](v *T, to *T) {
	if to != nil {
		*v = *to
	}
}

// asTeacher finds the meeting that the socket is in, if its user is a teacher there at this moment.
func (s *Meetings) asTeacher(ctx context.Context, actor Actor, socket Socket) (*meeting, *models.Member, error) {
	s.mu.Lock()
	p, err := s.of(socket)
	s.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	member, err := Authorize(ctx, s.Store, actor, p.meeting.row.ChannelID, ActionDrive)
	return p.meeting, member, err
}

// Mute mutes a participant, or every student when participantID is empty. They may unmute themselves unless microphones
// are locked.
func (s *Meetings) Mute(ctx context.Context, actor Actor, socket Socket, participantID string) error {
	m, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	muted := []*participant{}
	s.mu.Lock()
	if participantID != "" && m.participants[participantID] == nil {
		s.mu.Unlock()
		return NotFound("participant")
	}
	for _, p := range m.participants {
		if p.shown.Muted || participantID != p.id && (participantID != "" || Teaches(p.shown.Role)) {
			continue
		}
		p.shown.Muted = true
		muted = append(muted, p)
		s.tellMuted(p, actor)
	}
	s.mu.Unlock()
	for _, p := range muted {
		s.allow(p)
	}
	return nil
}

// tellMuted tells the person and the meeting. The caller holds mu.
func (s *Meetings) tellMuted(p *participant, by Actor) {
	s.Publisher.Publish(ParticipantTopic(p.id), wire.EventMeetingMuted, wire.MeetingMuted{MeetingID: p.meeting.row.ID, ByUserID: by.UserID})
	s.announce(p)
}

// Remove sends a participant out with all windows of that user, who may not come back to this meeting. Only an owner
// removes teachers.
func (s *Meetings) Remove(ctx context.Context, actor Actor, socket Socket, participantID string) error {
	m, member, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	gone := []*participant{}
	s.mu.Lock()
	target := m.participants[participantID]
	switch {
	case target == nil:
		err = NotFound("participant")
	case target.shown.User.ID == actor.UserID:
		err = Forbidden("You cannot remove yourself. Leave the meeting instead.")
	case Teaches(target.shown.Role) && !Can(member.Role, ActionOwn):
		err = Forbidden("Only an owner can remove a teacher.")
	}
	if err != nil {
		s.mu.Unlock()
		return err
	}
	m.removed[target.shown.User.ID] = true
	for _, p := range m.participants {
		if p.shown.User.ID == target.shown.User.ID {
			s.Publisher.Publish(ParticipantTopic(p.id), wire.EventMeetingRemoved, wire.MeetingRemoved{MeetingID: m.row.ID})
			s.drop(p, "removed")
			gone = append(gone, p)
		}
	}
	s.mu.Unlock()
	for _, p := range gone {
		s.settle(ctx, p)
	}
	return nil
}

// Settings changes the meeting's switches; students stop what is locked now.
func (s *Meetings) Settings(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingSettingsCommand) (wire.MeetingSettings, error) {
	m, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return wire.MeetingSettings{}, err
	}
	m.switching.Lock()
	defer m.switching.Unlock()
	s.mu.Lock()
	before := m.row.Settings
	s.mu.Unlock()
	settings := before
	set(&settings.MicrophonesLocked, cmd.MicrophonesLocked)
	set(&settings.CamerasLocked, cmd.CamerasLocked)
	set(&settings.ScreenLocked, cmd.ScreenLocked)
	if settings == before {
		return wire.MeetingSettings(before), nil
	}
	if err := s.Store.UpdateMeetingSettings(ctx, m.row.ID, settings); err != nil {
		return wire.MeetingSettings(before), err
	}
	for _, p := range s.apply(m, settings, actor) {
		s.allow(p)
	}
	return wire.MeetingSettings(settings), nil
}

// apply makes new settings count and returns the participants whose state they changed.
func (s *Meetings) apply(m *meeting, settings models.MeetingSettings, by Actor) (stopped []*participant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.row.Settings = settings
	s.Publisher.Publish(MeetingTopic(m.row.ID), wire.EventMeetingSettings,
		wire.MeetingSettingsChanged{MeetingID: m.row.ID, Settings: wire.MeetingSettings(settings)})
	for _, p := range m.participants {
		wasMuted := p.shown.Muted
		if !enforceLocks(&p.shown, settings) {
			continue
		}
		stopped = append(stopped, p)
		if m.sharer == p && !p.shown.ScreenSharing {
			m.sharer = nil
		}
		if p.shown.Muted != wasMuted {
			s.tellMuted(p, by)
		} else {
			s.announce(p)
		}
	}
	return stopped
}

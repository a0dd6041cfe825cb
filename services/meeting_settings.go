package services

import (
	"context"

	"lectern/internal/wire"
	"lectern/models"
)

// Settings changes the meeting's switches; students stop what is locked now. The channel's next meeting begins with them.
func (s *Meetings) Settings(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingSettingsCommand) (wire.MeetingSettings, error) {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return wire.MeetingSettings{}, err
	}
	m := me.meeting
	m.switching.Lock()
	defer m.switching.Unlock()
	s.mu.Lock()
	before := m.row.Settings
	s.mu.Unlock()
	settings := before
	set(&settings.MicrophonesLocked, cmd.MicrophonesLocked)
	set(&settings.CamerasLocked, cmd.CamerasLocked)
	set(&settings.ScreenLocked, cmd.ScreenLocked)
	set(&settings.ChatLocked, cmd.ChatLocked)
	set(&settings.Lobby, cmd.Lobby)
	set(&settings.ManyScreens, cmd.ManyScreens)
	if settings == before {
		return wire.MeetingSettings(before), nil
	}
	err = s.Store.Tx(ctx, func(tx *models.Store) error {
		if err := tx.UpdateMeetingSettings(ctx, m.row.ID, settings); err != nil {
			return err
		}
		return tx.UpdateMeetingMemory(ctx, m.row.ChannelID, func(memory *models.MeetingMemory) { memory.Settings = settings })
	})
	if err != nil {
		return wire.MeetingSettings(before), err
	}
	stopped, admitted := s.apply(m, settings, actor)
	for _, p := range stopped {
		s.allow(p)
	}
	return wire.MeetingSettings(settings), s.letIn(ctx, m, admitted)
}

// apply makes new settings count. It returns the participants whose state they changed, and those who need not wait any more.
func (s *Meetings) apply(m *meeting, settings models.MeetingSettings, by Actor) (stopped []*participant, admitted []*waiter) {
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
		if p.shown.Muted != wasMuted {
			s.tellMuted(p, by)
		} else {
			s.announce(p)
		}
	}
	if !settings.ManyScreens {
		stopped = append(stopped, s.oneScreen(m)...)
	}
	if !settings.Lobby {
		admitted = members(m.queue(""))
	}
	return stopped, admitted
}

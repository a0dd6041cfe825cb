package services

import (
	"context"

	"lectern/internal/wire"
	"lectern/models"
)

// Settings changes switches of a meeting's playback.
func (p *Playback) Settings(ctx context.Context, actor Actor, meetingID string, cmd wire.PlaybackSettingsCommand) (wire.PlaybackSettings, error) {
	st, err := p.steered(ctx, actor, meetingID)
	if err != nil {
		return wire.PlaybackSettings{}, err
	}
	if cmd.RoomSound != nil && *cmd.RoomSound != "" && !p.seats.Has(meetingID, *cmd.RoomSound) {
		return wire.PlaybackSettings{}, Invalid("room_sound", "There is no such participant in the meeting.")
	}
	st.commands.Lock()
	defer st.commands.Unlock()
	if err := p.maySteer(ctx, st, actor); err != nil {
		return wire.PlaybackSettings{}, err
	}
	err = p.switchTo(ctx, st, func(s *wire.PlaybackSettings) {
		set(&s.FreeBrowsing, cmd.FreeBrowsing)
		set(&s.RoomSound, cmd.RoomSound)
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	return st.settings, err
}

// switchTo changes the switches, stores them and tells the meeting. The caller holds st.commands.
func (p *Playback) switchTo(ctx context.Context, st *stage, change func(*wire.PlaybackSettings)) error {
	p.mu.Lock()
	before := st.settings
	change(&st.settings)
	after := st.settings
	row, err := st.row(st.current, stamp(p.Clock))
	st.settings = before // until it is stored
	p.mu.Unlock()
	if err != nil || after == before {
		return err
	}
	err = p.Store.Tx(ctx, func(tx *models.Store) error {
		if err := tx.SavePlayback(ctx, row, nil); err != nil || after.FreeBrowsing == before.FreeBrowsing {
			return err
		}
		return tx.UpdateMeetingMemory(ctx, st.channelID, func(memory *models.MeetingMemory) { memory.FreeBrowsing = after.FreeBrowsing })
	})
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	st.settings = after
	if after.Remote != before.Remote {
		st.lease.seen = p.Clock.Now()
		p.watchRemote(st)
	}
	if p.stages[st.meetingID] == st {
		p.Publisher.PublishState(MeetingTopic(st.meetingID), "settings", wire.EventPlaybackSettings,
			wire.PlaybackSettingsChanged{MeetingID: st.meetingID, Settings: after})
	}
	return nil
}

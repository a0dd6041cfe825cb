package services

import (
	"context"

	"lectern/internal/wire"
)

// MemberLeft takes somebody who has left a channel, or was removed, out of its meeting and its lobby.
func (s *Meetings) MemberLeft(channelID, userID string) {
	s.mu.Lock()
	for _, w := range s.waiters(channelID, userID) {
		s.dismiss(w, wire.EventMeetingDenied, wire.MeetingAdmitted{MeetingID: w.meeting.row.ID})
		s.tellLobby(w.meeting)
	}
	gone := s.places(channelID, userID)
	for _, p := range gone {
		s.Publisher.Publish(ParticipantTopic(p.id), wire.EventMeetingRemoved, wire.MeetingRemoved{MeetingID: p.meeting.row.ID})
		s.drop(p, "removed")
	}
	s.mu.Unlock()
	for _, p := range gone {
		s.settle(context.Background(), p)
	}
}

// RoleChanged gives somebody in a channel's meeting the role that they now have in the channel.
func (s *Meetings) RoleChanged(channelID, userID, role string) {
	s.mu.Lock()
	if Teaches(role) {
		for _, w := range s.waiters(channelID, userID) {
			s.welcome(w)
		}
	}
	changed := s.places(channelID, userID)
	for _, p := range changed {
		p.shown.Role = role
		enforceLocks(&p.shown, p.meeting.row.Settings)
		if !Teaches(role) && p.meeting.endBroadcast(p.id) != nil {
			s.tellState(p.meeting)
		}
		s.announce(p)
		if p.socket != nil && p.admitted {
			p.socket.Unfollow(MeetingTeachersTopic(p.meeting.row.ID))
			p.socket.Follow(p.topics()...)
			if Teaches(role) {
				s.Playback.Brief(p.meeting.row.ID, p.id)
				s.Polls.Brief(p.meeting.row.ID, p.id)
				s.Publisher.PublishState(ParticipantTopic(p.id), "lobby", wire.EventMeetingLobby,
					wire.Lobby{MeetingID: p.meeting.row.ID, Waiting: p.meeting.lobby()})
			}
		}
		s.tellWaiting(p.meeting)
	}
	s.mu.Unlock()
	for _, p := range changed {
		s.allow(p)
	}
}

// UserChanged gives somebody in meetings the name and picture that they now have.
func (s *Meetings) UserChanged(user wire.Profile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.live {
		for _, p := range m.participants {
			if p.shown.User.ID == user.ID {
				p.shown.User = user
				s.announce(p)
			}
		}
		if w := m.waiting[user.ID]; w != nil {
			w.user = user
			s.tellLobby(m)
		}
	}
}

// waiters are a user's places in the lobby of a channel's meeting, at most one. The caller holds mu.
func (s *Meetings) waiters(channelID, userID string) (found []*waiter) {
	for _, m := range s.live {
		if w := m.waiting[userID]; w != nil && m.row.ChannelID == channelID {
			found = append(found, w)
		}
	}
	return found
}

// places are a user's windows in a channel's meeting. The caller holds mu.
func (s *Meetings) places(channelID, userID string) (found []*participant) {
	for _, m := range s.live {
		for _, p := range m.participants {
			if m.row.ChannelID == channelID && p.shown.User.ID == userID {
				found = append(found, p)
			}
		}
	}
	return found
}

// ChannelArchiving closes the polls of a channel's meeting, which writes their results.
func (s *Meetings) ChannelArchiving(ctx context.Context, channelID string) error {
	for _, m := range s.running(channelID) {
		s.mu.Lock()
		row := m.row
		s.mu.Unlock()
		if err := s.Polls.CloseAll(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// ChannelArchived ends the meeting of a channel that nothing happens in any more.
func (s *Meetings) ChannelArchived(ctx context.Context, channelID string) error {
	for _, m := range s.running(channelID) {
		if err := s.finish(ctx, m, "ended"); err != nil {
			return err
		}
	}
	return nil
}

// running lists a channel's meetings, at most one but for moments. The caller does not hold mu.
func (s *Meetings) running(channelID string) (found []*meeting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.live {
		if m.row.ChannelID == channelID {
			found = append(found, m)
		}
	}
	return found
}

// ChannelDeleted ends the meeting of a channel whose rows are gone already.
func (s *Meetings) ChannelDeleted(channelID string) {
	var over []string
	s.mu.Lock()
	for id, m := range s.live {
		if m.row.ChannelID != channelID {
			continue
		}
		s.forget(m, "ended")
		over = append(over, id)
	}
	s.mu.Unlock()
	for _, id := range over {
		s.Rooms.CloseRoom(id)
		s.Playback.End(id)
		s.Polls.End(id)
	}
}

package services

import (
	"context"

	"lectern/internal/wire"
)

// Stats is what the media server knows of a running meeting, for administrators.
func (s *Meetings) Stats(_ context.Context, actor Actor, meetingID string) (*wire.MeetingStats, error) {
	if err := AuthorizeAdmin(actor); err != nil {
		return nil, err
	}
	s.mu.Lock()
	running := s.live[meetingID] != nil
	s.mu.Unlock()
	if !running {
		return nil, NotFound("meeting")
	}
	stats := &wire.MeetingStats{MeetingID: meetingID, Participants: s.Rooms.Stats(meetingID)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.live[meetingID]; m != nil {
		for i := range stats.Participants {
			if p := m.participants[stats.Participants[i].ParticipantID]; p != nil {
				user := p.shown.User
				stats.Participants[i].User = &user
			}
		}
	}
	return stats, nil
}

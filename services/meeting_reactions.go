package services

import (
	"slices"

	"lectern/internal/wire"
)

// Reactions that a participant, and a whole meeting, send up: more are passed over without a word.
const (
	reactionsPerSecond    = 3
	reactionBurst         = 10
	allReactionsPerSecond = 30
	allReactionsBurst     = 60
)

// React sends a reaction up for everybody in the meeting to see.
func (s *Meetings) React(socket Socket, emoji string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.of(socket)
	if err != nil {
		return err
	}
	if !slices.Contains(wire.MeetingReactions, emoji) {
		return Invalid("emoji", "There is no such reaction.")
	}
	id := p.meeting.row.ID
	if _, ok := s.reactions.Allow(p.id); !ok {
		return nil
	}
	if _, ok := s.allReactions.Allow(id); !ok {
		return nil
	}
	s.Publisher.Publish(MeetingTopic(id), wire.EventMeetingReaction, wire.MeetingReaction{MeetingID: id, ParticipantID: p.id, Emoji: emoji})
	return nil
}

package services

import (
	"time"

	"lectern/internal/wire"
)

// countEvery is the least time between two events that tell a channel how many are in its meeting: the whole class comes at once.
const countEvery = 2 * time.Second

// people counts those who are in. The caller holds Meetings.mu.
func (m *meeting) people() (n int) {
	for _, p := range m.participants {
		if p.admitted {
			n++
		}
	}
	return n
}

// tellPeople tells the channel, soon, how many are in its meeting. The caller holds mu.
func (s *Meetings) tellPeople(m *meeting) {
	if s.closed {
		return
	}
	m.counted.soon(s.Clock, &s.mu, func() {
		if m.over || s.closed {
			return
		}
		s.Publisher.PublishState(ChannelTopic(m.row.ChannelID), "people "+m.row.ID, wire.EventMeetingPeople,
			wire.MeetingPeople{MeetingID: m.row.ID, ChannelID: m.row.ChannelID, ParticipantCount: m.people()})
	})
}

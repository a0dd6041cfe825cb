package services

import (
	"slices"
	"strings"
)

// maxScreens is how many share at once in a room where several may.
const maxScreens = 4

// screens are those who share in a room, longest first. The caller holds Meetings.mu.
func (m *meeting) screens(room string) []*participant {
	var sharing []*participant
	for _, p := range m.participants {
		if p.shown.ScreenSharing && p.shown.RoomID == room {
			sharing = append(sharing, p)
		}
	}
	slices.SortFunc(sharing, func(a, b *participant) int {
		if c := a.sharingSince.Compare(b.sharingSince); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	return sharing
}

// takeScreen lets the participant share a screen: where there is no room for one more, a teacher takes the place of who has shared
// longest. The caller holds mu.
func (s *Meetings) takeScreen(p *participant) (before *participant, err error) {
	sharing, most := p.meeting.screens(p.shown.RoomID), 1
	if p.meeting.row.Settings.ManyScreens {
		most = maxScreens
	}
	if len(sharing) >= most {
		before = sharing[0]
		if !Teaches(p.shown.Role) {
			return nil, &Error{Kind: KindConflict, Message: before.shown.User.Name + " is sharing a screen, and more are not possible at a time.",
				Current: before.shown}
		}
		before.shown.ScreenSharing = false
		s.announce(before)
	}
	p.sharingSince = s.Clock.Now()
	return before, nil
}

// oneScreen leaves each room who has shared longest there, and returns the others. The caller holds mu.
func (s *Meetings) oneScreen(m *meeting) (stopped []*participant) {
	for _, p := range m.participants {
		if p.shown.ScreenSharing && m.screens(p.shown.RoomID)[0] != p {
			p.shown.ScreenSharing = false
			stopped = append(stopped, p)
			s.announce(p)
		}
	}
	return stopped
}

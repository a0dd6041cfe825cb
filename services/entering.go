package services

import (
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// maxPlaces is how many windows of one person are in a meeting at a time, so that nobody fills it.
const maxPlaces = 5

// enter takes a place, or takes one's own back: the one named or, when there is none left, one whose connection is lost. Who must
// wait first gets none, and the answer. invited: they have been in before.
func (s *Meetings) enter(meetingID string, socket Socket, participantID string, shown wire.Participant, invited bool, reply JoinReply) (*participant, *signals, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.entrance(meetingID, socket, shown.User.ID)
	if err != nil {
		return nil, nil, err
	}
	p := s.ownPlace(m, socket, participantID, shown.User.ID)
	if p == nil && m.mustWait(shown, invited) {
		return nil, nil, s.wait(m, socket, shown.User, true, reply)
	}
	s.welcome(m.waiting[shown.User.ID])
	full := m.full(shown.User.ID, s.MaxParticipants)
	if p == nil && full != nil {
		p = m.lost(shown.User.ID)
	}
	if p == nil {
		if full != nil {
			return nil, nil, full
		}
		p = s.newPlace(m, &shown, participantID)
	} else {
		shown.ParticipantID, shown.JoinedAt, shown.Captioned = p.id, p.shown.JoinedAt, p.shown.Captioned
	}
	s.seat(p, socket)
	p.shown = shown // new peers have no screen to show
	p.shown.Connection = "connected"
	m.place(p)
	enforceLocks(&p.shown, m.row.Settings)
	p.signals = &signals{meetings: s, p: p}
	p.hadMedia, p.media = false, false
	p.candidates = map[string]int{}
	return p, p.signals, nil
}

// entrance finds a meeting that a user's socket may enter or wait for. The caller holds mu.
func (s *Meetings) entrance(meetingID string, socket Socket, userID string) (*meeting, error) {
	m := s.live[meetingID]
	if m == nil || m.over {
		return nil, errMeetingOver
	}
	if slices.Contains(m.row.State.Removed, userID) {
		return nil, Forbidden("A teacher has removed you from this meeting.")
	}
	if p := s.sockets[socket]; p != nil && p.meeting != m {
		return nil, &Error{Kind: KindConflict, Message: "This connection is in another meeting. Leave that first."}
	}
	return m, nil
}

// ownPlace is the one that a socket has, or the one named if it is the user's; else nil. The caller holds mu.
func (s *Meetings) ownPlace(m *meeting, socket Socket, participantID, userID string) *participant {
	if p := s.sockets[socket]; p != nil {
		return p
	}
	if p := m.participants[participantID]; p != nil && p.shown.User.ID == userID {
		return p
	}
	return nil
}

// newPlace makes a place, or takes up the one named that the user had when the program last stopped. The caller holds mu.
func (s *Meetings) newPlace(m *meeting, shown *wire.Participant, participantID string) *participant {
	before, known := s.interrupted[participantID]
	resumed := known && before.MeetingID == m.row.ID && before.UserID == shown.User.ID && s.Clock.Now().Before(s.until)
	if resumed {
		delete(s.interrupted, before.ID) // once: what follows from leaving must not meet whoever comes after
		shown.ParticipantID, shown.JoinedAt = before.ID, wire.At(before.JoinedAt)
	} else {
		shown.ParticipantID, shown.JoinedAt = models.NewID(), wire.At(stamp(s.Clock))
	}
	p := &participant{id: shown.ParticipantID, meeting: m, resumed: resumed}
	m.participants[p.id] = p
	if m.empty != nil {
		m.empty.Stop()
		m.empty = nil
	}
	return p
}

// full tells why there is no place for another window of a user; nil: there is one. The caller holds Meetings.mu.
func (m *meeting) full(userID string, most int) error {
	mine := 0
	for _, p := range m.participants {
		if p.shown.User.ID == userID {
			mine++
		}
	}
	switch {
	case len(m.participants) >= most:
		return &Error{Kind: KindRoomFull, Message: "The meeting is full."}
	case mine >= maxPlaces:
		return &Error{Kind: KindRoomFull, Message: "You are in this meeting in too many windows. Leave it in one of them first."}
	}
	return nil
}

// lost finds a place that is kept for a user's broken connection. The caller holds Meetings.mu.
func (m *meeting) lost(userID string) *participant {
	for _, p := range m.participants {
		if p.socket == nil && p.shown.User.ID == userID {
			return p
		}
	}
	return nil
}

// seat gives the participant's place to a socket. The caller holds mu.
func (s *Meetings) seat(p *participant, socket Socket) {
	p.stopTimer()
	if p.socket != nil && p.socket != socket {
		p.socket.Unfollow(p.topics()...)
		delete(s.sockets, p.socket)
	}
	p.socket = socket
	s.sockets[socket] = p
}

// enforceLocks switches off what a student may not use now. A lock of the microphones concerns the main room: groups meet to talk.
func enforceLocks(p *wire.Participant, locks models.MeetingSettings) (changed bool) {
	if Teaches(p.Role) {
		return false
	}
	before := *p
	p.Muted = p.Muted || locks.MicrophonesLocked && !p.MaySpeak && p.RoomID == ""
	p.VideoOn = p.VideoOn && !locks.CamerasLocked
	p.ScreenSharing = p.ScreenSharing && !locks.ScreenLocked
	return *p != before
}

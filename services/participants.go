package services

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"lectern/internal/wire"
)

// How long the place of somebody whose connection broke is kept: 30 s after the last frame, but only 3 s when the media
// stopped too, because then it was the program that ended and not the network.
const (
	placeKept     = 30 * time.Second
	placeKeptDead = 3 * time.Second
)

// Socket is a connection as meetings see it: something that follows topics.
type Socket interface {
	Follow(topics ...string)
	Unfollow(topics ...string)
	LastSeen() time.Time // when the last frame came in
}

// SocketEnd tells how a participant's socket ended.
type SocketEnd int

// The ends.
const (
	SocketClosed    SocketEnd = iota + 1 // on purpose, by a close frame
	SocketBroke                          // the connection broke
	SocketSilent                         // nothing was heard for too long
	SocketSignedOut                      // its session has ended
)

// participant is one window of one user in a meeting; Meetings.mu guards it except for rooms.
type participant struct {
	id       string
	meeting  *meeting
	shown    wire.Participant
	admitted bool     // announced to the others
	socket   Socket   // nil while the connection is lost
	signals  *signals // of the newest peer
	lastSeen time.Time
	silent   bool // the lost socket timed out
	hadMedia bool
	quality  string // as last told of the peers; empty: good
	captions bool   // reads what others say
	line     int    // of captions that has begun, 0: none
	resumed  bool   // the place was taken in an earlier run of the program
	media    bool
	timer    Timer // ends the place of a lost connection
	telling  Timer // tells of the marks that have changed too often, or nil

	sharingSince time.Time // of a screen

	candidates map[string]int // taken from the client since the last description, by target

	rooms sync.Mutex // orders the calls of Rooms for this participant; taken before Meetings.mu, never after
}

// topics are what the participant's socket follows.
func (p *participant) topics() []string {
	id := p.meeting.row.ID
	topics := []string{MeetingTopic(id), ParticipantTopic(p.id)}
	if Teaches(p.shown.Role) {
		topics = append(topics, MeetingTeachersTopic(id))
	}
	return topics
}

func (p *participant) stopTimer() {
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
}

// present finds a participant who is in the meeting, or nil. The caller holds Meetings.mu.
func (m *meeting) present(id string) *participant {
	if p := m.participants[id]; p != nil && p.admitted {
		return p
	}
	return nil
}

// list is everybody in the order of joining.
func (m *meeting) list() []wire.Participant {
	all := []wire.Participant{}
	for _, p := range m.participants {
		if p.admitted {
			all = append(all, p.shown)
		}
	}
	slices.SortFunc(all, func(a, b wire.Participant) int { return strings.Compare(a.ParticipantID, b.ParticipantID) })
	return all
}

// Leave gives the socket's place up; without one there is nothing to do.
func (s *Meetings) Leave(ctx context.Context, socket Socket) {
	s.mu.Lock()
	s.leaveLobby(socket)
	p := s.sockets[socket]
	left := p != nil && s.drop(p, "left")
	s.mu.Unlock()
	if left {
		s.settle(ctx, p)
	}
}

// Closed follows the end of a socket, of which the last frame was seen at lastSeen: a place given up, or kept for a while.
func (s *Meetings) Closed(ctx context.Context, socket Socket, end SocketEnd, lastSeen time.Time) {
	if end == SocketClosed || end == SocketSignedOut {
		s.Leave(ctx, socket)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaveLobby(socket)
	p := s.sockets[socket]
	if p == nil {
		return
	}
	delete(s.sockets, socket)
	p.socket, p.lastSeen, p.silent = nil, lastSeen, end == SocketSilent
	s.reconsider(p)
}

// reconsider shows whether the participant's connection lives and, when its socket is gone, for how long the place is
// kept. The caller holds mu.
func (s *Meetings) reconsider(p *participant) {
	p.stopTimer()
	lost := p.hadMedia && !p.media
	connection := "connected"
	if p.socket == nil || lost {
		connection = "reconnecting"
	}
	if p.shown.Connection != connection {
		p.shown.Connection = connection
		s.announce(p)
	}
	if p.socket != nil || s.closed {
		return
	}
	keep := min(placeKept, p.lastSeen.Add(placeKept).Sub(s.Clock.Now())) // the clock may have been set back in between
	if lost && !p.silent {
		keep = min(keep, placeKeptDead)
	}
	var timer Timer
	timer = s.Clock.AfterFunc(max(0, keep), func() {
		s.mu.Lock()
		lost := p.timer == timer && s.drop(p, "lost")
		s.mu.Unlock()
		if lost {
			s.settle(context.Background(), p)
		}
	})
	p.timer = timer
}

// Changes of one participant that everybody is told of at once; of more only the last is told, a moment later.
const (
	toldPerSecond = 5
	toldBurst     = 20
)

// announce publishes the participant's state. The caller holds mu.
func (s *Meetings) announce(p *participant) {
	if !p.admitted || p.telling != nil {
		return
	}
	wait, ok := s.told.Allow(p.id)
	if ok || s.closed {
		s.tell(p)
		return
	}
	p.telling = s.Clock.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if m := p.meeting; p.telling != nil && m.participants[p.id] == p && !m.over {
			p.telling = nil
			s.tell(p)
		}
	})
}

func (s *Meetings) tell(p *participant) {
	id := p.meeting.row.ID
	s.Publisher.Publish(MeetingTopic(id), wire.EventParticipantUpdated, wire.ParticipantChanged{MeetingID: id, Participant: p.shown})
}

// drop takes a participant out and tells the others; it reports false for one who is out already. The caller holds mu and,
// after releasing it, calls settle.
func (s *Meetings) drop(p *participant, reason string) bool {
	m := p.meeting
	if m.participants[p.id] != p || m.over {
		return false
	}
	wanted := m.captionsWanted()
	delete(m.participants, p.id)
	s.detach(p)
	s.tellCaptions(m, wanted)
	if p.admitted {
		s.Publisher.Publish(MeetingTopic(m.row.ID), wire.EventParticipantLeft,
			wire.ParticipantLeft{MeetingID: m.row.ID, ParticipantID: p.id, Reason: reason})
		s.tellPeople(m)
	}
	if m.broadcasting == p.id {
		m.broadcasting = ""
		s.tellState(m)
	}
	s.tellWaiting(m)
	if len(m.participants) == 0 {
		s.awaitSomebody(m)
	}
	return true
}

// detach lets go of the participant's socket, signals and timer. The caller holds mu.
func (s *Meetings) detach(p *participant) {
	p.stopTimer()
	if p.telling != nil {
		p.telling.Stop()
		p.telling = nil
	}
	p.signals = nil
	if p.socket != nil {
		p.socket.Unfollow(p.topics()...)
		delete(s.sockets, p.socket)
		p.socket = nil
	}
}

// settle does what follows from drop outside the lock.
func (s *Meetings) settle(ctx context.Context, p *participant) {
	p.rooms.Lock()
	s.Rooms.Leave(p.id)
	p.rooms.Unlock()
	if err := s.tidy(context.WithoutCancel(ctx), p); err != nil {
		s.Log.Error("state of a participant not forgotten", "participant", p.id, "err", err)
	}
	if err := s.Playback.Forget(context.WithoutCancel(ctx), p.meeting.row.ID, p.id); err != nil {
		s.Log.Error("participant not forgotten", "participant", p.id, "err", err)
	}
	if err := s.Store.EndAttendance(context.WithoutCancel(ctx), stamp(s.Clock), p.id); err != nil {
		s.Log.Error("attendance not closed", "participant", p.id, "err", err)
	}
	s.mu.Lock()
	userID := p.shown.User.ID
	s.mu.Unlock()
	s.moved(ctx, userID)
}

// of finds the participant that a socket is, which must have been admitted. The caller holds mu.
func (s *Meetings) of(socket Socket) (*participant, error) {
	p := s.sockets[socket]
	if p == nil || !p.admitted {
		return nil, &Error{Kind: KindConflict, Message: "You are not in a meeting. Join first."}
	}
	return p, nil
}

// Place tells the participant and meeting of a socket.
func (s *Meetings) Place(socket Socket) (participantID, meetingID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.of(socket)
	if err != nil {
		return "", "", err
	}
	return p.id, p.meeting.row.ID, nil
}

// Teachers lists the teachers in a meeting, in the order of joining.
func (s *Meetings) Teachers(meetingID string) []Seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.live[meetingID]
	if m == nil {
		return nil
	}
	seats := []Seat{}
	for _, shown := range m.list() {
		if !Teaches(shown.Role) {
			continue
		}
		p := m.participants[shown.ParticipantID]
		seen := p.lastSeen
		if p.socket != nil {
			seen = p.socket.LastSeen()
		}
		seats = append(seats, Seat{UserID: shown.User.ID, Seen: seen})
	}
	return seats
}

// Has tells whether somebody is in a meeting.
func (s *Meetings) Has(meetingID, participantID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.live[meetingID]
	return m != nil && m.present(participantID) != nil
}

package services

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"lectern/internal/wire"
	"lectern/models"
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
}

// SocketEnd tells how a participant's socket ended.
type SocketEnd int

// The ends.
const (
	SocketClosed SocketEnd = iota + 1 // on purpose, by a close frame
	SocketBroke                       // the connection broke
	SocketSilent                      // nothing was heard for too long
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
	media    bool
	timer    Timer // ends the place of a lost connection

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

// Join lets a socket into a meeting. reply gets the snapshot and must only queue it: no event of the meeting comes before
// it on that socket, and none that came after the snapshot is missing.
func (s *Meetings) Join(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingJoin, reply func(wire.MeetingJoined)) error {
	row, member, err := activeMeeting(ctx, s.Store, actor, cmd.MeetingID, ActionMeet)
	if err != nil {
		return err
	}
	user, err := s.Store.User(ctx, actor.UserID)
	if err != nil {
		return err
	}
	if err := s.Playback.Prepare(ctx, row.ID); err != nil {
		return err
	}
	shown := wire.Participant{User: profile(*user, s.Publisher), Role: member.Role, Muted: cmd.Muted, VideoOn: cmd.VideoOn}
	p, sig, err := s.enter(row.ID, socket, cmd.ParticipantID, shown)
	if err != nil {
		return err
	}
	err = s.connect(ctx, p, sig)
	if err == nil {
		err = s.admit(p, sig, reply)
	}
	if err != nil {
		s.giveUp(ctx, p, sig)
	}
	return err
}

// giveUp undoes a join that failed half-way.
func (s *Meetings) giveUp(ctx context.Context, p *participant, sig *signals) {
	s.mu.Lock()
	if p.signals == sig {
		s.drop(p, "lost")
	}
	replaced := p.meeting.participants[p.id] == p && !p.meeting.over
	s.mu.Unlock()
	if !replaced {
		s.settle(ctx, p)
	}
}

// enter takes a place, or takes one's own back.
func (s *Meetings) enter(meetingID string, socket Socket, participantID string, shown wire.Participant) (*participant, *signals, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.live[meetingID]
	if m == nil || m.over {
		return nil, nil, errMeetingOver
	}
	if m.removed[shown.User.ID] {
		return nil, nil, Forbidden("A teacher has removed you from this meeting.")
	}
	p := s.sockets[socket]
	if p != nil && p.meeting != m {
		return nil, nil, &Error{Kind: KindConflict, Message: "This connection is in another meeting. Leave that first."}
	}
	if p == nil {
		p = m.participants[participantID]
		if p != nil && p.shown.User.ID != shown.User.ID {
			p = nil
		}
	}
	if p == nil {
		if len(m.participants) >= s.MaxParticipants {
			return nil, nil, &Error{Kind: KindRoomFull, Message: "The meeting is full."}
		}
		shown.ParticipantID = models.NewID()
		shown.JoinedAt = wire.At(stamp(s.Clock))
		p = &participant{id: shown.ParticipantID, meeting: m}
		m.participants[p.id] = p
		if m.empty != nil {
			m.empty.Stop()
			m.empty = nil
		}
	} else { // new peers have no screen to show
		shown.ParticipantID, shown.JoinedAt, shown.HandRaised = p.id, p.shown.JoinedAt, p.shown.HandRaised
		if m.sharer == p {
			m.sharer = nil
		}
	}
	s.seat(p, socket)
	p.shown = shown
	p.shown.Connection = "connected"
	enforceLocks(&p.shown, m.row.Settings)
	p.signals = &signals{meetings: s, p: p}
	p.hadMedia, p.media = false, false
	p.candidates = map[string]int{}
	return p, p.signals, nil
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

// enforceLocks switches off what a student may not use now.
func enforceLocks(p *wire.Participant, locks models.MeetingSettings) (changed bool) {
	if Teaches(p.Role) {
		return false
	}
	before := *p
	p.Muted = p.Muted || locks.MicrophonesLocked
	p.VideoOn = p.VideoOn && !locks.CamerasLocked
	p.ScreenSharing = p.ScreenSharing && !locks.ScreenLocked
	return *p != before
}

// connect opens the attendance and the peer connections, replacing those that the participant had.
func (s *Meetings) connect(ctx context.Context, p *participant, sig *signals) error {
	if !p.wasAdmitted(s) {
		err := s.Store.AddAttendance(ctx, &models.Attendance{ID: p.id, MeetingID: p.meeting.row.ID, UserID: p.shown.User.ID,
			JoinedAt: time.Time(p.shown.JoinedAt)})
		if err != nil {
			return err
		}
	}
	if err := s.makePeers(ctx, p, sig); err != nil {
		return err
	}
	s.allow(p)
	return nil
}

func (s *Meetings) makePeers(ctx context.Context, p *participant, sig *signals) error {
	p.rooms.Lock()
	defer p.rooms.Unlock()
	s.mu.Lock()
	current := p.signals == sig
	s.mu.Unlock()
	if !current { // sent out, or another window's peers are the ones that count
		return errPlaceLost
	}
	s.Rooms.Leave(p.id)
	return s.Rooms.Join(ctx, p.meeting.row.ID, p.id, sig)
}

var errPlaceLost = &Error{Kind: KindConflict, Message: "Another window has taken this place, or it was given up."}

func (p *participant) wasAdmitted(s *Meetings) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return p.admitted
}

// allow tells the SFU what the participant may send now. Run after every change; the last run reads the last state.
func (s *Meetings) allow(p *participant) {
	p.rooms.Lock()
	defer p.rooms.Unlock()
	s.mu.Lock()
	shown := p.shown
	s.mu.Unlock()
	for source, allowed := range sending(shown) {
		s.Rooms.Allow(p.id, source, allowed)
	}
}

func sending(p wire.Participant) map[string]bool {
	return map[string]bool{wire.SourceMicrophone: !p.Muted, wire.SourceCamera: p.VideoOn,
		wire.SourceScreen: p.ScreenSharing, wire.SourceScreenAudio: p.ScreenSharing}
}

// admit announces the participant and answers with the snapshot.
func (s *Meetings) admit(p *participant, sig *signals, reply func(wire.MeetingJoined)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := p.meeting
	if m.over {
		return errMeetingOver
	}
	if p.signals != sig {
		return errPlaceLost
	}
	event := wire.EventParticipantUpdated
	if !p.admitted {
		p.admitted, event = true, wire.EventParticipantJoined
	}
	p.socket.Unfollow(p.topics()...) // it has followed them already when it joins again
	s.Publisher.Publish(MeetingTopic(m.row.ID), event, wire.ParticipantChanged{MeetingID: m.row.ID, Participant: p.shown})
	s.Playback.Snapshot(m.row.ID, func(t *wire.Timeline) {
		p.socket.Follow(p.topics()...)
		reply(wire.MeetingJoined{ParticipantID: p.id, Participants: m.list(), Settings: wire.MeetingSettings(m.row.Settings),
			ICEServers: s.ICEServers(p.shown.User.ID), Playback: t})
	})
	sig.open()
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
	p := s.sockets[socket]
	left := p != nil && s.drop(p, "left")
	s.mu.Unlock()
	if left {
		s.settle(ctx, p)
	}
}

// Closed follows the end of a socket, of which the last frame was seen at lastSeen: a place given up, or kept for a while.
func (s *Meetings) Closed(ctx context.Context, socket Socket, end SocketEnd, lastSeen time.Time) {
	if end == SocketClosed {
		s.Leave(ctx, socket)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
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
	keep := p.lastSeen.Add(placeKept).Sub(s.Clock.Now())
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

// announce publishes the participant's state. The caller holds mu.
func (s *Meetings) announce(p *participant) {
	if p.admitted {
		id := p.meeting.row.ID
		s.Publisher.Publish(MeetingTopic(id), wire.EventParticipantUpdated, wire.ParticipantChanged{MeetingID: id, Participant: p.shown})
	}
}

// drop takes a participant out and tells the others; it reports false for one who is out already. The caller holds mu and,
// after releasing it, calls settle.
func (s *Meetings) drop(p *participant, reason string) bool {
	m := p.meeting
	if m.participants[p.id] != p || m.over {
		return false
	}
	delete(m.participants, p.id)
	s.detach(p)
	if p.admitted {
		s.Publisher.Publish(MeetingTopic(m.row.ID), wire.EventParticipantLeft,
			wire.ParticipantLeft{MeetingID: m.row.ID, ParticipantID: p.id, Reason: reason})
	}
	if m.sharer == p {
		m.sharer = nil
	}
	if len(m.participants) == 0 {
		s.awaitSomebody(m)
	}
	return true
}

// detach lets go of the participant's socket, signals and timer. The caller holds mu.
func (s *Meetings) detach(p *participant) {
	p.stopTimer()
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
	s.Playback.Forget(p.meeting.row.ID, p.id)
	if err := s.Store.EndAttendance(context.WithoutCancel(ctx), stamp(s.Clock), p.id); err != nil {
		s.Log.Error("attendance not closed", "participant", p.id, "err", err)
	}
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

package services

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Limits of the lobby.
const (
	maxWaiting   = 100              // members, and as many strangers, in one meeting
	sinceKept    = 30 * time.Second // how long somebody who was cut off keeps their place in the queue
	emptyWithout = 15 * time.Minute // how long a meeting stays open in which people wait and nobody is
)

// deniedFor is how long somebody who was sent away from a meeting may not ask again: longer each time, so that nobody wears a teacher out.
var deniedFor = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// denial is that a teacher has sent somebody away. Meetings.mu guards it.
type denial struct {
	times int
	until time.Time // they may ask again
}

// shown is what they are told of it.
func (d denial) shown(meetingID string, now time.Time) wire.MeetingDenied {
	return wire.MeetingDenied{MeetingID: meetingID, AgainS: int(math.Ceil(d.until.Sub(now).Seconds()))}
}

// Enrol makes somebody who was let in a student of the channel, with the right of the teacher who does it. One who is a member
// already stays what they are.
type Enrol func(ctx context.Context, actor Actor, channelID, userID string) error

// waiter is somebody who waits to be let in, with all windows; Meetings.mu guards it.
type waiter struct {
	meeting *meeting
	user    wire.Profile
	member  bool // of the channel
	since   time.Time
	sockets map[Socket]bool
	gone    Timer // forgets somebody without sockets
}

func (w *waiter) topic() string { return WaitingTopic(w.meeting.row.ID, w.user.ID) }

// shown is what somebody who waits is told.
func (w *waiter) shown() wire.Waiting {
	reason := "lobby"
	if !w.member {
		reason = "knock"
	}
	return wire.Waiting{MeetingID: w.meeting.row.ID, Reason: reason, Since: wire.At(w.since), Teachers: w.meeting.teachers}
}

// mustWait tells whether a student has to be let in first; invited: they have been in before. The caller holds Meetings.mu.
func (m *meeting) mustWait(who wire.Participant, invited bool) bool {
	return m.row.Settings.Lobby && !Teaches(who.Role) && !invited && !slices.Contains(m.row.State.Admitted, who.User.ID)
}

// queue is who waits, longest first, or only the one named. The caller holds Meetings.mu.
func (m *meeting) queue(userID string) []*waiter {
	var queue []*waiter
	for id, w := range m.waiting {
		if len(w.sockets) > 0 && (userID == "" || userID == id) {
			queue = append(queue, w)
		}
	}
	slices.SortFunc(queue, func(a, b *waiter) int {
		if c := a.since.Compare(b.since); c != 0 {
			return c
		}
		return strings.Compare(a.user.ID, b.user.ID)
	})
	return queue
}

// crowd counts the members who wait, or the strangers: these must not take the places of those. The caller holds Meetings.mu.
func (m *meeting) crowd(members bool) (n int) {
	for _, w := range m.queue("") {
		if w.member == members {
			n++
		}
	}
	return n
}

// lobby is the queue as teachers see it. The caller holds Meetings.mu.
func (m *meeting) lobby() []wire.Waiter {
	shown := []wire.Waiter{}
	for _, w := range m.queue("") {
		shown = append(shown, wire.Waiter{User: w.user, Member: w.member, Since: wire.At(w.since)})
	}
	return shown
}

// knock lets a stranger who has the link wait.
func (s *Meetings) knock(ctx context.Context, actor Actor, socket Socket, meetingID string, reply JoinReply) error {
	row, err := s.linked(ctx, meetingID)
	if err != nil {
		return err
	}
	if s.Enrol == nil {
		return NotFound("meeting")
	}
	if err := actor.mayJoin(); err != nil {
		return err
	}
	user, err := s.Store.User(ctx, actor.UserID)
	if err != nil {
		return err
	}
	who := profile(*user, s.Publisher)
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.entrance(row.ID, socket, who.ID)
	if err != nil {
		return err
	}
	return s.wait(m, socket, who, false, reply)
}

// wait puts a socket into the lobby and tells it so. The caller holds mu.
func (s *Meetings) wait(m *meeting, socket Socket, user wire.Profile, member bool, reply JoinReply) error {
	if now, denied := s.Clock.Now(), m.denied[user.ID]; now.Before(denied.until) {
		return &Error{Kind: KindDenied, Message: "A teacher has not let you in. You can ask again later.", Current: denied.shown(m.row.ID, now)}
	}
	w := m.waiting[user.ID]
	if (w == nil || len(w.sockets) == 0) && m.crowd(member) >= maxWaiting {
		return &Error{Kind: KindRoomFull, Message: "Too many people are waiting already."}
	}
	if s.knocking[socket] != w { // for another meeting
		s.leaveLobby(socket)
	}
	if w == nil {
		w = &waiter{meeting: m, since: stamp(s.Clock), sockets: map[Socket]bool{}}
		m.waiting[user.ID] = w
	}
	if w.gone != nil {
		w.gone.Stop()
		w.gone = nil
	}
	w.user, w.member = user, member
	w.sockets[socket] = true
	s.knocking[socket] = w
	socket.Follow(w.topic())
	reply(wire.MeetingJoined{}, &Error{Kind: KindWaiting, Message: "A teacher will let you in.", Current: w.shown()})
	s.tellLobby(m)
	return nil
}

// leaveLobby ends a socket's waiting. The caller holds mu.
func (s *Meetings) leaveLobby(socket Socket) {
	w := s.knocking[socket]
	if w == nil {
		return
	}
	socket.Unfollow(w.topic())
	delete(s.knocking, socket)
	delete(w.sockets, socket)
	if len(w.sockets) > 0 {
		return
	}
	s.tellLobby(w.meeting)
	if s.closed {
		return
	}
	var timer Timer
	timer = s.Clock.AfterFunc(sinceKept, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if w.gone == timer && w.meeting.waiting[w.user.ID] == w {
			delete(w.meeting.waiting, w.user.ID)
		}
	})
	w.gone = timer
}

// dismiss ends somebody's waiting in all windows, with an event unless it is empty. The caller holds mu and tells the teachers.
func (s *Meetings) dismiss(w *waiter, event string, data any) {
	if event != "" {
		s.Publisher.Publish(w.topic(), event, data)
	}
	for socket := range w.sockets {
		socket.Unfollow(w.topic())
		delete(s.knocking, socket)
	}
	clear(w.sockets)
	if w.gone != nil {
		w.gone.Stop()
	}
	delete(w.meeting.waiting, w.user.ID)
}

// welcome ends the waiting of somebody who may come in now; nil: nobody waits. The caller holds mu.
func (s *Meetings) welcome(w *waiter) {
	if w != nil {
		s.dismiss(w, wire.EventMeetingAdmitted, wire.MeetingAdmitted{MeetingID: w.meeting.row.ID})
		s.tellLobby(w.meeting)
	}
}

// tellLobby shows the teachers who waits. The caller holds mu.
func (s *Meetings) tellLobby(m *meeting) {
	if !m.over {
		s.Publisher.PublishState(MeetingTeachersTopic(m.row.ID), "lobby", wire.EventMeetingLobby, wire.Lobby{MeetingID: m.row.ID, Waiting: m.lobby()})
	}
}

// tellWaiting tells those who wait how many teachers there are, when that has changed. The caller holds mu.
func (s *Meetings) tellWaiting(m *meeting) {
	teachers := 0
	for _, p := range m.participants {
		if p.admitted && Teaches(p.shown.Role) {
			teachers++
		}
	}
	if teachers == m.teachers {
		return
	}
	m.teachers = teachers
	for _, w := range m.queue("") {
		s.Publisher.PublishState(w.topic(), "waiting", wire.EventMeetingWaiting, w.shown())
	}
}

// Admit lets in somebody who waits or, without an id, all members who do. A stranger becomes a student of the channel; that is decided
// for each by name, or whoever knocks in the moment before "all" would be one.
func (s *Meetings) Admit(ctx context.Context, actor Actor, socket Socket, userID string) error {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	m := me.meeting
	m.switching.Lock()
	defer m.switching.Unlock()
	s.mu.Lock()
	queue := m.queue(userID)
	if userID == "" {
		queue = members(queue)
	}
	stranger := len(queue) == 1 && !queue[0].member
	s.mu.Unlock()
	if len(queue) == 0 && userID != "" {
		return NotFound("person waiting")
	}
	if stranger {
		if err := s.Enrol(ctx, actor, m.row.ChannelID, userID); err != nil {
			return err
		}
	}
	return s.letIn(ctx, m, queue)
}

// members are those in a queue who are in the channel.
func members(queue []*waiter) []*waiter {
	return slices.DeleteFunc(queue, func(w *waiter) bool { return !w.member })
}

// letIn keeps that some who wait need not wait any more, and tells them. The caller holds m.switching and not mu.
func (s *Meetings) letIn(ctx context.Context, m *meeting, queue []*waiter) error {
	if len(queue) == 0 {
		return nil
	}
	return s.remember(ctx, m, func(state *models.MeetingState) error {
		for _, w := range queue {
			if !slices.Contains(state.Admitted, w.user.ID) {
				state.Admitted = append(state.Admitted, w.user.ID)
			}
		}
		return nil
	}, func() {
		for _, w := range queue {
			s.dismiss(w, wire.EventMeetingAdmitted, wire.MeetingAdmitted{MeetingID: m.row.ID})
		}
		s.tellLobby(m)
	})
}

// Deny sends somebody who waits away. They may ask again after a pause that grows.
func (s *Meetings) Deny(ctx context.Context, actor Actor, socket Socket, userID string) error {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	m := me.meeting
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := m.queue(userID)
	if len(queue) == 0 || userID == "" {
		return NotFound("person waiting")
	}
	now, denied := s.Clock.Now(), m.denied[userID]
	denied.until = now.Add(deniedFor[min(denied.times, len(deniedFor)-1)])
	denied.times++
	m.denied[userID] = denied
	s.dismiss(queue[0], wire.EventMeetingDenied, denied.shown(m.row.ID, now))
	s.tellLobby(m)
	return nil
}

// Door is what anybody who is signed in sees of a meeting whose link they have.
func (s *Meetings) Door(ctx context.Context, actor Actor, meetingID string) (*wire.MeetingDoor, error) {
	row, err := s.linked(ctx, meetingID)
	if err != nil {
		return nil, err
	}
	channel, err := s.Store.Channel(ctx, row.ChannelID)
	if err != nil {
		return nil, err
	}
	host, err := s.Store.User(ctx, row.HostID)
	if err != nil {
		return nil, err
	}
	_, err = s.Store.Member(ctx, row.ChannelID, actor.UserID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	return &wire.MeetingDoor{ID: row.ID, ChannelName: channel.Name, Host: profile(*host, s.Publisher), StartedAt: wire.At(row.StartedAt),
		EndedAt: wire.AtPtr(row.EndedAt), Member: err == nil}, nil
}

// linked is the meeting that a link leads to, whoever follows it.
func (s *Meetings) linked(ctx context.Context, meetingID string) (*models.Meeting, error) {
	id, ok := models.ParseID(meetingID)
	if !ok {
		return nil, NotFound("meeting")
	}
	row, err := s.Store.Meeting(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		err = NotFound("meeting")
	}
	return row, err
}

package services_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// timerClock is a clock with timers that tests turn; due timers run inside turn.
type timerClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*handTimer
}

type handTimer struct {
	clock *timerClock
	at    time.Time
	run   func()
}

func newTimerClock() *timerClock {
	return &timerClock{now: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
}

func (c *timerClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *timerClock) AfterFunc(d time.Duration, f func()) services.Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := &handTimer{c, c.now.Add(d), f}
	c.timers = append(c.timers, timer)
	return timer
}

func (t *handTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	before := len(t.clock.timers)
	t.clock.timers = slices.DeleteFunc(t.clock.timers, func(o *handTimer) bool { return o == t })
	return len(t.clock.timers) < before
}

// turn moves the time and runs what is due, in order.
func (c *timerClock) turn(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	for {
		var next *handTimer
		for _, t := range c.timers {
			if !t.at.After(end) && (next == nil || t.at.Before(next.at)) {
				next = t
			}
		}
		if next == nil {
			break
		}
		c.timers = slices.DeleteFunc(c.timers, func(o *handTimer) bool { return o == next })
		if next.at.After(c.now) {
			c.now = next.at
		}
		c.mu.Unlock()
		next.run()
		c.mu.Lock()
	}
	c.now = end
	c.mu.Unlock()
}

// heard is what was published, by name.
type heard struct{ published }

// take returns the names of the events since the last take.
func (h *heard) take() []string {
	names := []string{}
	for _, e := range h.published.take() {
		names = append(names, e.name)
	}
	return names
}

// last is the data of the newest event of that name.
func (h *heard) last(t *testing.T, name string) any {
	t.Helper()
	data := h.lastOr(name)
	require.NotNil(t, data, "no event "+name)
	return data
}

// lastOr is last, or nil when there is none.
func (h *heard) lastOr(name string) any {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range slices.Backward(h.events) {
		if e.name == name {
			return e.data
		}
	}
	return nil
}

// topics are where the events of a name went.
func (h *heard) topics(name string) (topics []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		if e.name == name {
			topics = append(topics, e.topic)
		}
	}
	return topics
}

// roomBook records what is asked of the SFU, in place of it.
type roomBook struct {
	services.Rooms
	mu      sync.Mutex
	peers   map[string]services.RoomSignals
	allowed map[string]map[string]bool
	groups  map[string]string // of those who are not in the main one
	loud    []string          // who broadcasts
	closed  []string
}

func newRoomBook() *roomBook {
	return &roomBook{peers: map[string]services.RoomSignals{}, allowed: map[string]map[string]bool{}, groups: map[string]string{}}
}

func (r *roomBook) Join(_ context.Context, _, id string, out services.RoomSignals) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.peers[id], r.allowed[id] = out, map[string]bool{}
	return nil
}

func (r *roomBook) Leave(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.peers, id)
	delete(r.groups, id)
	r.broadcast(id, false)
}

func (r *roomBook) Allow(id, source string, allowed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.allowed[id] != nil {
		r.allowed[id][source] = allowed
	}
}

func (r *roomBook) Group(id, group string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if delete(r.groups, id); group != "" && r.peers[id] != nil {
		r.groups[id] = group
	}
}

func (r *roomBook) Broadcast(id string, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broadcast(id, on)
}

func (r *roomBook) broadcast(id string, on bool) {
	r.loud = slices.DeleteFunc(r.loud, func(other string) bool { return other == id })
	if on {
		r.loud = append(r.loud, id)
	}
}

func (r *roomBook) CloseRoom(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = append(r.closed, id)
}

func (r *roomBook) peer(id string) services.RoomSignals {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.peers[id]
}

// seat is a socket that only knows what it follows, and when it was heard of last: always, unless silent says when.
type seat struct {
	topics map[string]bool
	silent time.Time
}

func newSeat() *seat { return &seat{topics: map[string]bool{}} }

func (s *seat) LastSeen() time.Time {
	if s.silent.IsZero() {
		return time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return s.silent
}

func (s *seat) Follow(topics ...string) {
	for _, t := range topics {
		s.topics[t] = true
	}
}

func (s *seat) Unfollow(topics ...string) {
	for _, t := range topics {
		delete(s.topics, t)
	}
}

// noFiles is a library without any file.
type noFiles struct{}

func (noFiles) ForPlayback(context.Context, services.Actor, string) (wire.File, error) {
	return wire.File{}, services.NotFound("file")
}
func (noFiles) URL(id string) string { return "/" + id }

// lesson is a channel with a teacher, two students and a meeting.
type lesson struct {
	store         *models.Store
	clock         *timerClock
	pub           *heard
	rooms         *roomBook
	meetings      *services.Meetings
	playback      *services.Playback
	polls         *services.Polls
	posts         *services.MeetingPosts
	comments      *services.Comments
	teacher       services.Actor
	ada, bob      services.Actor
	channelID, id string
	teacherSeat   *seat
}

func newLesson(t *testing.T, store *models.Store) *lesson {
	t.Helper()
	l := &lesson{store: store, clock: newTimerClock(), pub: &heard{}, rooms: newRoomBook(), channelID: models.NewID(), teacherSeat: newSeat()}
	l.teacher, l.ada, l.bob = register(t, store, "Teacher"), register(t, store, "Ada"), register(t, store, "Bob")
	now := l.clock.Now()
	require.NoError(t, store.DB(t.Context()).Create(&models.Channel{ID: l.channelID, Name: "Physics", CreatedBy: l.teacher.UserID, CreatedAt: now, UpdatedAt: now}).Error)
	for who, role := range map[services.Actor]string{l.teacher: models.RoleOwner, l.ada: models.RoleStudent, l.bob: models.RoleStudent} {
		require.NoError(t, store.DB(t.Context()).Create(&models.Member{ChannelID: l.channelID, UserID: who.UserID, Role: role, JoinedAt: now}).Error)
	}
	l.restart(t)
	meeting, created, err := l.meetings.Start(t.Context(), l.teacher, l.channelID)
	require.NoError(t, err)
	require.True(t, created)
	l.id = meeting.ID
	l.pub.take()
	return l
}

// restart makes new services over the same database.
func (l *lesson) restart(t *testing.T) {
	t.Helper()
	if l.meetings != nil {
		l.meetings.Close(t.Context())
	}
	notifier := newNotifier(t, l.store, l.pub, l.clock)
	entries := services.NewEntries(l.store, l.pub, nil, notifier, l.clock)
	comments := services.NewComments(entries)
	l.posts, l.comments = services.NewMeetingPosts(entries), comments
	l.polls = services.NewPolls(services.PollsOptions{Store: l.store, Publisher: l.pub, Comments: comments, Clock: l.clock, Log: testenv.Log(t)})
	l.playback = services.NewPlayback(services.PlaybackOptions{Store: l.store, Files: noFiles{}, Comments: comments, Publisher: l.pub, Clock: l.clock,
		Time: services.NewServerClock(l.clock), Log: testenv.Log(t)})
	l.meetings = services.NewMeetings(services.MeetingsOptions{Store: l.store, Publisher: l.pub, Rooms: l.rooms, Playback: l.playback, Polls: l.polls, Posts: l.posts, Notifier: notifier,
		Clock: l.clock, Log: testenv.Log(t), ICEServers: func(string) []wire.ICEServer { return []wire.ICEServer{} }, MaxParticipants: 3})
	require.NoError(t, l.meetings.Restore(t.Context()))
}

func (l *lesson) join(t *testing.T, who services.Actor, s *seat, cmd wire.MeetingJoin) wire.MeetingJoined {
	t.Helper()
	var joined wire.MeetingJoined
	cmd.MeetingID = l.id
	require.NoError(t, l.meetings.Join(t.Context(), who, s, cmd, func(j wire.MeetingJoined, _ error) { joined = j }))
	return joined
}

func (l *lesson) active(t *testing.T) bool {
	t.Helper()
	row, err := l.store.Meeting(t.Context(), l.id)
	require.NoError(t, err)
	return row.EndedAt == nil
}

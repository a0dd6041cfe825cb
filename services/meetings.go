package services

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// emptyFor is how long a meeting without participants stays open, placeKeptOver how long after a restart of the program one finds
// one's place again.
const (
	emptyFor      = 60 * time.Second
	placeKeptOver = 2 * time.Minute
)

// MeetingsOptions is what Meetings needs.
type MeetingsOptions struct {
	Store           *models.Store
	Publisher       Publisher
	Rooms           Rooms
	Notifier        Notifier
	Playback        *Playback
	Polls           *Polls
	Posts           *MeetingPosts
	Clock           Clock
	Log             *slog.Logger
	ICEServers      func(userID string) []wire.ICEServer
	Presence        func(ctx context.Context, userID string) // somebody has come in or gone; nil: nobody asks
	MaxParticipants int                                      // of one meeting
	Enrol           Enrol                                    // set before the first request; nil: nobody can knock
}

// Meetings are the live lessons: which there are (in the database), and who is in them (in memory, since sockets and peer
// connections do not outlive the program either).
type Meetings struct {
	MeetingsOptions

	// mu guards live, sockets and all that hangs from them, and the order of the meetings' events. It is never held over
	// the database or Rooms, so that the SFU's signals never wait.
	mu       sync.Mutex
	live     map[string]*meeting
	sockets  map[Socket]*participant
	knocking map[Socket]*waiter // those of sockets that wait to be let in
	closed   bool

	interrupted map[string]models.Attendance // places that were taken when the program last stopped, by participant
	until       time.Time                    // when these are given up

	reactions, allReactions, captions, lines, told, hands *RateLimit
}

// meeting is an active meeting; Meetings.mu guards it.
type meeting struct {
	row          models.Meeting
	participants map[string]*participant // those still joining included
	speakers     map[string][]string     // by room
	broadcasting string                  // the participant whom all breakouts hear
	waiting      map[string]*waiter      // by user; those included who were cut off a moment ago
	denied       map[string]denial
	teachers     int // as those who wait were last told
	emptySince   time.Time
	empty        Timer // runs while there are no participants
	recall       Timer // runs while the groups' rooms have an end
	counted      pace  // of telling the channel how many are there
	over         bool  // ending: nobody gets in any more

	switching sync.Mutex // one change of settings or state at a time, from the database to the event; taken before Meetings.mu
}

// NewMeetings prepares it; Restore must follow before the first request.
func NewMeetings(o MeetingsOptions) *Meetings {
	s := &Meetings{MeetingsOptions: o, live: map[string]*meeting{}, sockets: map[Socket]*participant{}, knocking: map[Socket]*waiter{},
		reactions:    NewRateLimit(reactionsPerSecond, reactionBurst, o.Clock),
		allReactions: NewRateLimit(allReactionsPerSecond, allReactionsBurst, o.Clock),
		captions:     NewRateLimit(captionsPerSecond, captionBurst, o.Clock),
		lines:        NewRateLimit(linesPerSecond, lineBurst, o.Clock),
		told:         NewRateLimit(toldPerSecond, toldBurst, o.Clock),
		hands:        NewRateLimit(handsPerSecond, handBurst, o.Clock)}
	o.Playback.seats = s
	return s
}

// Restore takes up the meetings that an earlier run of the program left active. Its participants have a minute to return.
func (s *Meetings) Restore(ctx context.Context) error {
	now := stamp(s.Clock)
	interrupted, err := s.Store.Interrupted(ctx, now.Add(-placeKeptOver))
	if err != nil {
		return err
	}
	if err := s.Store.CloseAttendances(ctx, now); err != nil {
		return err
	}
	rows, err := s.Store.ActiveMeetings(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interrupted, s.until = interrupted, now.Add(placeKeptOver)
	for _, row := range rows {
		s.open(row)
	}
	return nil
}

// open puts a meeting into the registry, empty. The caller holds mu.
func (s *Meetings) open(row models.Meeting) {
	m := &meeting{row: row, participants: map[string]*participant{}, speakers: map[string][]string{}, counted: pace{every: countEvery},
		waiting: map[string]*waiter{}, denied: map[string]denial{}}
	s.live[row.ID] = m
	s.awaitSomebody(m)
	s.watchBreakouts(m)
}

// awaitSomebody ends a meeting that stays empty; while people wait for a teacher to let them in it may do so for longer. The caller
// holds mu.
func (s *Meetings) awaitSomebody(m *meeting) {
	if s.closed {
		return
	}
	m.emptySince = s.Clock.Now()
	s.endWhenEmpty(m)
}

func (s *Meetings) endWhenEmpty(m *meeting) {
	var timer Timer
	timer = s.Clock.AfterFunc(emptyFor, func() {
		s.mu.Lock()
		abandoned := m.empty == timer && len(m.participants) == 0 && !m.over && !s.closed
		if abandoned && len(m.queue("")) > 0 && s.Clock.Now().Sub(m.emptySince) < emptyWithout {
			abandoned = false
			s.endWhenEmpty(m)
		}
		m.over = m.over || abandoned
		s.mu.Unlock()
		if !abandoned {
			return
		}
		if err := s.finish(context.Background(), m, "empty"); err != nil {
			s.Log.Error("empty meeting not ended", "meeting", m.row.ID, "err", err)
			s.mu.Lock()
			defer s.mu.Unlock()
			m.over = false
			s.awaitSomebody(m)
		}
	})
	m.empty = timer
}

// Close stops all timers and ends everybody's attendance; the meetings themselves go on after a restart.
func (s *Meetings) Close(ctx context.Context) {
	s.Playback.Close()
	s.Polls.Stop()
	present := []string{}
	s.mu.Lock()
	s.closed = true
	for _, m := range s.live {
		m.stopTimers()
		for id, p := range m.participants {
			p.stopTimer()
			present = append(present, id)
		}
	}
	s.mu.Unlock()
	if err := s.Store.EndAttendance(ctx, stamp(s.Clock), present...); err != nil {
		s.Log.Error("attendance not closed", "err", err)
	}
}

// Start begins a channel's meeting; created is false when there is an active one, which every member gets.
func (s *Meetings) Start(ctx context.Context, actor Actor, channelID string) (shown *wire.Meeting, created bool, err error) {
	member, err := Authorize(ctx, s.Store, actor, channelID, ActionMeet)
	if err != nil {
		return nil, false, err
	}
	for range 2 { // again if somebody else was faster
		active, err := s.Store.ActiveMeetings(ctx, channelID)
		if err != nil {
			return nil, false, err
		}
		if len(active) > 0 {
			shown, err = s.show(ctx, &active[0])
			return shown, false, err
		}
		if !Teaches(member.Role) {
			return nil, false, Forbidden("Only a teacher can start a meeting.")
		}
		row := models.Meeting{ID: models.NewID(), ChannelID: channelID, HostID: actor.UserID, StartedAt: stamp(s.Clock)}
		var seq int64
		var tell func()
		err = s.Store.Tx(ctx, func(tx *models.Store) error {
			channel, err := tx.LockChannel(ctx, channelID)
			if err != nil {
				return err
			}
			if channel.ArchivedAt != nil { // in this moment
				return errArchived
			}
			row.Settings = channel.MeetingMemory.Settings
			if err := tx.AddMeeting(ctx, &row); err != nil {
				return err
			}
			if tell, err = s.invite(ctx, tx, row); err != nil {
				return err
			}
			seq, err = record(ctx, tx, ChannelTopic(channelID), wire.EventMeetingStarted, changedMeeting, row.ID)
			return err
		})
		if errors.Is(err, models.ErrDuplicate) {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		s.mu.Lock()
		s.open(row)
		s.mu.Unlock()
		if shown, err = s.show(ctx, &row); err != nil {
			return nil, false, err
		}
		s.Publisher.PublishChange(ChannelTopic(channelID), seq, wire.EventMeetingStarted, shown)
		tell()
		return shown, true, nil
	}
	return nil, false, &Error{Kind: KindConflict, Message: "The meeting has just ended. Please try again."}
}

// invite tells the members who want to hear of it that a meeting has begun.
func (s *Meetings) invite(ctx context.Context, tx *models.Store, row models.Meeting) (tell func(), err error) {
	return s.Notifier.Announce(ctx, tx, models.Announcement{Kind: models.NotifyMeeting, EntityID: row.ID, ActorID: row.HostID,
		ChannelID: row.ChannelID, MeetingID: &row.ID})
}

// Get shows a meeting, active or over.
func (s *Meetings) Get(ctx context.Context, actor Actor, id string) (*wire.Meeting, error) {
	row, _, err := visibleMeeting(ctx, s.Store, actor, id, ActionRead)
	if err != nil {
		return nil, err
	}
	return s.show(ctx, row)
}

// Active finds the active meeting of each of some channels. It checks no permission.
func (s *Meetings) Active(ctx context.Context, channelIDs ...string) (map[string]*wire.Meeting, error) {
	found := map[string]*wire.Meeting{}
	if len(channelIDs) == 0 {
		return found, nil
	}
	rows, err := s.Store.ActiveMeetings(ctx, channelIDs...)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if found[rows[i].ChannelID], err = s.show(ctx, &rows[i]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// End ends a meeting for all; one that is over stays as it is.
func (s *Meetings) End(ctx context.Context, actor Actor, id string) (*wire.Meeting, error) {
	row, _, err := visibleMeeting(ctx, s.Store, actor, id, ActionDrive)
	if err != nil {
		return nil, err
	}
	if row.EndedAt == nil {
		s.mu.Lock()
		m := s.live[row.ID]
		s.mu.Unlock()
		if m == nil { // another call is ending it, or its start is not finished
			m = &meeting{row: *row}
		}
		if err := s.finish(ctx, m, "ended"); err != nil {
			return nil, err
		}
	}
	if row, err = s.Store.Meeting(ctx, row.ID); err != nil {
		return nil, err
	}
	return s.show(ctx, row)
}

// finish ends a meeting in the database, sends everybody out and tells the channel, once. One that is over already, or
// whose row is gone, leaves the memory too.
func (s *Meetings) finish(ctx context.Context, m *meeting, reason string) error {
	s.mu.Lock()
	row := m.row
	s.mu.Unlock()
	if err := s.Polls.CloseAll(ctx, row); err != nil {
		return err
	}
	defer s.Posts.ending(row)()
	seq, tell, err := s.endRow(ctx, row)
	if err != nil {
		return err
	}
	tell() // first: so are their numbers
	id := row.ID
	s.mu.Lock()
	if seq > 0 {
		s.Publisher.PublishChange(ChannelTopic(m.row.ChannelID), seq, wire.EventMeetingEnded,
			wire.MeetingEnded{MeetingID: id, ChannelID: m.row.ChannelID, Reason: reason})
	}
	var users []string
	for _, p := range m.participants {
		users = append(users, p.shown.User.ID)
	}
	s.forget(m, reason)
	s.mu.Unlock()
	s.Rooms.CloseRoom(id)
	s.Playback.End(id)
	s.Polls.End(id)
	s.moved(ctx, users...)
	return nil
}

// endRow ends a meeting in the database and gives its post the last text. seq is 0 when it was over already; tell shows the post.
func (s *Meetings) endRow(ctx context.Context, row models.Meeting) (seq int64, tell func(), err error) {
	err = s.Store.Tx(ctx, func(tx *models.Store) error {
		seq, tell = 0, func() {}
		ended, err := tx.EndMeeting(ctx, row.ID, stamp(s.Clock))
		if err != nil || !ended {
			return err
		}
		if tell, err = s.Posts.end(ctx, tx, row.ID); err != nil {
			return err
		}
		seq, err = record(ctx, tx, ChannelTopic(row.ChannelID), wire.EventMeetingEnded, changedMeeting, row.ID)
		return err
	})
	return seq, tell, err
}

// forget takes a meeting out of the registry and everybody out of it. The caller holds mu and, after releasing it, closes
// room and playback.
func (s *Meetings) forget(m *meeting, reason string) {
	m.over = true
	for _, w := range m.waiting {
		if w.member { // they hear what the channel hears
			s.dismiss(w, "", nil)
		} else {
			s.dismiss(w, wire.EventMeetingEnded, wire.MeetingEnded{MeetingID: m.row.ID, ChannelID: m.row.ChannelID, Reason: reason})
		}
	}
	delete(s.live, m.row.ID)
	m.stopTimers()
	for _, p := range m.participants {
		s.detach(p)
	}
}

func (m *meeting) stopTimers() {
	for _, timer := range []Timer{m.empty, m.recall} {
		if timer != nil {
			timer.Stop()
		}
	}
	m.counted.stop()
}

// show is a meeting as its members see it.
func (s *Meetings) show(ctx context.Context, row *models.Meeting) (*wire.Meeting, error) {
	shown, err := s.showAll(ctx, *row)
	if err != nil {
		return nil, err
	}
	return &shown[0], nil
}

func (s *Meetings) showAll(ctx context.Context, rows ...models.Meeting) ([]wire.Meeting, error) {
	var hosts, over []string
	for _, row := range rows {
		hosts = append(hosts, row.HostID)
		if row.EndedAt != nil {
			over = append(over, row.ID)
		}
	}
	users, err := s.Store.Users(ctx, hosts)
	if err != nil {
		return nil, err
	}
	came, err := s.Store.Attendees(ctx, over...)
	if err != nil {
		return nil, err
	}
	shown := make([]wire.Meeting, len(rows))
	for i, row := range rows {
		shown[i] = wire.Meeting{ID: row.ID, ChannelID: row.ChannelID, Host: profile(users[row.HostID], s.Publisher), Settings: wire.MeetingSettings(row.Settings),
			ParticipantCount: came[row.ID], StartedAt: wire.At(row.StartedAt), EndedAt: wire.AtPtr(row.EndedAt)}
		if row.EndedAt == nil {
			shown[i].ParticipantCount = s.count(row.ID)
		}
	}
	return shown, nil
}

func (s *Meetings) count(id string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.live[id]; m != nil {
		n = m.people()
	}
	return n
}

// InProgress counts the running meetings and the people in them.
func (s *Meetings) InProgress() (meetings, participants int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.live {
		participants += len(m.participants)
	}
	return len(s.live), participants
}

// moved lets others see that some users have come in or gone. The caller does not hold mu.
func (s *Meetings) moved(ctx context.Context, userIDs ...string) {
	if s.Presence == nil {
		return
	}
	for _, id := range userIDs {
		s.Presence(ctx, id)
	}
}

// Busy tells whether a user is in a meeting.
func (s *Meetings) Busy(userID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.live {
		for _, p := range m.participants {
			if p.admitted && p.shown.User.ID == userID {
				return true
			}
		}
	}
	return false
}

// activeMeeting finds a meeting that the actor may act in, and the actor's membership: KindNotFound for strangers,
// KindConflict once it has ended.
func activeMeeting(ctx context.Context, store *models.Store, actor Actor, id string, action Action) (*models.Meeting, *models.Member, error) {
	meeting, member, err := visibleMeeting(ctx, store, actor, id, action)
	if err == nil && meeting.EndedAt != nil {
		err = errMeetingOver
	}
	return meeting, member, err
}

// visibleMeeting is activeMeeting without regard to its end.
func visibleMeeting(ctx context.Context, store *models.Store, actor Actor, text string, action Action) (*models.Meeting, *models.Member, error) {
	id, ok := models.ParseID(text)
	if !ok {
		return nil, nil, NotFound("meeting")
	}
	meeting, err := store.Meeting(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil, NotFound("meeting")
	}
	if err != nil {
		return nil, nil, err
	}
	member, err := Authorize(ctx, store, actor, meeting.ChannelID, action)
	var domain *Error
	if errors.As(err, &domain) && domain.Kind == KindNotFound {
		return nil, nil, NotFound("meeting")
	}
	return meeting, member, err
}

var errMeetingOver = &Error{Kind: KindConflict, Message: "The meeting has ended."}

package services

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"

	"lectern/internal/wire"
	"lectern/models"
)

// Limits of a poll: of its texts in characters, of its options and of the polls that a meeting shows in number.
const (
	maxPollQuestion = 500
	maxPollOption   = 200
	maxPollOptions  = 10
	maxPolls        = 20
)

// PollsOptions is what Polls needs.
type PollsOptions struct {
	Store     *models.Store
	Publisher Publisher
	Comments  *Comments
	Clock     Clock
	Log       *slog.Logger
}

// Polls are what teachers ask everybody in a meeting. Each vote is stored before anybody hears of it.
type Polls struct {
	PollsOptions
	turns *turns // of meetings: one change at a time, from the database to the event

	mu     sync.Mutex // guards asked and all that hangs from it, and the order of the events
	asked  map[string]*ballots
	closed bool
}

// NewPolls prepares it.
func NewPolls(o PollsOptions) *Polls {
	return &Polls{PollsOptions: o, turns: newTurns(), asked: map[string]*ballots{}}
}

// Prepare reads a meeting's polls; Snapshot can then tell of them.
func (s *Polls) Prepare(ctx context.Context, meetingID string) error {
	_, err := s.open(ctx, meetingID)
	return err
}

// open gets a meeting's polls, from the database the first time. Those of a meeting that has ended are not kept.
func (s *Polls) open(ctx context.Context, meetingID string) (*ballots, error) {
	defer s.turns.take(meetingID)()
	s.mu.Lock()
	b := s.asked[meetingID]
	s.mu.Unlock()
	if b != nil {
		return b, nil
	}
	b, err := s.read(ctx, meetingID, maxPolls)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.asked[meetingID] = b
	s.mu.Unlock()
	running, err := s.Store.Running(ctx, meetingID) // only now: an end after this look finds them
	if err == nil && !running {
		s.End(meetingID)
	}
	return b, err
}

// read finds the newest polls of a meeting with their votes.
func (s *Polls) read(ctx context.Context, meetingID string, limit int) (*ballots, error) {
	rows, err := s.Store.Polls(ctx, meetingID, limit)
	if err != nil {
		return nil, err
	}
	ids, people := make([]string, len(rows)), []string{}
	for i, row := range rows {
		ids[i], people = row.ID, append(people, row.AuthorID)
	}
	votes, err := s.Store.PollVotes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, of := range votes {
		for _, v := range of {
			people = append(people, v.UserID)
		}
	}
	users, err := s.Store.Users(ctx, people)
	if err != nil {
		return nil, err
	}
	b := &ballots{meetingID: meetingID}
	for _, row := range rows {
		p := &poll{Poll: row, author: profile(users[row.AuthorID], s.Publisher)}
		for _, v := range votes[row.ID] {
			p.votes = append(p.votes, wire.PollMark{User: profile(users[v.UserID], s.Publisher), Choices: v.Choices})
		}
		b.polls = append(b.polls, p)
	}
	slices.SortFunc(b.polls, func(x, y *poll) int { return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.ID, y.ID)) })
	return b, nil
}

// Snapshot calls use with a meeting's polls as somebody sees them, the newest first, while nothing of them can be published: what use
// queues to a socket comes before every later event. Prepare must have been called.
func (s *Polls) Snapshot(meetingID, userID, role string, use func([]wire.Poll)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	polls := []wire.Poll{}
	if b := s.asked[meetingID]; b != nil {
		for _, p := range slices.Backward(b.polls) {
			polls = append(polls, p.seen(userID, Teaches(role)))
		}
	}
	use(polls)
}

// Brief tells a teacher who has come, or has become one, what was voted.
func (s *Polls) Brief(meetingID, participantID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.asked[meetingID]; b != nil {
		for _, p := range b.polls {
			s.Publisher.PublishState(ParticipantTopic(participantID), "poll result "+p.ID, wire.EventMeetingPollResult, p.result())
		}
	}
}

// Open asks a poll in the meeting that the actor is in. The same id again asks nothing.
func (s *Polls) Open(ctx context.Context, actor Actor, meetingID string, cmd wire.PollOpen) (*wire.Poll, error) {
	meeting, _, err := activeMeeting(ctx, s.Store, actor, meetingID, ActionDrive)
	if err != nil {
		return nil, err
	}
	row, err := checkPoll(cmd)
	if err != nil {
		return nil, err
	}
	author, err := s.Store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	b, err := s.open(ctx, meeting.ID)
	if err != nil {
		return nil, err
	}
	defer s.turns.take(meeting.ID)()
	s.mu.Lock()
	known, full := b.find(row.ID), b.full()
	s.mu.Unlock()
	if known != nil {
		return s.show(known, actor, true), nil
	}
	if full {
		return nil, &Error{Kind: KindConflict, Message: "Too many polls are open. Close one first."}
	}
	row.MeetingID, row.AuthorID, row.CreatedAt, row.Counts = meeting.ID, actor.UserID, stamp(s.Clock), make([]int, len(row.Options))
	err = s.Store.AddPoll(ctx, row)
	switch {
	case errors.Is(err, models.ErrDuplicate):
		return nil, &Error{Kind: KindConflict, Message: "This id was used for another poll."}
	case errors.Is(err, models.ErrNotFound): // it has ended in this moment
		return nil, errMeetingOver
	case err != nil:
		return nil, err
	}
	p := &poll{Poll: *row, author: profile(*author, s.Publisher)}
	s.mu.Lock()
	b.add(p)
	s.tell(b, p)
	s.mu.Unlock()
	return s.show(p, actor, true), nil
}

func checkPoll(cmd wire.PollOpen) (*models.Poll, error) {
	v := invalid{}
	row := &models.Poll{Multiple: cmd.Multiple, Anonymous: cmd.Anonymous, Live: cmd.Live, Question: v.text("question", cmd.Question, maxPollQuestion)}
	var ok bool
	if row.ID, ok = models.ParseID(cmd.ID); !ok {
		v["id"] = "It must be a UUID."
	}
	if v["question"] == "" && !visible(row.Question) {
		v["question"] = "It must have characters that can be seen."
	}
	if len(cmd.Options) < 2 || len(cmd.Options) > maxPollOptions {
		v["options"] = "There must be 2 to 10."
		return nil, v.err()
	}
	for _, text := range cmd.Options {
		text = v.line("options", text, 1, maxPollOption)
		switch {
		case v["options"] != "":
		case !visible(text):
			v["options"] = "Each must have characters that can be seen."
		case slices.Contains(row.Options, text):
			v["options"] = "They must all be different."
		}
		row.Options = append(row.Options, text)
	}
	return row, v.err()
}

// Vote gives or replaces the actor's choices; in an anonymous poll the first ones stand, since nobody knows which to take back.
func (s *Polls) Vote(ctx context.Context, actor Actor, meetingID string, cmd wire.PollVote) (*wire.Poll, error) {
	meeting, member, err := activeMeeting(ctx, s.Store, actor, meetingID, ActionMeet)
	if err != nil {
		return nil, err
	}
	user, err := s.Store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	b, p, done, err := s.turn(ctx, meeting.ID, cmd.PollID)
	if err != nil {
		return nil, err
	}
	defer done()
	teaches, before := Teaches(member.Role), p.voteOf(actor.UserID)
	mark, err := p.choose(profile(*user, s.Publisher), cmd.Choices)
	switch {
	case err != nil:
		return nil, err
	case p.ClosedAt != nil:
		return nil, &Error{Kind: KindConflict, Message: "Votes in this poll are no longer taken.", Current: s.show(p, actor, teaches)}
	case before != nil && p.Anonymous:
		return nil, &Error{Kind: KindConflict, Message: "You have voted. In an anonymous poll the first vote stands.", Current: s.show(p, actor, teaches)}
	}
	counts := p.counted(before, mark.Choices)
	row := models.PollVote{PollID: p.ID, UserID: actor.UserID, Choices: mark.Choices, At: stamp(s.Clock)}
	if p.Anonymous { // when somebody voted would tell what, seen together with the counts of that moment
		row.Choices, row.At, mark.Choices = []int{}, p.CreatedAt, []int{}
	}
	if err := s.Store.SavePollVote(ctx, row, counts); err != nil {
		return nil, err
	}
	s.mu.Lock()
	p.Counts = counts
	if before != nil {
		*before = mark
	} else {
		p.votes = append(p.votes, mark)
	}
	if s.asked[meeting.ID] == b && !s.closed {
		p.pace.soon(s.Clock, &s.mu, func() { s.tell(b, p) })
	}
	s.mu.Unlock()
	return s.show(p, actor, teaches), nil
}

// Close takes no more votes, and writes the result under the meeting's post. One that is closed stays closed.
func (s *Polls) Close(ctx context.Context, actor Actor, meetingID, pollID string) (*wire.Poll, error) {
	meeting, member, err := activeMeeting(ctx, s.Store, actor, meetingID, ActionDrive)
	if err != nil {
		return nil, err
	}
	b, p, done, err := s.turn(ctx, meeting.ID, pollID)
	if err != nil {
		return nil, err
	}
	defer done()
	if p.ClosedAt == nil {
		if err := s.Comments.closePoll(ctx, actor, member, *meeting, p.Poll, len(p.votes), stamp(s.Clock)); err != nil {
			return nil, err
		}
		s.over(b, p)
	}
	return s.show(p, actor, true), nil
}

// turn finds a poll and waits until nobody else changes one of the meeting; done ends that.
func (s *Polls) turn(ctx context.Context, meetingID, pollID string) (b *ballots, p *poll, done func(), err error) {
	if b, err = s.open(ctx, meetingID); err != nil {
		return nil, nil, nil, err
	}
	done = s.turns.take(meetingID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if p = b.find(pollID); p == nil {
		done()
		return nil, nil, nil, NotFound("poll")
	}
	return b, p, done, nil
}

// over notes that a poll is closed, and tells so. The caller has the meeting's turn.
func (s *Polls) over(b *ballots, p *poll) {
	now := stamp(s.Clock)
	s.mu.Lock()
	defer s.mu.Unlock()
	p.ClosedAt = &now
	s.tell(b, p)
}

// CloseAll closes the polls of a meeting that is ending. Where no result can be written the poll is closed with the meeting, without a
// comment.
func (s *Polls) CloseAll(ctx context.Context, meeting models.Meeting) error {
	b, err := s.open(ctx, meeting.ID)
	if err != nil {
		return err
	}
	defer s.turns.take(meeting.ID)()
	s.mu.Lock()
	open := slices.DeleteFunc(slices.Clone(b.polls), func(p *poll) bool { return p.ClosedAt != nil })
	s.mu.Unlock()
	for _, p := range open {
		if err := s.closeInAbsence(ctx, meeting, p); err != nil {
			s.Log.Warn("result of a poll not written", "poll", p.ID, "err", err)
			if _, err := s.Store.ClosePoll(ctx, p.ID, stamp(s.Clock)); err != nil {
				return err
			}
		}
		s.over(b, p)
	}
	return nil
}

// closeInAbsence closes a poll with its result in the name of who asked. Who has left the channel since, or was sent out, writes nothing
// there any more: then the meeting's host does, or else an owner of the channel.
func (s *Polls) closeInAbsence(ctx context.Context, meeting models.Meeting, p *poll) (err error) {
	owners, _, err := s.Store.Members(ctx, meeting.ChannelID, models.MemberFilter{Role: models.RoleOwner}, models.Page{Limit: 1})
	if err != nil {
		return err
	}
	names := []string{p.AuthorID, meeting.HostID}
	for _, owner := range owners {
		names = append(names, owner.UserID)
	}
	for _, name := range names {
		actor := Actor{UserID: name}
		var member *models.Member
		if member, err = Authorize(ctx, s.Store, actor, meeting.ChannelID, ActionPost); err == nil {
			err = s.Comments.closePoll(ctx, actor, member, meeting, p.Poll, len(p.votes), stamp(s.Clock))
		}
		if _, refused := errors.AsType[*Error](err); !refused { // written, or not because of the name
			return err
		}
	}
	return err
}

// End forgets a meeting's polls, which it no longer needs in memory.
func (s *Polls) End(meetingID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.asked[meetingID]; b != nil {
		b.stop()
		delete(s.asked, meetingID)
	}
}

// Stop ends all timers.
func (s *Polls) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, b := range s.asked {
		b.stop()
	}
}

// show is a poll as the actor sees it.
func (s *Polls) show(p *poll, actor Actor, teaches bool) *wire.Poll {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := p.seen(actor.UserID, teaches)
	return &seen
}

// tell publishes a poll as everybody sees it, and what was voted to the teachers. The caller holds mu.
func (s *Polls) tell(b *ballots, p *poll) {
	if s.asked[b.meetingID] != b || s.closed {
		return
	}
	s.Publisher.PublishState(MeetingTopic(b.meetingID), "poll "+p.ID, wire.EventMeetingPoll, wire.MeetingPoll{MeetingID: b.meetingID, Poll: p.seen("", false)})
	s.Publisher.PublishState(MeetingTeachersTopic(b.meetingID), "poll result "+p.ID, wire.EventMeetingPollResult, p.result())
}

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

// maxRinging is how many calls may ring at one person at a time.
const maxRinging = 3

// CallsOptions is what Calls needs.
type CallsOptions struct {
	Store      *models.Store
	Publisher  Publisher
	Talks      Talks
	Clock      Clock
	Log        *slog.Logger
	ICEServers func(userID string) []wire.ICEServer
	InMeeting  func(userID string) bool
	Changed    func(ctx context.Context, userID string) // somebody's being in a call may have changed
	// Alert tells the closed devices of a callee that a call rings, for so long yet.
	Alert   func(ctx context.Context, call wire.Call, left time.Duration) error
	Ringing time.Duration // until nobody is expected to answer
	Grace   time.Duration // a device that lost its connection may be away so long
	Rates   CallRates
	Ended   func(call wire.Call) // for the statistics; nil: nobody counts
}

// CallRates limit how often people are rung; a nil one does not.
type CallRates struct {
	Invites *RateLimit // of one caller
	Pairs   *RateLimit // of one caller to one callee
}

// Talks is what calls need of conversations.
type Talks interface {
	// Between finds the conversation of the actor with another user, whom they may talk to; it is made when there is none.
	Between(ctx context.Context, actor Actor, userID string) (conversationID string, err error)
	// RecordCall leaves the line of a call that has ended in its conversation and, when it was missed, the callee's
	// notification, within tx. After the commit, publish tells of them.
	RecordCall(ctx context.Context, tx *models.Store, call *models.Call) (publish func(), err error)
}

// Calls are those between two people: which there are (in the database), and which devices are in them (in memory, since
// sockets do not outlive the program). The media goes from one device to the other; Calls only introduces them.
type Calls struct {
	CallsOptions

	alerts   sync.WaitGroup // of Alert, which may take its time
	alerting context.Context
	silence  context.CancelFunc // ends them

	// changing orders the changes of state, each from the database to the events. It is taken before mu.
	changing sync.Mutex

	// mu guards the rest and all that hangs from it, and the order of the calls' events. It is never held over the database.
	mu      sync.Mutex
	live    map[string]*call
	sockets map[Socket]*call
	closed  bool
}

// call is one that rings or is active; Calls.mu guards it, and Calls.changing besides what changes with its state.
type call struct {
	row            models.Call
	shown          wire.Call
	caller, callee callSide
	ring           Timer // ends the ringing

	reached bool // it rang on some device
	offline bool // as the caller was told last: the callee has no device open
	waiting bool // likewise: the callee is in another call, or in a meeting

	alive *time.Time // of one from an earlier run of the program that nobody has taken up: when that run was last heard of
}

// callSide is one of the two people and the device on which they are in the call.
type callSide struct {
	userID  string
	session string             // the sign-in of that device; empty before the answer
	socket  Socket             // nil while it is away
	grace   Timer              // ends the call when it stays away
	pending []*wire.CallSignal // what it is told on its return
	size    int                // of pending, in bytes
}

func (c *call) state() string { return callState(&c.row) }

// side is a user's, or nil.
func (c *call) side(userID string) *callSide {
	switch userID {
	case c.caller.userID:
		return &c.caller
	case c.callee.userID:
		return &c.callee
	}
	return nil
}

// other is the side across.
func (c *call) other(side *callSide) *callSide {
	if side == &c.caller {
		return &c.callee
	}
	return &c.caller
}

// engages tells whether a user is in this call, and not only rung by it.
func (c *call) engages(userID string) bool {
	return userID == c.caller.userID || userID == c.callee.userID && c.state() == callActive
}

// NewCalls prepares it; Restore must follow before the first request.
func NewCalls(o CallsOptions) *Calls {
	s := &Calls{CallsOptions: o, live: map[string]*call{}, sockets: map[Socket]*call{}}
	s.alerting, s.silence = context.WithCancel(context.Background())
	return s
}

// change runs one change of state. What do defers until then runs afterwards, without any lock.
func (s *Calls) change(do func(later func(func())) error) error {
	var after []func()
	s.changing.Lock()
	err := do(func(f func()) { after = append(after, f) })
	s.changing.Unlock()
	for _, f := range after {
		f()
	}
	return err
}

// Invite rings a user. reply gets the caller's place and must only queue it: no event of the call comes before it on that
// socket.
func (s *Calls) Invite(ctx context.Context, actor Actor, socket Socket, cmd wire.CallInvite, reply func(wire.CallEntered)) error {
	v := invalid{}
	v.oneOf("media", cmd.Media, models.MediaAudio, models.MediaVideo)
	clientID := v.clientID(cmd.ClientID)
	calleeID, ok := models.ParseID(cmd.UserID)
	if !ok {
		v["user_id"] = "This is not a user."
	} else if calleeID == actor.UserID {
		v["user_id"] = "You cannot call yourself."
	}
	if err := v.err(); err != nil {
		return err
	}
	conversationID, err := s.Talks.Between(ctx, actor, calleeID)
	if err != nil {
		return err
	}
	row := models.Call{ID: models.NewID(), ConversationID: conversationID, CallerID: actor.UserID, CalleeID: calleeID, Media: cmd.Media,
		ClientID: clientID, CallerSession: actor.SessionID, CreatedAt: stamp(s.Clock)}
	return s.change(func(later func(func())) error { return s.invite(ctx, actor, socket, row, reply, later) })
}

func (s *Calls) invite(ctx context.Context, actor Actor, socket Socket, row models.Call, reply func(wire.CallEntered), later func(func())) error {
	if row.ClientID != nil {
		known, err := s.Store.CallByClientID(ctx, actor.UserID, *row.ClientID)
		if err == nil {
			return s.again(ctx, actor, socket, known, reply)
		} else if !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	if theirs := s.glare(&row); theirs != nil {
		return s.accept(ctx, actor, socket, theirs, reply, later)
	}
	if err := s.mayRing(&row); err != nil {
		return err
	}
	shown, err := s.show(ctx, &row)
	if err != nil {
		return err
	}
	if err := s.Store.AddCall(ctx, &row); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.open(row, shown)
	s.await(c)
	s.seat(c, &c.caller, socket)
	s.assess(c)
	reply(s.entered(c, &c.caller))
	c.caller.socket.Follow(CallTopic(row.ID, actor.UserID))
	s.Publisher.Follow(row.CalleeID, RingTopic(row.ID))
	s.Publisher.Publish(RingTopic(row.ID), wire.EventCallRinging, wire.CallChanged{CallID: row.ID, Call: c.shown, Waiting: c.waiting})
	later(func() {
		s.Changed(ctx, row.CallerID)
		s.alert(shown)
	})
	return nil
}

// alert tells the callee's closed devices, off the caller's time.
func (s *Calls) alert(call wire.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.alerts.Go(func() {
		ctx, cancel := context.WithTimeout(s.alerting, s.Ringing)
		defer cancel()
		if err := s.Alert(ctx, call, s.Ringing); err != nil && ctx.Err() == nil {
			s.Log.Warn("a call rings without push", "call", call.ID, "err", err)
		}
	})
}

// again answers an invitation that was sent twice.
func (s *Calls) again(ctx context.Context, actor Actor, socket Socket, row *models.Call, reply func(wire.CallEntered)) error {
	s.mu.Lock()
	c := s.live[row.ID]
	s.mu.Unlock()
	if c != nil {
		return s.Resume(ctx, actor, socket, row.ID, reply)
	}
	shown, err := s.show(ctx, row)
	if err == nil {
		reply(wire.CallEntered{CallID: row.ID, Call: shown, ICEServers: []wire.ICEServer{}})
	}
	return err
}

// glare finds the call with which the one whom somebody invites is just ringing them: the two want the same.
func (s *Calls) glare(row *models.Call) *call {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.engaged(row.CallerID) != nil {
		return nil
	}
	for _, c := range s.live {
		if c.caller.userID == row.CalleeID && c.callee.userID == row.CallerID && c.state() == callRinging {
			return c
		}
	}
	return nil
}

// mayRing tells whether somebody is free to call, and not too often.
func (s *Calls) mayRing(row *models.Call) error {
	s.mu.Lock()
	mine, ringing := s.engaged(row.CallerID), 0
	for _, c := range s.live {
		if c.callee.userID == row.CalleeID && c.state() == callRinging {
			ringing++
		}
	}
	s.mu.Unlock()
	if mine != nil {
		return &Error{Kind: KindConflict, Message: "You are in another call.", Current: mine.shown}
	}
	if ringing >= maxRinging {
		return &Error{Kind: KindConflict, Message: "Several people are calling them just now. Please try again in a minute."}
	}
	for limit, key := range map[*RateLimit]string{s.Rates.Invites: row.CallerID, s.Rates.Pairs: row.CallerID + " " + row.CalleeID} {
		if wait, ok := limit.Allow(key); !ok {
			return &Error{Kind: KindRateLimited, Message: "You have called very often; wait a moment.", RetryAfter: wait}
		}
	}
	return nil
}

// engaged finds the call that a user is in. The caller holds mu.
func (s *Calls) engaged(userID string) *call {
	for _, c := range s.live {
		if c.engages(userID) {
			return c
		}
	}
	return nil
}

// Busy tells whether a user is in a call.
func (s *Calls) Busy(userID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engaged(userID) != nil
}

// Accept answers a call on a socket; reply as with Invite. Who was in another call leaves that one.
func (s *Calls) Accept(ctx context.Context, actor Actor, socket Socket, id string, reply func(wire.CallEntered)) error {
	return s.change(func(later func(func())) error {
		c, err := s.find(ctx, actor, id, callAccepts)
		if err != nil {
			return err
		}
		if c.caller.userID == actor.UserID {
			return Forbidden("Only who is called can answer.")
		}
		return s.accept(ctx, actor, socket, c, reply, later)
	})
}

func (s *Calls) accept(ctx context.Context, actor Actor, socket Socket, c *call, reply func(wire.CallEntered), later func(func())) error {
	s.mu.Lock()
	repeated := s.sockets[socket] == c
	if repeated {
		reply(s.entered(c, &c.callee))
	}
	before := s.engaged(actor.UserID)
	s.mu.Unlock()
	if repeated {
		return nil
	}
	if step := callSteps[c.state()][callAccepts]; step.refuse != "" {
		return refusedCall(step.refuse, c.shown)
	}
	if before != nil {
		if err := s.end(ctx, before, endedBy(before.side(actor.UserID), before), later); err != nil {
			return err
		}
	}
	row := c.row
	row.AnsweredAt, row.CalleeSession = new(stamp(s.Clock)), actor.SessionID
	shown, err := s.show(ctx, &row)
	if err != nil {
		return err
	}
	if err := s.Store.AnswerCall(ctx, row.ID, row.CalleeSession, *row.AnsweredAt); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	stop(&c.ring)
	c.row, c.shown, c.callee.session = row, shown, row.CalleeSession
	s.seat(c, &c.callee, socket)
	changed := wire.CallChanged{CallID: row.ID, Call: shown}
	socket.Unfollow(RingTopic(row.ID))
	s.Publisher.Publish(RingTopic(row.ID), wire.EventCallTaken, changed)
	s.Publisher.Unfollow(row.CalleeID, RingTopic(row.ID))
	s.tell(c, &c.caller, wire.EventCallAccepted, changed)
	reply(s.entered(c, &c.callee))
	socket.Follow(CallTopic(row.ID, row.CalleeID))
	s.assessAll(row.CallerID, row.CalleeID)
	later(func() { s.Changed(ctx, row.CalleeID) })
	return nil
}

// endedBy is the event with which a side ends a call.
func endedBy(side *callSide, c *call) callEvent {
	if side == &c.caller {
		return callCallerEnds
	}
	return callCalleeEnds
}

// refusedCall carries the call as it is now.
func refusedCall(why callRefusal, current wire.Call) error {
	return &Error{Kind: KindConflict, Message: string(why), Current: current}
}

// find looks a call up for one of the two people: one that lives, or the refusal of an event that comes too late. A third
// person may not know that it is. The caller holds changing.
func (s *Calls) find(ctx context.Context, actor Actor, id string, event callEvent) (*call, error) {
	s.mu.Lock()
	c := s.live[id]
	s.mu.Unlock()
	if c != nil && c.side(actor.UserID) != nil {
		return c, nil
	}
	shown, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if why := callSteps[callEnded][event].refuse; why != "" {
		return nil, refusedCall(why, *shown)
	}
	return nil, nil
}

// Counts tells how many calls ring and how many have been answered.
func (s *Calls) Counts() (ringing, active int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.live {
		if c.state() == callActive {
			active++
		} else {
			ringing++
		}
	}
	return ringing, active
}

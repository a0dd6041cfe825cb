package services

import (
	"context"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// closedGrace is how long the place of a window is kept that was closed: long enough for a reload.
const closedGrace = 10 * time.Second

// retryEnd is when the end of a call is tried again that the database did not take.
const retryEnd = 5 * time.Second

// Decline refuses a call, for good reasons or for being busy. One that is over stays as it is.
func (s *Calls) Decline(ctx context.Context, actor Actor, cmd wire.CallCommand) error {
	event := callDeclines
	if cmd.Reason == reasonBusy {
		event = callSaysBusy
	} else if cmd.Reason != "" {
		return Invalid("reason", "It must be busy, or nothing.")
	}
	return s.finish(ctx, actor, cmd.CallID, event, func(c *call) error {
		if c.caller.userID == actor.UserID {
			return Forbidden("Only who is called can decline.")
		}
		return nil
	})
}

// Cancel takes an invitation back; when it was answered at the same moment, it hangs up. One that is over stays as it is.
func (s *Calls) Cancel(ctx context.Context, actor Actor, cmd wire.CallCommand) error {
	return s.finish(ctx, actor, cmd.CallID, callCallerEnds, func(c *call) error {
		if c.callee.userID == actor.UserID {
			return Forbidden("Only who calls can cancel.")
		}
		return nil
	})
}

// Hangup ends a call from any device of the two. One that is over stays as it is.
func (s *Calls) Hangup(ctx context.Context, actor Actor, cmd wire.CallCommand) error {
	event, known := map[string]callEvent{"": "", reasonFailed: callFails, reasonLost: callLoses}[cmd.Reason]
	if !known {
		return Invalid("reason", "It must be failed or lost, or nothing.")
	}
	return s.change(func(later func(func())) error {
		c, err := s.find(ctx, actor, cmd.CallID, callCallerEnds)
		if c == nil {
			return err
		}
		if event == "" || c.state() == callRinging {
			event = endedBy(c.side(actor.UserID), c)
		}
		return s.end(ctx, c, event, later)
	})
}

// finish applies an event that only one side may bring about.
func (s *Calls) finish(ctx context.Context, actor Actor, id string, event callEvent, allowed func(*call) error) error {
	return s.change(func(later func(func())) error {
		c, err := s.find(ctx, actor, id, event)
		if c == nil {
			return err
		}
		if err := allowed(c); err != nil {
			return err
		}
		return s.end(ctx, c, event, later)
	})
}

// end applies an event that may end a call: in the database, with the line that the call leaves, and to both sides. The
// caller holds changing.
func (s *Calls) end(ctx context.Context, c *call, event callEvent, later func(func())) error {
	step := callSteps[c.state()][event]
	if step.refuse != "" {
		return refusedCall(step.refuse, c.shown)
	}
	if step.to != callEnded || c.state() == callEnded {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	row := c.row
	row.EndedAt, row.Reason, row.Missed = new(s.endOf(c)), step.reason, step.missed
	var publish func()
	err := s.Store.Tx(ctx, func(tx *models.Store) error {
		publish = nil
		ended, err := tx.EndCall(ctx, &row)
		if err != nil || !ended {
			return err
		}
		publish, err = s.Talks.RecordCall(ctx, tx, &row)
		return err
	})
	if err != nil {
		return err
	}
	shown, err := s.show(ctx, &row)
	if err != nil {
		return err
	}
	s.mu.Lock()
	c.row, c.shown = row, shown
	s.close(c, event)
	s.mu.Unlock()
	if publish != nil {
		publish()
	}
	later(func() {
		if s.Ended != nil {
			s.Ended(shown)
		}
		s.Changed(ctx, row.CallerID)
		s.Changed(ctx, row.CalleeID)
	})
	return nil
}

// endOf is the time at which a call ends: now, unless it ended with an earlier run of the program.
func (s *Calls) endOf(c *call) time.Time {
	at := stamp(s.Clock)
	if c.alive == nil || c.row.AnsweredAt == nil {
		return at
	}
	if c.alive.Before(*c.row.AnsweredAt) {
		return *c.row.AnsweredAt
	}
	return *c.alive
}

// close tells both sides of a call's end and lets go of everything. The caller holds mu.
func (s *Calls) close(c *call, event callEvent) {
	changed := wire.CallChanged{CallID: c.row.ID, Call: c.shown, Reason: c.row.Reason}
	told := wire.EventCallEnded
	if event == callDeclines || event == callSaysBusy {
		told = wire.EventCallDeclined
	}
	s.tell(c, &c.caller, told, changed)
	s.tell(c, &c.callee, wire.EventCallEnded, changed)
	s.Publisher.Publish(RingTopic(c.row.ID), wire.EventCallEnded, changed)
	s.Publisher.Unfollow(c.row.CalleeID, RingTopic(c.row.ID))
	stop(&c.ring)
	for _, side := range []*callSide{&c.caller, &c.callee} {
		s.unseat(c, side)
	}
	delete(s.live, c.row.ID)
	s.assessAll(c.row.CallerID, c.row.CalleeID)
}

// tell publishes an event to the one device of a side. The caller holds mu.
func (s *Calls) tell(c *call, side *callSide, event string, changed wire.CallChanged) {
	s.Publisher.Publish(CallTopic(c.row.ID, side.userID), event, changed)
}

// Closed follows the end of a socket, of which the last frame was seen at lastSeen: a call ended, or a place kept for a while.
func (s *Calls) Closed(ctx context.Context, socket Socket, end SocketEnd, lastSeen time.Time) {
	s.mu.Lock()
	c := s.sockets[socket]
	if c == nil {
		s.mu.Unlock()
		return
	}
	delete(s.sockets, socket)
	side := &c.caller
	if c.callee.socket == socket {
		side = &c.callee
	}
	side.socket = nil
	grace := min(s.Grace, lastSeen.Add(s.Grace).Sub(s.Clock.Now())) // the clock may have been set back in between
	event := callLoses
	if end == SocketClosed || end == SocketSignedOut {
		grace, event = min(s.Grace, closedGrace), callLeaves
	}
	if end == SocketSignedOut || event == callLeaves && c.state() == callRinging {
		grace = 0
	}
	if grace > 0 {
		s.miss(c, side, grace, event)
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	s.endLater(ctx, c, func() bool { return side.socket == nil }, event)
}

// miss keeps the place of a device that is away. The caller holds mu.
func (s *Calls) miss(c *call, side *callSide, grace time.Duration, event callEvent) {
	if s.closed {
		return
	}
	var timer Timer
	timer = s.Clock.AfterFunc(max(0, grace), func() {
		s.endLater(context.Background(), c, func() bool { return side.grace == timer }, event)
	})
	side.grace = timer
}

// await ends the ringing of a call that nobody answers. The caller holds mu.
func (s *Calls) await(c *call) {
	if s.closed {
		return
	}
	rings := min(s.Ringing, c.row.CreatedAt.Add(s.Ringing).Sub(s.Clock.Now())) // the same, over a restart
	c.ring = s.Clock.AfterFunc(max(0, rings), func() {
		s.mu.Lock()
		event := callRingsOut
		if c.waiting {
			event = callRingsBusy
		} else if !c.reached {
			event = callRingsNobody
		}
		s.mu.Unlock()
		s.endLater(context.Background(), c, func() bool { return true }, event)
	})
}

// endLater ends a call for which nobody asks, if it is still due. What the database does not take is tried again.
func (s *Calls) endLater(ctx context.Context, c *call, due func() bool, event callEvent) {
	err := s.change(func(later func(func())) error {
		s.mu.Lock()
		wanted := due() && !s.closed
		s.mu.Unlock()
		if !wanted {
			return nil
		}
		return s.end(ctx, c, event, later)
	})
	if err != nil {
		s.Log.Error("call not ended", "call", c.row.ID, "err", err)
		s.Clock.AfterFunc(retryEnd, func() { s.endLater(context.Background(), c, due, event) })
	}
}

// Close stops all timers; the calls themselves go on after a restart.
func (s *Calls) Close() {
	s.silence()
	defer s.alerts.Wait()
	s.changing.Lock()
	defer s.changing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, c := range s.live {
		stop(&c.ring)
		stop(&c.caller.grace)
		stop(&c.callee.grace)
	}
}

// stop ends a timer.
func stop(t *Timer) {
	if *t != nil {
		(*t).Stop()
		*t = nil
	}
}

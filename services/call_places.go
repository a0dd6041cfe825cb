package services

import (
	"context"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// Restore takes up the calls that an earlier run of the program left open. Their devices have the grace to return.
func (s *Calls) Restore(ctx context.Context) error {
	rows, err := s.Store.OpenCalls(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	alive, err := s.Store.LastAlive(ctx, stamp(s.Clock))
	if err != nil {
		return err
	}
	for _, row := range rows {
		shown, err := s.show(ctx, &row)
		if err != nil {
			return err
		}
		s.mu.Lock()
		c := s.open(row, shown)
		c.alive, c.reached = &alive, true
		s.miss(c, &c.caller, s.Grace, callLoses)
		if c.state() == callActive {
			s.miss(c, &c.callee, s.Grace, callLoses)
		} else {
			s.await(c)
		}
		s.mu.Unlock()
	}
	return nil
}

// open puts a call into the registry. The caller holds mu.
func (s *Calls) open(row models.Call, shown wire.Call) *call {
	c := &call{row: row, shown: shown,
		caller: callSide{userID: row.CallerID, session: row.CallerSession}, callee: callSide{userID: row.CalleeID, session: row.CalleeSession}}
	s.live[row.ID] = c
	return c
}

// Resume gives a side's place to another socket of the same sign-in: a device that was away, or a page that was reloaded.
// reply as with Invite; what the other side has signalled meanwhile follows.
func (s *Calls) Resume(ctx context.Context, actor Actor, socket Socket, id string, reply func(wire.CallEntered)) error {
	s.mu.Lock()
	c := s.live[id]
	if c == nil || c.side(actor.UserID) == nil {
		s.mu.Unlock()
		shown, err := s.Get(ctx, actor, id)
		if err != nil {
			return err
		}
		return refusedCall(callOver, *shown)
	}
	defer s.mu.Unlock()
	side := c.side(actor.UserID)
	if side.session == "" {
		return &Error{Kind: KindConflict, Message: "This call is not answered yet.", Current: c.shown}
	}
	if side.session != actor.SessionID {
		return Forbidden("This call is on another of your devices.")
	}
	if before := side.socket; before != nil && before != socket {
		before.Unfollow(RingTopic(id))
		s.tell(c, side, wire.EventCallTaken, wire.CallChanged{CallID: id, Call: c.shown})
	}
	c.alive = nil
	s.seat(c, side, socket)
	reply(s.entered(c, side))
	socket.Follow(CallTopic(id, side.userID))
	for _, signal := range side.pending {
		s.Publisher.Publish(CallTopic(id, side.userID), wire.EventCallSignal, signal)
	}
	side.pending, side.size = nil, 0
	return nil
}

// seat gives a side's place to a socket, which is told of the call afterwards. The caller holds mu.
func (s *Calls) seat(c *call, side *callSide, socket Socket) {
	stop(&side.grace)
	if side.socket != nil {
		side.socket.Unfollow(CallTopic(c.row.ID, side.userID))
		delete(s.sockets, side.socket)
	}
	side.socket = socket
	s.sockets[socket] = c
}

// unseat takes a side's place away. The caller holds mu.
func (s *Calls) unseat(c *call, side *callSide) {
	stop(&side.grace)
	if side.socket != nil {
		side.socket.Unfollow(CallTopic(c.row.ID, side.userID))
		delete(s.sockets, side.socket)
		side.socket = nil
	}
	side.pending, side.size = nil, 0
}

// entered is how a side is let in. Who was called is the polite one. The caller holds mu.
func (s *Calls) entered(c *call, side *callSide) wire.CallEntered {
	entered := wire.CallEntered{CallID: c.row.ID, Call: c.shown, Polite: side == &c.callee, ICEServers: s.ICEServers(side.userID)}
	if side == &c.caller && c.state() == callRinging {
		entered.Waiting, entered.Offline = c.waiting, c.offline
	}
	return entered
}

// Arrived lets a new socket ring with the calls that ring at its user.
func (s *Calls) Arrived(actor Actor, socket Socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.live {
		if c.callee.userID != actor.UserID || c.state() != callRinging {
			continue
		}
		socket.Follow(RingTopic(c.row.ID))
		if !s.assess(c) { // else the event has come by itself
			s.Publisher.Publish(RingTopic(c.row.ID), wire.EventCallRinging, c.ringing())
		}
	}
}

// DevicesChanged tells callers that the first device of somebody whom they ring has come, or the last one gone.
func (s *Calls) DevicesChanged(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assessAll(userID)
}

func (c *call) ringing() wire.CallChanged {
	return wire.CallChanged{CallID: c.row.ID, Call: c.shown, Waiting: c.waiting, Offline: c.offline}
}

// assess finds out how a ringing callee is reached and reports whether that is new, which both sides then hear. The caller
// holds mu.
func (s *Calls) assess(c *call) bool {
	waiting, offline := s.engaged(c.callee.userID) != nil || s.InMeeting(c.callee.userID), !s.Publisher.Online(c.callee.userID)
	if waiting == c.waiting && offline == c.offline {
		c.reached = c.reached || !offline
		return false
	}
	c.waiting, c.offline, c.reached = waiting, offline, c.reached || !offline
	s.tell(c, &c.caller, wire.EventCallRinging, c.ringing())
	s.Publisher.Publish(RingTopic(c.row.ID), wire.EventCallRinging, c.ringing())
	return true
}

// assessAll does so for the calls that ring at people whose own calls have changed. The caller holds mu.
func (s *Calls) assessAll(userIDs ...string) {
	for _, c := range s.live {
		if c.state() == callRinging && slices.Contains(userIDs, c.callee.userID) {
			s.assess(c)
		}
	}
}

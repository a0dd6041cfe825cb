package services

import (
	"encoding/json"
	"fmt"

	"lectern/internal/wire"
)

// Limits of what one side signals to the other.
const (
	maxSignalCandidates = 50 // in one signal
	maxPeerName         = 64
	maxScreenName       = 200
	maxPending          = 200     // signals kept for a device that is away
	maxPendingBytes     = 1 << 20 // of them, as JSON
)

// Signal passes something on to the other side's device, unread; while that is away, it is kept for it.
func (s *Calls) Signal(actor Actor, socket Socket, cmd wire.CallSignal) error {
	if err := checkSignal(cmd); err != nil {
		return err
	}
	cmd.FromUserID = actor.UserID
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.live[cmd.CallID]
	if c == nil || c.side(actor.UserID) == nil {
		return NotFound("call")
	}
	if c.state() == callRinging {
		return &Error{Kind: KindConflict, Message: "This call is not answered yet.", Current: c.shown}
	}
	if s.sockets[socket] != c {
		return Forbidden("This call is on another of your devices.")
	}
	to := c.other(c.side(actor.UserID))
	if to.socket == nil {
		return to.keep(&cmd)
	}
	s.Publisher.Publish(CallTopic(cmd.CallID, to.userID), wire.EventCallSignal, &cmd)
	return nil
}

// keep holds a signal for the return of the side's device. Calls.mu guards it.
func (side *callSide) keep(signal *wire.CallSignal) error {
	raw, err := json.Marshal(signal)
	if err != nil {
		return err
	}
	if len(side.pending) >= maxPending || side.size+len(raw) > maxPendingBytes {
		return &Error{Kind: KindUnavailable, Message: "The other side is away, and too much waits for it already."}
	}
	side.pending = append(side.pending, signal)
	side.size += len(raw)
	return nil
}

// checkSignal looks at the size and shape of a signal, not at what it says.
func checkSignal(cmd wire.CallSignal) error {
	v := invalid{}
	v.length("peer", cmd.Peer, 0, maxPeerName)
	v.length("to", cmd.To, 0, maxPeerName)
	if d := cmd.Description; d != nil {
		v.oneOf("description.type", d.Type, "offer", "answer", "pranswer", "rollback")
		if len(d.SDP) > maxSDP {
			v["description.sdp"] = fmt.Sprintf("It is larger than %d KiB.", maxSDP>>10)
		}
	}
	if len(cmd.Candidates) > maxSignalCandidates {
		v["candidates"] = fmt.Sprintf("At most %d at a time.", maxSignalCandidates)
	}
	for _, c := range cmd.Candidates {
		if len(c.Candidate) > maxCandidateBytes || tooLong(c.SDPMid) || tooLong(c.UsernameFragment) {
			v["candidates"] = "One is too long."
		}
	}
	if cmd.State != nil {
		v.length("state.screen_name", cmd.State.ScreenName, 0, maxScreenName)
	}
	return v.err()
}

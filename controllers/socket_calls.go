package controllers

import (
	"context"
	"time"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// inviteToCall and enterCall answer from within the service, so that the ack comes before every event of the call.
func inviteToCall(s *socket, cmd wire.Command, _ time.Time) {
	invite, ok := data[wire.CallInvite](s, cmd)
	if !ok {
		return
	}
	err := s.calls.Invite(s.ctx, s.actor, s.client, invite, func(entered wire.CallEntered) { s.client.Ack(cmd.ID, entered) })
	if err != nil {
		s.refuse(cmd, err)
	}
}

func enterCall(enter func(*services.Calls, context.Context, services.Actor, services.Socket, string, func(wire.CallEntered)) error) command {
	return func(s *socket, cmd wire.Command, _ time.Time) {
		req, ok := data[wire.CallCommand](s, cmd)
		if !ok {
			return
		}
		id, err := callID(req.CallID)
		if err == nil {
			err = enter(s.calls, s.ctx, s.actor, s.client, id, func(entered wire.CallEntered) { s.client.Ack(cmd.ID, entered) })
		}
		if err != nil {
			s.refuse(cmd, err)
		}
	}
}

func (s *socket) declineCall(req wire.CallCommand) (_ none, err error) {
	if req.CallID, err = callID(req.CallID); err != nil {
		return none{}, err
	}
	return none{}, s.calls.Decline(s.ctx, s.actor, req)
}

func (s *socket) cancelCall(req wire.CallCommand) (_ none, err error) {
	if req.CallID, err = callID(req.CallID); err != nil {
		return none{}, err
	}
	return none{}, s.calls.Cancel(s.ctx, s.actor, req)
}

func (s *socket) hangUp(req wire.CallCommand) (_ none, err error) {
	if req.CallID, err = callID(req.CallID); err != nil {
		return none{}, err
	}
	return none{}, s.calls.Hangup(s.ctx, s.actor, req)
}

// signalCall counts descriptions as the offers of meetings are counted: they are large.
func (s *socket) signalCall(req wire.CallSignal) (_ none, err error) {
	if req.CallID, err = callID(req.CallID); err != nil {
		return none{}, err
	}
	if req.Description != nil {
		if err := s.charge(s.limits.Joins); err != nil {
			return none{}, err
		}
	}
	return none{}, s.calls.Signal(s.actor, s.client, req)
}

// callID reads an id; one that is no UUID cannot exist.
func callID(text string) (string, error) {
	id, ok := models.ParseID(text)
	if !ok {
		return "", services.NotFound("call")
	}
	return id, nil
}

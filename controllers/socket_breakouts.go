package controllers

import "lectern/internal/wire"

func (s *socket) openBreakouts(req wire.MeetingOpenBreakouts) (none, error) {
	return none{}, s.meetings.OpenBreakouts(s.ctx, s.actor, s.client, req)
}

func (s *socket) extendBreakouts(req wire.MeetingExtendBreakouts) (none, error) {
	return none{}, s.meetings.ExtendBreakouts(s.ctx, s.actor, s.client, req)
}

func (s *socket) closeBreakouts(req wire.MeetingCloseBreakouts) (none, error) {
	return none{}, s.meetings.CloseBreakouts(s.ctx, s.actor, s.client, req)
}

func (s *socket) move(req wire.MeetingMove) (none, error) {
	return none{}, s.meetings.Move(s.ctx, s.actor, s.client, req)
}

func (s *socket) broadcast(req wire.MeetingBroadcast) (none, error) {
	return none{}, s.meetings.Broadcast(s.ctx, s.actor, s.client, req)
}

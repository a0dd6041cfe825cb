package controllers

import "lectern/internal/wire"

func (s *socket) admit(req wire.MeetingAdmit) (none, error) {
	return none{}, s.meetings.Admit(s.ctx, s.actor, s.client, req.UserID)
}

func (s *socket) deny(req wire.MeetingDeny) (none, error) {
	return none{}, s.meetings.Deny(s.ctx, s.actor, s.client, req.UserID)
}

func (s *socket) callOn(req wire.MeetingCallOn) (wire.Participant, error) {
	return s.meetings.CallOn(s.ctx, s.actor, s.client, req.ParticipantID)
}

func (s *socket) lowerHand(req wire.MeetingLowerHand) (none, error) {
	return none{}, s.meetings.LowerHand(s.ctx, s.actor, s.client, req.ParticipantID)
}

func (s *socket) spotlight(req wire.MeetingSpotlight) (none, error) {
	return none{}, s.meetings.Spotlight(s.ctx, s.actor, s.client, req.ParticipantID)
}

func (s *socket) react(req wire.MeetingReact) (none, error) {
	return none{}, s.meetings.React(s.client, req.Emoji)
}

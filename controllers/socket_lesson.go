package controllers

import "lectern/internal/wire"

func (s *socket) openPoll(req wire.PollOpen) (*wire.Poll, error) {
	return inMeeting(s, func(id string) (*wire.Poll, error) { return s.polls.Open(s.ctx, s.actor, id, req) })
}

func (s *socket) votePoll(req wire.PollVote) (*wire.Poll, error) {
	return inMeeting(s, func(id string) (*wire.Poll, error) { return s.polls.Vote(s.ctx, s.actor, id, req) })
}

func (s *socket) closePoll(req wire.PollClose) (*wire.Poll, error) {
	return inMeeting(s, func(id string) (*wire.Poll, error) { return s.polls.Close(s.ctx, s.actor, id, req.PollID) })
}

func (s *socket) caption(req wire.MeetingCaption) (none, error) {
	return none{}, s.meetings.Caption(s.client, req)
}

func (s *socket) captions(req wire.MeetingCaptions) (none, error) {
	return none{}, s.meetings.Captions(s.client, req.On)
}

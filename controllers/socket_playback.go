package controllers

import "lectern/internal/wire"

func (s *socket) playbackCommand(req wire.PlaybackCommand) (wire.PlaybackAck, error) {
	timeline, err := s.playback.Command(s.ctx, s.actor, req)
	if err != nil {
		return wire.PlaybackAck{}, err
	}
	return wire.PlaybackAck{Timeline: *timeline}, nil
}

// playbackStatus speaks of the meeting that the socket is in, whatever meeting_id says.
func (s *socket) playbackStatus(req wire.PlaybackStatus) (none, error) {
	participantID, meetingID, err := s.meetings.Place(s.client)
	if err != nil {
		return none{}, err
	}
	req.MeetingID = meetingID
	return none{}, s.playback.Status(participantID, req)
}

func (s *socket) editPlaylist(req wire.PlaybackEdit) (wire.PlaylistAck, error) {
	list, err := s.playback.Edit(s.ctx, s.actor, req)
	if err != nil {
		return wire.PlaylistAck{}, err
	}
	return wire.PlaylistAck{Playlist: *list}, nil
}

func (s *socket) reportItem(req wire.PlaybackReport) (none, error) {
	return none{}, s.playback.Report(s.ctx, s.actor, req)
}

func (s *socket) setMarker(req wire.SetMarker) (*wire.Marker, error) {
	return s.playback.SetMarker(s.ctx, s.actor, req)
}

func (s *socket) removeMarker(req wire.RemoveMarker) (none, error) {
	return none{}, s.playback.RemoveMarker(s.ctx, s.actor, req)
}

// inMeeting carries out what concerns the meeting that the socket is in.
func inMeeting[R any](s *socket, do func(meetingID string) (R, error)) (R, error) {
	_, meetingID, err := s.meetings.Place(s.client)
	if err != nil {
		var nothing R
		return nothing, err
	}
	return do(meetingID)
}

func (s *socket) answerQuestion(req wire.AnswerQuestion) (*wire.PlaybackAnswer, error) {
	return inMeeting(s, func(id string) (*wire.PlaybackAnswer, error) { return s.playback.Answer(s.ctx, s.actor, id, req) })
}

func (s *socket) closeQuestion(req wire.CloseQuestion) (none, error) {
	return inMeeting(s, func(id string) (none, error) {
		return none{}, s.playback.CloseQuestion(s.ctx, s.actor, id, req.QuestionID)
	})
}

func (s *socket) commentMoment(req wire.PlaybackComment) (*wire.Comment, error) {
	return inMeeting(s, func(id string) (*wire.Comment, error) { return s.playback.Comment(s.ctx, s.actor, id, req) })
}

func (s *socket) lost(req wire.PlaybackLost) (none, error) {
	participantID, meetingID, err := s.meetings.Place(s.client)
	if err != nil {
		return none{}, err
	}
	return none{}, s.playback.Lost(s.ctx, participantID, meetingID, req)
}

func (s *socket) playbackSettings(req wire.PlaybackSettingsCommand) (wire.PlaybackSettings, error) {
	return inMeeting(s, func(id string) (wire.PlaybackSettings, error) { return s.playback.Settings(s.ctx, s.actor, id, req) })
}

func (s *socket) playbackRemote(req wire.PlaybackRemote) (wire.PlaybackSettings, error) {
	return inMeeting(s, func(id string) (wire.PlaybackSettings, error) { return s.playback.Remote(s.ctx, s.actor, id, req) })
}

func (s *socket) recall(none) (none, error) {
	return inMeeting(s, func(id string) (none, error) { return none{}, s.playback.Recall(s.ctx, s.actor, id) })
}

func (s *socket) nudge(req wire.PlaybackNudge) (none, error) {
	return inMeeting(s, func(id string) (none, error) {
		return none{}, s.playback.Nudge(s.ctx, s.actor, id, req.ParticipantID)
	})
}

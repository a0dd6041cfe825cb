package controllers

import (
	"time"

	"lectern/internal/wire"
)

// handleJoin answers from within the service, so that the snapshot comes before every event of the meeting.
func handleJoin(s *socket, cmd wire.Command, _ time.Time) {
	join, ok := data[wire.MeetingJoin](s, cmd)
	if !ok {
		return
	}
	err := s.meetings.Join(s.ctx, s.actor, s.client, join, func(joined wire.MeetingJoined, waiting error) {
		if waiting != nil {
			s.refuse(cmd, waiting)
			return
		}
		s.client.Ack(cmd.ID, joined)
	})
	if err != nil {
		s.refuse(cmd, err)
	}
}

func (s *socket) leaveMeeting(none) (none, error) {
	s.meetings.Leave(s.ctx, s.client)
	return none{}, nil
}

func (s *socket) offer(req wire.SDP) (wire.SDP, error) {
	answer, err := s.meetings.Offer(s.ctx, s.client, req.SDP)
	return wire.SDP{SDP: answer}, err
}

func (s *socket) answer(req wire.SDP) (none, error) {
	return none{}, s.meetings.Answer(s.client, req.SDP)
}

func (s *socket) candidate(req wire.MeetingCandidate) (none, error) {
	return none{}, s.meetings.Candidate(s.client, req.Target, req.Candidate)
}

func (s *socket) tracks(req wire.MeetingTracksCommand) (none, error) {
	return none{}, s.meetings.SetTracks(s.client, req.Tracks)
}

func (s *socket) view(req wire.MeetingView) (none, error) {
	return none{}, s.meetings.SetView(s.client, req.Tiles)
}

func (s *socket) updateState(req wire.MeetingStateUpdate) (wire.Participant, error) {
	return s.meetings.UpdateState(s.ctx, s.client, req)
}

func (s *socket) startScreenShare(none) (wire.Participant, error) {
	return s.meetings.UpdateState(s.ctx, s.client, wire.MeetingStateUpdate{ScreenSharing: new(true)})
}

func (s *socket) stopScreenShare(none) (wire.Participant, error) {
	return s.meetings.UpdateState(s.ctx, s.client, wire.MeetingStateUpdate{ScreenSharing: new(false)})
}

func (s *socket) mute(req wire.MeetingMute) (none, error) {
	return none{}, s.meetings.Mute(s.ctx, s.actor, s.client, req.ParticipantID)
}

func (s *socket) remove(req wire.MeetingRemove) (none, error) {
	return none{}, s.meetings.Remove(s.ctx, s.actor, s.client, req.ParticipantID)
}

func (s *socket) meetingSettings(req wire.MeetingSettingsCommand) (wire.MeetingSettings, error) {
	return s.meetings.Settings(s.ctx, s.actor, s.client, req)
}

func (s *socket) endMeeting(none) (*wire.Meeting, error) {
	_, meetingID, err := s.meetings.Place(s.client)
	if err != nil {
		return nil, err
	}
	return s.meetings.End(s.ctx, s.actor, meetingID)
}

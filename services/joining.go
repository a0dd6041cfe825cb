package services

import (
	"context"
	"errors"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// JoinReply answers a join: with the snapshot or, to who has to wait first, with an error of KindWaiting. It must only queue the
// answer: no event of the meeting comes before it on that socket, and none that came after the snapshot is missing.
type JoinReply func(joined wire.MeetingJoined, waiting error)

// Join lets a socket into a meeting or, without an error too, into its lobby. Its own errors were not given to reply.
func (s *Meetings) Join(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingJoin, reply JoinReply) error {
	row, member, err := activeMeeting(ctx, s.Store, actor, cmd.MeetingID, ActionMeet)
	if isKind(err, KindNotFound) {
		return s.knock(ctx, actor, socket, cmd.MeetingID, reply)
	}
	if err != nil {
		return err
	}
	user, err := s.Store.User(ctx, actor.UserID)
	if err != nil {
		return err
	}
	invited := false
	if row.Settings.Lobby {
		if invited, err = s.Store.Attended(ctx, row.ID, user.ID); err != nil {
			return err
		}
	}
	arrival, err := s.Playback.Prepare(ctx, actor, *row)
	if err != nil {
		return err
	}
	if err := s.Polls.Prepare(ctx, row.ID); err != nil {
		return err
	}
	shown := wire.Participant{User: profile(*user, s.Publisher), Role: member.Role, Muted: cmd.Muted, VideoOn: cmd.VideoOn}
	p, sig, err := s.enter(row.ID, socket, cmd.ParticipantID, shown, invited, reply)
	if err != nil || p == nil {
		return err
	}
	err = s.confirm(ctx, actor, p)
	if err == nil {
		err = s.connect(ctx, p, sig)
	}
	if err == nil {
		err = s.admit(p, sig, arrival, func(joined wire.MeetingJoined) { reply(joined, nil) })
	}
	if err != nil {
		s.giveUp(ctx, p, sig)
		return err
	}
	s.moved(ctx, actor.UserID)
	return nil
}

// giveUp undoes a join that failed half-way.
func (s *Meetings) giveUp(ctx context.Context, p *participant, sig *signals) {
	s.mu.Lock()
	if p.signals == sig {
		s.drop(p, "lost")
	}
	replaced := p.meeting.participants[p.id] == p && !p.meeting.over
	s.mu.Unlock()
	if replaced {
		return
	}
	s.settle(ctx, p)
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.resumed && !p.admitted { // the next try finds the place again
		s.interrupted[p.id] = p.interval()
	}
}

// confirm looks at the membership again: MemberLeft and RoleChanged find the participant from now on, and what they were
// told before is seen here.
func (s *Meetings) confirm(ctx context.Context, actor Actor, p *participant) error {
	s.mu.Lock()
	before := p.shown.Role
	s.mu.Unlock()
	member, err := Authorize(ctx, s.Store, actor, p.meeting.row.ChannelID, ActionMeet)
	if err != nil {
		return hide(err, "meeting")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.shown.Role == before { // else RoleChanged has told a newer one
		p.shown.Role = member.Role
	}
	enforceLocks(&p.shown, p.meeting.row.Settings)
	return nil
}

// connect opens the attendance and the peer connections, replacing those that the participant had.
func (s *Meetings) connect(ctx context.Context, p *participant, sig *signals) error {
	if err := s.attend(ctx, p); err != nil {
		return err
	}
	if err := s.makePeers(ctx, p, sig); err != nil {
		return err
	}
	s.allow(p)
	return nil
}

// attend opens the participant's interval, or the one of the place that was taken up again.
func (s *Meetings) attend(ctx context.Context, p *participant) error {
	s.mu.Lock()
	row, admitted, resumed := p.interval(), p.admitted, p.resumed
	s.mu.Unlock()
	if admitted {
		return nil
	}
	open := s.Store.AddAttendance
	if resumed {
		open = s.Store.ResumeAttendance
	}
	err := open(ctx, &row)
	if errors.Is(err, models.ErrNotFound) { // it has ended in this moment
		return errMeetingOver
	}
	return err
}

// interval is the attendance that the participant opens. The caller holds Meetings.mu.
func (p *participant) interval() models.Attendance {
	return models.Attendance{ID: p.id, MeetingID: p.meeting.row.ID, UserID: p.shown.User.ID, JoinedAt: time.Time(p.shown.JoinedAt)}
}

func (s *Meetings) makePeers(ctx context.Context, p *participant, sig *signals) error {
	p.rooms.Lock()
	defer p.rooms.Unlock()
	s.mu.Lock()
	current := p.signals == sig
	s.mu.Unlock()
	if !current { // sent out, or another window's peers are the ones that count
		return errPlaceLost
	}
	s.Rooms.Leave(p.id)
	return s.Rooms.Join(ctx, p.meeting.row.ID, p.id, sig)
}

var errPlaceLost = &Error{Kind: KindConflict, Message: "Another window has taken this place, or it was given up."}

// allow tells the SFU what the participant may send now, and to whom. Run after every change; the last run reads the last state.
func (s *Meetings) allow(p *participant) {
	p.rooms.Lock()
	defer p.rooms.Unlock()
	s.mu.Lock()
	shown, broadcasting := p.shown, p.meeting.broadcasting == p.id
	s.mu.Unlock()
	s.Rooms.Group(p.id, shown.RoomID)
	s.Rooms.Broadcast(p.id, broadcasting)
	for source, allowed := range sending(shown) {
		s.Rooms.Allow(p.id, source, allowed)
	}
}

func sending(p wire.Participant) map[string]bool {
	return map[string]bool{wire.SourceMicrophone: !p.Muted, wire.SourceCamera: p.VideoOn,
		wire.SourceScreen: p.ScreenSharing, wire.SourceScreenAudio: p.ScreenSharing}
}

// admit announces the participant and answers with the snapshot.
func (s *Meetings) admit(p *participant, sig *signals, arrival Arrival, reply func(wire.MeetingJoined)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := p.meeting
	if m.over {
		return errMeetingOver
	}
	if p.signals != sig {
		return errPlaceLost
	}
	event := wire.EventParticipantUpdated
	if !p.admitted {
		p.admitted, event = true, wire.EventParticipantJoined
		s.tellPeople(m)
	}
	p.socket.Unfollow(p.topics()...) // it has followed them already when it joins again
	s.Publisher.Publish(MeetingTopic(m.row.ID), event, wire.ParticipantChanged{MeetingID: m.row.ID, Participant: p.shown})
	s.tellWaiting(m)
	lobby := []wire.Waiter{}
	if Teaches(p.shown.Role) {
		lobby = m.lobby()
	}
	s.Polls.Snapshot(m.row.ID, p.shown.User.ID, p.shown.Role, func(polls []wire.Poll) {
		s.Playback.Snapshot(m.row.ID, arrival, p.shown.Role, func(t *wire.Timeline, state wire.PlaybackState) {
			p.socket.Follow(p.topics()...)
			reply(wire.MeetingJoined{ParticipantID: p.id, Participants: m.list(), Settings: wire.MeetingSettings(m.row.Settings),
				State: m.state(), Polls: polls, Lobby: lobby, Captions: m.captionsWanted(), PostID: arrival.postID,
				ICEServers: s.ICEServers(p.shown.User.ID), Playback: t, PlaybackState: state, ServerTimeMS: s.Playback.Time.NowMS()})
		})
	})
	if Teaches(p.shown.Role) {
		s.Polls.Brief(m.row.ID, p.id)
	}
	if p.quality != "" { // of the peers before
		p.quality = "good"
		s.Publisher.Publish(MeetingTopic(m.row.ID), wire.EventMeetingQuality, m.qualities(p))
	}
	if bad := m.qualities(nil); len(bad.Participants) > 0 {
		s.Publisher.Publish(ParticipantTopic(p.id), wire.EventMeetingQuality, bad)
	}
	sig.open()
	return nil
}

package services

import (
	"context"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Join lets a socket into a meeting. reply gets the snapshot and must only queue it: no event of the meeting comes before
// it on that socket, and none that came after the snapshot is missing.
func (s *Meetings) Join(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingJoin, reply func(wire.MeetingJoined)) error {
	row, member, err := activeMeeting(ctx, s.Store, actor, cmd.MeetingID, ActionMeet)
	if err != nil {
		return err
	}
	user, err := s.Store.User(ctx, actor.UserID)
	if err != nil {
		return err
	}
	arrival, err := s.Playback.Prepare(ctx, actor, *row)
	if err != nil {
		return err
	}
	shown := wire.Participant{User: profile(*user, s.Publisher), Role: member.Role, Muted: cmd.Muted, VideoOn: cmd.VideoOn}
	p, sig, err := s.enter(row.ID, socket, cmd.ParticipantID, shown)
	if err != nil {
		return err
	}
	err = s.confirm(ctx, actor, p)
	if err == nil {
		err = s.connect(ctx, p, sig)
	}
	if err == nil {
		err = s.admit(p, sig, arrival, reply)
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
	if !replaced {
		s.settle(ctx, p)
	}
}

// enter takes a place, or takes one's own back: the one named or, when the meeting is full, one whose connection is lost.
func (s *Meetings) enter(meetingID string, socket Socket, participantID string, shown wire.Participant) (*participant, *signals, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.live[meetingID]
	if m == nil || m.over {
		return nil, nil, errMeetingOver
	}
	if m.removed[shown.User.ID] {
		return nil, nil, Forbidden("A teacher has removed you from this meeting.")
	}
	p := s.sockets[socket]
	if p != nil && p.meeting != m {
		return nil, nil, &Error{Kind: KindConflict, Message: "This connection is in another meeting. Leave that first."}
	}
	if p == nil {
		p = m.participants[participantID]
		if p != nil && p.shown.User.ID != shown.User.ID {
			p = nil
		}
	}
	full := len(m.participants) >= s.MaxParticipants
	if p == nil && full {
		p = m.lost(shown.User.ID)
	}
	if p == nil {
		if full {
			return nil, nil, &Error{Kind: KindRoomFull, Message: "The meeting is full."}
		}
		shown.ParticipantID = models.NewID()
		shown.JoinedAt = wire.At(stamp(s.Clock))
		p = &participant{id: shown.ParticipantID, meeting: m}
		m.participants[p.id] = p
		if m.empty != nil {
			m.empty.Stop()
			m.empty = nil
		}
	} else { // new peers have no screen to show
		shown.ParticipantID, shown.JoinedAt, shown.HandRaised = p.id, p.shown.JoinedAt, p.shown.HandRaised
		if m.sharer == p {
			m.sharer = nil
		}
	}
	s.seat(p, socket)
	p.shown = shown
	p.shown.Connection = "connected"
	enforceLocks(&p.shown, m.row.Settings)
	p.signals = &signals{meetings: s, p: p}
	p.hadMedia, p.media = false, false
	p.candidates = map[string]int{}
	return p, p.signals, nil
}

// lost finds a place that is kept for a user's broken connection. The caller holds Meetings.mu.
func (m *meeting) lost(userID string) *participant {
	for _, p := range m.participants {
		if p.socket == nil && p.shown.User.ID == userID {
			return p
		}
	}
	return nil
}

// confirm looks at the membership again: MemberLeft and RoleChanged find the participant from now on, and what they were
// told before is seen here.
func (s *Meetings) confirm(ctx context.Context, actor Actor, p *participant) error {
	member, err := Authorize(ctx, s.Store, actor, p.meeting.row.ChannelID, ActionMeet)
	if err != nil {
		return hide(err, "meeting")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p.shown.Role = member.Role
	enforceLocks(&p.shown, p.meeting.row.Settings)
	return nil
}

// seat gives the participant's place to a socket. The caller holds mu.
func (s *Meetings) seat(p *participant, socket Socket) {
	p.stopTimer()
	if p.socket != nil && p.socket != socket {
		p.socket.Unfollow(p.topics()...)
		delete(s.sockets, p.socket)
	}
	p.socket = socket
	s.sockets[socket] = p
}

// enforceLocks switches off what a student may not use now.
func enforceLocks(p *wire.Participant, locks models.MeetingSettings) (changed bool) {
	if Teaches(p.Role) {
		return false
	}
	before := *p
	p.Muted = p.Muted || locks.MicrophonesLocked
	p.VideoOn = p.VideoOn && !locks.CamerasLocked
	p.ScreenSharing = p.ScreenSharing && !locks.ScreenLocked
	return *p != before
}

// connect opens the attendance and the peer connections, replacing those that the participant had.
func (s *Meetings) connect(ctx context.Context, p *participant, sig *signals) error {
	if !p.wasAdmitted(s) {
		err := s.Store.AddAttendance(ctx, &models.Attendance{ID: p.id, MeetingID: p.meeting.row.ID, UserID: p.shown.User.ID,
			JoinedAt: time.Time(p.shown.JoinedAt)})
		if err != nil {
			return err
		}
	}
	if err := s.makePeers(ctx, p, sig); err != nil {
		return err
	}
	s.allow(p)
	return nil
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

func (p *participant) wasAdmitted(s *Meetings) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return p.admitted
}

// allow tells the SFU what the participant may send now. Run after every change; the last run reads the last state.
func (s *Meetings) allow(p *participant) {
	p.rooms.Lock()
	defer p.rooms.Unlock()
	s.mu.Lock()
	shown := p.shown
	s.mu.Unlock()
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
	}
	p.socket.Unfollow(p.topics()...) // it has followed them already when it joins again
	s.Publisher.Publish(MeetingTopic(m.row.ID), event, wire.ParticipantChanged{MeetingID: m.row.ID, Participant: p.shown})
	s.Playback.Snapshot(m.row.ID, arrival, p.shown.Role, func(t *wire.Timeline, state wire.PlaybackState) {
		p.socket.Follow(p.topics()...)
		reply(wire.MeetingJoined{ParticipantID: p.id, Participants: m.list(), Settings: wire.MeetingSettings(m.row.Settings), Polls: []wire.Poll{}, Lobby: []wire.Waiter{},
			ICEServers: s.ICEServers(p.shown.User.ID), Playback: t, PlaybackState: state, ServerTimeMS: s.Playback.Time.NowMS()})
	})
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

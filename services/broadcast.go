package services

import (
	"context"

	"lectern/internal/wire"
)

// maxBroadcast is how much a teacher tells all rooms at once, in characters.
const maxBroadcast = 500

// Broadcast brings a teacher's words to all rooms, or has them hear the teacher's microphone, or ends that.
func (s *Meetings) Broadcast(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingBroadcast) error {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	v := invalid{}
	text := v.text("text", cmd.Text, maxBroadcast)
	if !visible(text) && (text != "" || cmd.Voice == nil) {
		v["text"] = "It must not be empty."
	}
	if err := v.err(); err != nil {
		return err
	}
	changed, err := s.tellAll(me, text, cmd.Voice)
	for _, p := range changed {
		s.allow(p)
	}
	return err
}

// tellAll returns those of whom the SFU must be told whom they reach now.
func (s *Meetings) tellAll(me *participant, text string, voice *bool) (changed []*participant, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := me.meeting
	switch {
	case m.over:
		return nil, errMeetingOver
	case m.present(me.id) != me:
		return nil, errPlaceLost
	case m.row.State.Breakouts == nil:
		return nil, errNoBreakouts
	}
	if text != "" {
		s.Publisher.Publish(MeetingTopic(m.row.ID), wire.EventMeetingBroadcast,
			wire.MeetingAnnouncement{MeetingID: m.row.ID, By: me.shown.User, Text: text})
	}
	switch {
	case voice == nil || *voice == (m.broadcasting == me.id):
	case *voice: // one at a time
		changed = append(m.endBroadcast(m.broadcasting), me)
		m.broadcasting = me.id
		s.tellState(m)
	default:
		changed = m.endBroadcast(me.id)
		s.tellState(m)
	}
	return changed, nil
}

// endBroadcast ends that all rooms hear a participant, if they do, and returns who must be taken out of them. The caller holds
// Meetings.mu.
func (m *meeting) endBroadcast(participantID string) []*participant {
	if participantID == "" || m.broadcasting != participantID {
		return nil
	}
	m.broadcasting = ""
	if p := m.participants[participantID]; p != nil {
		return []*participant{p}
	}
	return nil
}

package services

import (
	"regexp"
	"strconv"

	"lectern/internal/wire"
)

// maxCaption is the length of a line, in characters.
const maxCaption = 500

// Lines that still grow are told so often for each participant; more are passed over, since the next one says it all again.
const (
	captionsPerSecond = 10
	captionBurst      = 20
)

// Finished lines of each participant: more are refused.
const (
	linesPerSecond = 2
	lineBurst      = 10
)

// languageTag is the form of a language's name in BCP 47.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// Captions switches captions on or off for a participant: their place keeps it.
func (s *Meetings) Captions(socket Socket, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.of(socket)
	if err != nil {
		return err
	}
	wanted := p.meeting.captionsWanted()
	p.captions = on
	s.tellCaptions(p.meeting, wanted)
	return nil
}

// Caption brings a line of what a participant says to those who hear it and have captions on. Who is muted says nothing more: only
// the line that had begun before is finished, once.
func (s *Meetings) Caption(socket Socket, cmd wire.MeetingCaption) error {
	if err := checkCaption(&cmd); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.of(socket)
	if err != nil {
		return err
	}
	if p.shown.Muted && !(cmd.Final && cmd.Line == p.line) {
		return &Error{Kind: KindConflict, Message: "You are muted: nobody hears what this says."}
	}
	if cmd.Final {
		if wait, ok := s.lines.Allow(p.id); !ok {
			return &Error{Kind: KindRateLimited, Message: "These are too many lines. Please wait a moment.", RetryAfter: wait}
		}
		p.line = 0
	} else {
		p.line = cmd.Line
		if _, ok := s.captions.Allow(p.id); !ok {
			return nil
		}
	}
	m := p.meeting
	var readers []string
	for _, other := range m.participants {
		if hears := other.shown.RoomID == p.shown.RoomID || m.broadcasting == p.id; hears && other.captions && other.admitted {
			readers = append(readers, ParticipantTopic(other.id))
		}
	}
	if len(readers) > 0 { // a line that grows takes its own place, so that its end is never lost
		s.Publisher.PublishStateTo(readers, "caption "+p.id+" "+strconv.Itoa(cmd.Line), wire.EventMeetingCaption, wire.MeetingCaptionShown{MeetingID: m.row.ID,
			ParticipantID: p.id, RoomID: p.shown.RoomID, Line: cmd.Line, Text: cmd.Text, Final: cmd.Final, Lang: cmd.Lang})
	}
	return nil
}

func checkCaption(cmd *wire.MeetingCaption) error {
	v := invalid{}
	if cmd.Line < 1 {
		v["line"] = "Lines are numbered from 1."
	}
	if cmd.Text = v.line("text", cmd.Text, 1, maxCaption); v["text"] == "" && !visible(cmd.Text) {
		v["text"] = "It must have characters that can be seen."
	}
	if !languageTag.MatchString(cmd.Lang) {
		v["lang"] = "It must be a language such as zh-TW."
	}
	return v.err()
}

// captionsWanted tells whether anybody reads captions. The caller holds Meetings.mu.
func (m *meeting) captionsWanted() bool {
	for _, p := range m.participants {
		if p.admitted && p.captions {
			return true
		}
	}
	return false
}

// tellCaptions tells everybody whether captions are wanted, if that has changed. The caller holds mu.
func (s *Meetings) tellCaptions(m *meeting, before bool) {
	if wanted := m.captionsWanted(); wanted != before {
		s.Publisher.PublishState(MeetingTopic(m.row.ID), "captions", wire.EventCaptionsWanted, wire.MeetingCaptionsWanted{MeetingID: m.row.ID, Wanted: wanted})
	}
}

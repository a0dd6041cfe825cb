package services_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/services"
)

func TestCaptionsReachWhoReadsThem(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		teacher, ada, bob := l.teacherSeat, newSeat(), newSeat()
		speaker := l.join(t, l.teacher, teacher, wire.MeetingJoin{}).ParticipantID
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		l.pub.take()
		line := wire.MeetingCaption{Line: 1, Text: "大家好", Lang: "zh-TW"}
		require.NoError(t, l.meetings.Caption(teacher, line))
		require.Empty(t, l.pub.take(), "nobody reads")

		require.NoError(t, l.meetings.Captions(ada, true))
		require.True(t, l.pub.last(t, wire.EventCaptionsWanted).(wire.MeetingCaptionsWanted).Wanted)
		require.True(t, l.join(t, l.bob, bob, wire.MeetingJoin{}).Captions)
		require.NoError(t, l.meetings.Captions(bob, true))
		require.NotContains(t, l.pub.take()[1:], wire.EventCaptionsWanted, "it was wanted already")

		line.Final = true
		require.NoError(t, l.meetings.Caption(teacher, line))
		require.Equal(t, wire.MeetingCaptionShown{MeetingID: l.id, ParticipantID: speaker, Line: 1, Text: "大家好", Final: true, Lang: "zh-TW"},
			l.pub.last(t, wire.EventMeetingCaption))

		require.NoError(t, l.meetings.Captions(ada, false))
		l.pub.take()
		l.meetings.Leave(t.Context(), bob)
		require.False(t, l.pub.last(t, wire.EventCaptionsWanted).(wire.MeetingCaptionsWanted).Wanted, "the last reader has gone")
	})
}

func TestWhoIsMutedOnlyFinishesALine(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		require.NoError(t, l.meetings.Captions(ada, true))
		say := func(line int, final bool) error {
			return l.meetings.Caption(ada, wire.MeetingCaption{Line: line, Text: "Hello", Final: final, Lang: "en"})
		}
		require.NoError(t, say(1, false))
		_, err := l.meetings.UpdateState(t.Context(), ada, wire.MeetingStateUpdate{Muted: new(true)})
		require.NoError(t, err)
		requireKind(t, services.KindConflict, say(2, true))
		require.NoError(t, say(1, true))
		requireKind(t, services.KindConflict, say(1, true))
	})
}

func TestCaptionsHaveLimits(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		require.NoError(t, l.meetings.Captions(ada, true))
		for field, cmd := range map[string]wire.MeetingCaption{
			"line": {Line: 0, Text: "a", Lang: "en"},
			"text": {Line: 1, Text: strings.Repeat("字", 501), Lang: "en"},
			"lang": {Line: 1, Text: "a", Lang: "English, please"},
		} {
			requireField(t, field, l.meetings.Caption(ada, cmd))
		}
		l.pub.take()
		for i := range 50 {
			require.NoError(t, l.meetings.Caption(ada, wire.MeetingCaption{Line: 1, Text: strings.Repeat("a", i+1), Lang: "en"}))
		}
		require.Len(t, l.pub.take(), 20, "what still grows is passed over when there is too much")
		require.NoError(t, l.meetings.Caption(ada, wire.MeetingCaption{Line: 1, Text: "the end", Final: true, Lang: "en"}))
		require.Equal(t, "the end", l.pub.last(t, wire.EventMeetingCaption).(wire.MeetingCaptionShown).Text)
		requireKind(t, services.KindConflict, l.meetings.Captions(newSeat(), true))
	})
}

func TestCaptionsAreForWhoHearsThem(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, bob, adaID, bobID := inClass(t, l)
		for _, reader := range []*seat{ada, bob} {
			require.NoError(t, l.meetings.Captions(reader, true))
		}
		rooms := l.part(t, 600, []string{l.ada.UserID}, []string{l.bob.UserID})
		l.move(t, l.me(t), rooms[0])
		readers := func(line int) (topics []string) {
			l.pub.published.take()
			require.NoError(t, l.meetings.Caption(l.teacherSeat, wire.MeetingCaption{Line: line, Text: "Hello", Final: true, Lang: "en"}))
			for _, e := range l.pub.published.take() {
				topics = append(topics, e.topic)
			}
			return topics
		}
		require.Equal(t, []string{services.ParticipantTopic(adaID)}, readers(1))
		require.NoError(t, l.meetings.Broadcast(t.Context(), l.teacher, l.teacherSeat, wire.MeetingBroadcast{Voice: new(true)}))
		require.ElementsMatch(t, []string{services.ParticipantTopic(adaID), services.ParticipantTopic(bobID)}, readers(2))
	})
}

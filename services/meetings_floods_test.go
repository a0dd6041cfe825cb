package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// What one participant must not do to all others.

func TestOnePersonDoesNotFillTheMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.meetings.MaxParticipants = 50
		for range 5 {
			l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		}
		_, err := l.knock(t, l.ada, newSeat())
		requireKind(t, services.KindRoomFull, err)
		l.enters(t, l.bob, newSeat())
	})
}

func TestPlacesOfLostConnectionsDoNotFillTheMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.meetings.MaxParticipants = 50
		for range 20 { // every place would be kept for half a minute
			s := newSeat()
			l.join(t, l.ada, s, wire.MeetingJoin{})
			l.meetings.Closed(t.Context(), s, services.SocketBroke, l.clock.Now())
		}
		_, people := l.meetings.InProgress()
		require.Equal(t, 5, people)
	})
}

func TestMarksThatFlickerAreToldNowAndThen(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		id := l.join(t, l.ada, ada, wire.MeetingJoin{}).ParticipantID
		l.pub.take()
		for i := range 401 {
			shown, err := l.meetings.UpdateState(t.Context(), ada, wire.MeetingStateUpdate{Muted: new(i%2 == 0)})
			require.NoError(t, err, "muting is never refused")
			require.Equal(t, i%2 == 0, shown.Muted)
		}
		require.Equal(t, false, l.rooms.allowed[id][wire.SourceMicrophone], "it counts at once")
		require.Equal(t, 20, len(l.pub.take()))
		l.clock.turn(time.Second)
		require.True(t, l.pub.last(t, wire.EventParticipantUpdated).(wire.ParticipantChanged).Participant.Muted, "the last state is told")
		require.Equal(t, []string{wire.EventParticipantUpdated}, l.pub.take())
		l.clock.turn(time.Minute)
		require.Empty(t, l.pub.take())
	})
}

func TestNothingIsToldOfWhoHasLeft(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		for i := range 30 {
			_, err := l.meetings.UpdateState(t.Context(), ada, wire.MeetingStateUpdate{Muted: new(i%2 == 0)})
			require.NoError(t, err)
		}
		l.meetings.Leave(t.Context(), ada)
		l.pub.take()
		l.clock.turn(time.Second)
		require.Empty(t, l.pub.take())
	})
}

func TestAHandIsNotAWhisk(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		raise := func(up bool) error {
			_, err := l.meetings.UpdateState(t.Context(), ada, wire.MeetingStateUpdate{HandRaised: &up})
			return err
		}
		for i := range 10 {
			require.NoError(t, raise(i%2 == 0))
		}
		requireKind(t, services.KindRateLimited, raise(true))
		l.clock.turn(time.Second)
		require.NoError(t, raise(true))
	})
}

func TestFinishedCaptionsHaveALimitToo(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		require.NoError(t, l.meetings.Captions(ada, true))
		say := func(line int) error {
			return l.meetings.Caption(ada, wire.MeetingCaption{Line: line, Text: "Hello", Final: true, Lang: "en"})
		}
		for line := range 10 {
			require.NoError(t, say(line+1))
		}
		requireKind(t, services.KindRateLimited, say(11))
		l.clock.turn(time.Second)
		require.NoError(t, say(11))
	})
}

func TestWhoIsMutedDoesNotGoOnWithALine(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		say := func(final bool) error {
			return l.meetings.Caption(ada, wire.MeetingCaption{Line: 1, Text: "Hello", Final: final, Lang: "en"})
		}
		require.NoError(t, say(false))
		_, err := l.meetings.UpdateState(t.Context(), ada, wire.MeetingStateUpdate{Muted: new(true)})
		require.NoError(t, err)
		requireKind(t, services.KindConflict, say(false))
		require.NoError(t, say(true))
		requireKind(t, services.KindConflict, say(true))
	})
}

func TestStrangersDoNotTakeThePlacesOfMembersInTheLobby(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		l := newLesson(t, store)
		guarded(t, l)
		for range 100 {
			l.waits(t, l.stranger(t), newSeat())
		}
		_, err := l.knock(t, l.stranger(t), newSeat())
		requireKind(t, services.KindRoomFull, err)
		l.waits(t, l.ada, newSeat())
	})
}

func TestAdmittingAllIsForMembers(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		guarded(t, l)
		l.waits(t, l.ada, newSeat())
		eve := l.stranger(t) // who knocks in the moment before the teacher presses
		l.waits(t, eve, newSeat())
		require.NoError(t, l.meetings.Admit(t.Context(), l.teacher, l.teacherSeat, ""))
		require.Equal(t, []string{eve.UserID}, l.lobby(t))
		_, err := l.store.Member(t.Context(), l.channelID, eve.UserID)
		require.ErrorIs(t, err, models.ErrNotFound)
	})
}

func TestWhoWasRemovedDoesNotGoOnInTheChat(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		id := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).ParticipantID
		post, err := l.posts.Open(t.Context(), l.ada, l.id)
		require.NoError(t, err)
		written, _, err := l.comments.Create(t.Context(), l.ada, post.ID, wire.CreateEntryRequest{Body: "Nonsense"})
		require.NoError(t, err)
		require.NoError(t, l.meetings.Remove(t.Context(), l.teacher, l.teacherSeat, id))

		_, _, err = l.comments.Create(t.Context(), l.ada, post.ID, wire.CreateEntryRequest{Body: "More nonsense"})
		requireKind(t, services.KindForbidden, err)
		_, err = l.comments.Update(t.Context(), l.ada, written.ID, wire.UpdateCommentRequest{Body: "Worse"})
		requireKind(t, services.KindForbidden, err)
		_, _, err = l.comments.Create(t.Context(), l.bob, post.ID, wire.CreateEntryRequest{Body: "Good"})
		require.NoError(t, err)

		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		_, _, err = l.comments.Create(t.Context(), l.ada, post.ID, wire.CreateEntryRequest{Body: "Sorry"})
		require.NoError(t, err, "after the meeting it is a post like others")
	})
}

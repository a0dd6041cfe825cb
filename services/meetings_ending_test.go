package services_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// during lets something happen once, when a table is read next.
func (l *lesson) during(t *testing.T, table string, happen func()) {
	t.Helper()
	var happened atomic.Bool
	query := l.store.DB(t.Context()).Callback().Query()
	require.NoError(t, query.Before("gorm:query").Register("during", func(db *gorm.DB) {
		if db.Statement.Table == table && happened.CompareAndSwap(false, true) {
			happen()
		}
	}))
	t.Cleanup(func() {
		require.True(t, happened.Load())
		require.NoError(t, query.Remove("during"))
	})
}

func (l *lesson) end(t *testing.T) {
	t.Helper()
	_, err := l.meetings.End(t.Context(), l.teacher, l.id)
	require.NoError(t, err)
}

func TestNoPollIsAskedInAMeetingThatEndsMeanwhile(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		l.during(t, "users", func() { l.end(t) })
		_, err := l.polls.Open(t.Context(), l.teacher, l.id, wire.PollOpen{ID: models.NewID(), Question: "Why?", Options: []string{"A", "B"}})
		requireKind(t, services.KindConflict, err)
		asked, err := l.polls.History(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Empty(t, asked.Items)
	})
}

func TestAPollAskedWhenTheOthersAreClosedAlreadyEndsWithTheMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		id := models.NewID()
		require.NoError(t, l.polls.Prepare(t.Context(), l.id))
		require.NoError(t, l.store.AddPoll(t.Context(), &models.Poll{ID: id, MeetingID: l.id, AuthorID: l.teacher.UserID, Question: "Why?",
			Options: []string{"A", "B"}, Counts: []int{0, 0}, CreatedAt: l.clock.Now()})) // unknown to those who close them
		l.end(t)
		asked, err := l.polls.History(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Len(t, asked.Items, 1)
		require.False(t, asked.Items[0].Open)
	})
}

// A film that runs sets timers: none may be left of a meeting that is over.
func TestNothingIsKeptOfAMeetingThatEndsWhileSomebodyJoins(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://youtu.be/dQw4w9WgXcQ", Duration: 60}})
		l.drive(t, wire.PlaybackCommand{Op: "play"})
		l.clock.turn(time.Second)
		l.restart(t)
		l.during(t, "playbacks", func() { l.end(t) })
		err := l.meetings.Join(t.Context(), l.ada, newSeat(), wire.MeetingJoin{MeetingID: l.id}, func(wire.MeetingJoined, error) { t.Error("joined") })
		requireKind(t, services.KindConflict, err)
		require.Zero(t, l.playback.Counts().Playing)
		require.Empty(t, l.clock.timers)
	})
}

// The row ends first: who comes in before everybody is sent out would be there for good.
func TestNobodyIsCountedInAMeetingThatIsEnding(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, l *lesson) wire.MeetingJoin{
		"new": func(*testing.T, *lesson) wire.MeetingJoin { return wire.MeetingJoin{} },
		"back after a restart": func(t *testing.T, l *lesson) wire.MeetingJoin {
			place := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).ParticipantID
			l.restart(t)
			return wire.MeetingJoin{ParticipantID: place}
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachLesson(t, func(t *testing.T, l *lesson) {
				cmd := prepare(t, l)
				cmd.MeetingID = l.id
				l.meetings.Publisher = &meanwhile{l.pub, func() {
					ended, err := l.store.EndMeeting(t.Context(), l.id, l.clock.Now())
					require.NoError(t, err)
					require.True(t, ended)
				}}
				err := l.meetings.Join(t.Context(), l.ada, newSeat(), cmd, func(wire.MeetingJoined, error) { t.Error("joined") })
				requireKind(t, services.KindConflict, err)
				require.Empty(t, l.rooms.peers)
				rows, err := l.store.Attendances(t.Context(), l.id)
				require.NoError(t, err)
				for _, row := range rows {
					require.NotNil(t, row.LeftAt)
				}
			})
		})
	}
}

package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/services"
)

// follows says a status for each of some participants.
func (l *lesson) follows(t *testing.T, s wire.PlaybackStatus, who ...string) {
	t.Helper()
	s.MeetingID = l.id
	if s.State == "" {
		s.State = "in_step"
	}
	for _, id := range who {
		require.NoError(t, l.playback.Status(id, s))
	}
}

var eight = []string{"1", "2", "3", "4", "5", "6", "7", "8"}

func TestAStartWaitsForTheClass(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		l.follows(t, wire.PlaybackStatus{Ready: new(false)}, eight...)
		loaded := l.drive(t, wire.PlaybackCommand{Op: "load", Item: video, Pos: new(7.0)})
		waiting := l.drive(t, wire.PlaybackCommand{Op: "play"})
		require.False(t, waiting.Playing)
		require.Equal(t, l.nowMS()+3000, *waiting.StartBy)
		l.follows(t, wire.PlaybackStatus{V: loaded.V - 1, Ready: new(true)}, eight...)
		require.Equal(t, waiting, l.timeline(), "ready for what was before")
		l.follows(t, wire.PlaybackStatus{V: loaded.V, Ready: new(true)}, eight[:6]...)
		require.Equal(t, waiting, l.timeline(), "six of eight are too few")
		l.clock.turn(time.Second)
		class := l.pub.last(t, wire.EventPlaybackClass).(wire.PlaybackClass)
		require.Equal(t, 6, class.Ready)
		require.Equal(t, 8, class.Quorum)

		l.follows(t, wire.PlaybackStatus{V: loaded.V, Ready: new(true)}, eight[6])
		started := l.timeline()
		require.True(t, started.Playing, "seven of eight")
		require.Nil(t, started.StartBy)
		require.Equal(t, 7.0, started.Pos)
		require.InDelta(t, l.nowMS()+250, started.At, 1e-3)
		require.Equal(t, started, l.pub.last(t, wire.EventPlaybackTimeline))
		l.clock.turn(time.Minute / 2)
		require.Equal(t, started, l.timeline())
		paused := l.drive(t, wire.PlaybackCommand{Op: "pause"})
		require.True(t, l.drive(t, wire.PlaybackCommand{Op: "play"}).Playing, "only the first start waits")
		require.Greater(t, paused.V, started.V)
	})
}

func TestTheFirstStartWaitsAfterARestart(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		loaded := l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		l.restart(t)
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		l.follows(t, wire.PlaybackStatus{V: loaded.V - 1, Ready: new(true)}, eight...)
		require.NotNil(t, l.drive(t, wire.PlaybackCommand{Op: "play"}).StartBy, "ready for what was before")
		l.follows(t, wire.PlaybackStatus{V: loaded.V, Ready: new(true)}, eight...)
		require.True(t, l.timeline().Playing)
		l.drive(t, wire.PlaybackCommand{Op: "pause"})
		l.restart(t)
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		l.follows(t, wire.PlaybackStatus{V: loaded.V, Ready: new(false)}, eight...)
		require.True(t, l.drive(t, wire.PlaybackCommand{Op: "play"}).Playing, "it has started before")
	})
}

func TestAStartWaitsThreeSecondsAtMost(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		l.follows(t, wire.PlaybackStatus{Ready: new(false)}, eight...)
		waiting := l.drive(t, wire.PlaybackCommand{Op: "load", Item: video, Autoplay: new(true)})
		require.NotNil(t, waiting.StartBy)
		l.clock.turn(2999 * time.Millisecond / 2)
		require.True(t, l.drive(t, wire.PlaybackCommand{Op: "play"}).Playing, "start now")

		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video, Autoplay: new(true)})
		l.clock.turn(2998 * time.Millisecond)
		require.False(t, l.timeline().Playing)
		l.clock.turn(2 * time.Millisecond)
		require.True(t, l.timeline().Playing)

		waiting = l.drive(t, wire.PlaybackCommand{Op: "load", Item: video, Autoplay: new(true)})
		paused := l.drive(t, wire.PlaybackCommand{Op: "pause"})
		require.Nil(t, paused.StartBy, "taken back")
		require.Greater(t, paused.V, waiting.V)
		l.clock.turn(4 * time.Second)
		require.Equal(t, paused, l.timeline())

		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video, Autoplay: new(true)})
		l.clock.turn(time.Second)
		l.restart(t)
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		l.clock.turn(2 * time.Second)
		require.True(t, l.timeline().Playing, "over a restart")
	})
}

func TestNobodyWaitsForThoseWhoDoNotFollowOrStallAgainAndAgain(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		quorum := func() int {
			l.clock.turn(time.Second)
			l.follows(t, wire.PlaybackStatus{State: "catching_up"}, "1")
			l.follows(t, wire.PlaybackStatus{State: "in_step"}, "1")
			l.clock.turn(time.Second)
			return l.pub.last(t, wire.EventPlaybackClass).(wire.PlaybackClass).Quorum
		}
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		l.follows(t, wire.PlaybackStatus{}, eight...)
		require.Equal(t, 8, quorum())
		for i, state := range []string{"free", "hidden", "error"} {
			l.follows(t, wire.PlaybackStatus{State: state}, eight[i+1])
		}
		require.Equal(t, 5, quorum())

		l.follows(t, wire.PlaybackStatus{V: l.drive(t, wire.PlaybackCommand{Op: "load", Item: video}).V}, "1", "5", "6", "7", "8")
		require.True(t, l.drive(t, wire.PlaybackCommand{Op: "play"}).Playing)
		stall := func(times int) {
			for range times {
				l.follows(t, wire.PlaybackStatus{V: 1, State: "buffering"}, "8")
				l.follows(t, wire.PlaybackStatus{V: 1, State: "in_step"}, "8")
			}
		}
		stall(5)
		require.Equal(t, 5, quorum(), "everybody buffers at the start")
		l.clock.turn(5 * time.Second)
		stall(2)
		require.Equal(t, 5, quorum())
		stall(1)
		require.Equal(t, 4, quorum())
		l.clock.turn(2 * time.Minute)
		require.Equal(t, 5, quorum(), "forgiven")
	})
}

func TestWhoHoldsUpThreeStartsIsNotWaitedForAgain(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		l.follows(t, wire.PlaybackStatus{Ready: new(false)}, "slow")
		for range 3 {
			require.NotNil(t, l.drive(t, wire.PlaybackCommand{Op: "load", Item: video, Autoplay: new(true)}).StartBy)
			l.clock.turn(4 * time.Second)
			require.True(t, l.timeline().Playing)
		}
		require.True(t, l.drive(t, wire.PlaybackCommand{Op: "load", Item: video, Autoplay: new(true)}).Playing)
		l.clock.turn(2 * time.Minute)
		require.NotNil(t, l.drive(t, wire.PlaybackCommand{Op: "load", Item: video, Autoplay: new(true)}).StartBy, "two minutes later it has another chance")
	})
}

// TestNoStudentWritesTheTimeline: whatever students report, ask, answer or tap, the timeline stays as the teacher left it.
func TestNoStudentWritesTheTimeline(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		id := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).ParticipantID
		l.follows(t, wire.PlaybackStatus{}, id)
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		l.drive(t, wire.PlaybackCommand{Op: "play"})
		l.follows(t, wire.PlaybackStatus{V: 2, Ready: new(true)}, id)
		l.clock.turn(10 * time.Second)
		before := l.timeline()
		l.pub.take()
		for _, state := range []string{"buffering", "catching_up", "buffering", "ad", "needs_tap", "error", "free", "hidden", "in_step"} {
			for _, ready := range []*bool{nil, new(true), new(false)} {
				l.follows(t, wire.PlaybackStatus{V: before.V, State: state, ErrMS: 8000, Ready: ready}, id)
				l.clock.turn(2 * time.Second)
			}
		}
		require.NoError(t, l.playback.Lost(t.Context(), id, l.id, wire.PlaybackLost{Pos: new(1.0)}))
		_, err := l.playback.Comment(t.Context(), l.ada, l.id, wire.PlaybackComment{Body: "?"})
		require.NoError(t, err)
		for name, err := range map[string]error{
			"command": second(l.command(t, l.ada, wire.PlaybackCommand{Op: "pause"})),
			"edit":    second(l.edit(t, l.ada, wire.PlaybackEdit{Op: "clear"})),
			"report":  l.playback.Report(t.Context(), l.ada, wire.PlaybackReport{ChannelID: l.channelID, Key: videoKey, Duration: new(1.0)}),
			"marker": second(l.playback.SetMarker(t.Context(), l.ada, wire.SetMarker{ChannelID: l.channelID,
				Marker: wire.Marker{ID: l.id, Key: videoKey, T: 60, Question: "?"}})),
			"remote":   second(l.playback.Remote(t.Context(), l.ada, l.id, wire.PlaybackRemote{Op: "take"})),
			"settings": second(l.playback.Settings(t.Context(), l.ada, l.id, wire.PlaybackSettingsCommand{FreeBrowsing: new(true)})),
			"recall":   l.playback.Recall(t.Context(), l.ada, l.id),
			"nudge":    l.playback.Nudge(t.Context(), l.ada, l.id, id),
		} {
			require.Error(t, err, name)
			requireKind(t, services.KindForbidden, err)
		}
		require.Equal(t, before, l.timeline())
		require.NotContains(t, l.pub.take(), wire.EventPlaybackTimeline)
	})
}

func second[T any](_ T, err error) error { return err }

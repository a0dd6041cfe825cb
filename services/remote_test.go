package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func (l *lesson) remote(t *testing.T, who services.Actor, op, userID string) (wire.PlaybackSettings, error) {
	t.Helper()
	return l.playback.Remote(t.Context(), who, l.id, wire.PlaybackRemote{Op: op, UserID: userID})
}

func TestOneTeacherHoldsTheRemote(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		assistant := l.assistant(t)
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.join(t, assistant, newSeat(), wire.MeetingJoin{})
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		_, err := l.command(t, assistant, wire.PlaybackCommand{Op: "play"})
		require.NoError(t, err, "every teacher may, until one takes it")

		taken, err := l.remote(t, assistant, "take", "")
		require.NoError(t, err)
		require.Equal(t, assistant.UserID, taken.Remote)
		require.Equal(t, wire.PlaybackSettingsChanged{MeetingID: l.id, Settings: taken}, l.pub.last(t, wire.EventPlaybackSettings))
		_, err = l.command(t, l.teacher, wire.PlaybackCommand{Op: "pause"})
		requireKind(t, services.KindConflict, err)
		require.Contains(t, err.(*services.Error).Message, "Assistant")
		require.Equal(t, taken, err.(*services.Error).Current)
		requireKind(t, services.KindConflict, l.playback.Recall(t.Context(), l.teacher, l.id))
		_, err = l.playback.Settings(t.Context(), l.teacher, l.id, wire.PlaybackSettingsCommand{FreeBrowsing: new(true)})
		requireKind(t, services.KindConflict, err)
		_, err = l.command(t, assistant, wire.PlaybackCommand{Op: "pause"})
		require.NoError(t, err)

		_, err = l.remote(t, l.teacher, "take", "")
		require.NoError(t, err, "an owner takes it")
		_, err = l.remote(t, assistant, "take", "")
		requireKind(t, services.KindConflict, err)
		_, err = l.remote(t, assistant, "release", "")
		requireKind(t, services.KindConflict, err)
		for _, nobody := range []string{"", l.ada.UserID, models.NewID()} {
			_, err = l.remote(t, l.teacher, "hand_over", nobody)
			requireKind(t, services.KindInvalid, err)
		}
		_, err = l.remote(t, l.teacher, "throw", "")
		requireKind(t, services.KindInvalid, err)
		given, err := l.remote(t, l.teacher, "hand_over", assistant.UserID)
		require.NoError(t, err)
		require.Equal(t, assistant.UserID, given.Remote)
		released, err := l.remote(t, assistant, "release", "")
		require.NoError(t, err)
		require.Empty(t, released.Remote)
		l.drive(t, wire.PlaybackCommand{Op: "play"})
	})
}

func TestTheRemoteOfATeacherWhoIsGoneIsGivenOn(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		assistant := l.assistant(t)
		seat := newSeat()
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.join(t, assistant, seat, wire.MeetingJoin{})
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		l.drive(t, wire.PlaybackCommand{Op: "play"})
		_, err := l.remote(t, l.teacher, "take", "")
		require.NoError(t, err)
		holder := func() string { return l.state(t, l.ada, models.RoleStudent).Settings.Remote }
		seat.silent = l.clock.Now().Add(time.Hour) // heard of all the time

		l.teacherSeat.silent = l.clock.Now() // the network is gone, and nobody has noticed
		before := l.timeline()
		l.clock.turn(9 * time.Second)
		require.Equal(t, l.teacher.UserID, holder())
		l.clock.turn(2 * time.Second)
		require.Equal(t, assistant.UserID, holder(), "within 11 s")
		require.Equal(t, assistant.UserID, l.pub.last(t, wire.EventPlaybackSettings).(wire.PlaybackSettingsChanged).Settings.Remote)
		require.Equal(t, before, l.timeline(), "the class watches on")

		l.meetings.Leave(t.Context(), seat)
		l.clock.turn(20 * time.Second)
		require.Equal(t, assistant.UserID, holder(), "there is nobody else")
		l.teacherSeat.silent = l.clock.Now().Add(time.Hour)
		l.clock.turn(2 * time.Second)
		require.Equal(t, l.teacher.UserID, holder(), "the first who comes")

		l.restart(t)
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		require.Equal(t, l.teacher.UserID, holder(), "over a restart")
		l.clock.turn(9 * time.Second)
		l.join(t, assistant, newSeat(), wire.MeetingJoin{})
		require.Equal(t, l.teacher.UserID, holder(), "who has ten seconds to return")
		l.clock.turn(2 * time.Second)
		require.Equal(t, assistant.UserID, holder())
	})
}

func TestAReloadKeepsTheRemote(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		assistant := l.assistant(t)
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.join(t, assistant, newSeat(), wire.MeetingJoin{})
		_, err := l.remote(t, l.teacher, "take", "")
		require.NoError(t, err)
		l.meetings.Leave(t.Context(), l.teacherSeat)
		l.clock.turn(6 * time.Second)
		l.join(t, l.teacher, newSeat(), wire.MeetingJoin{})
		l.clock.turn(time.Minute)
		require.Equal(t, l.teacher.UserID, l.state(t, l.ada, models.RoleStudent).Settings.Remote)
	})
}

func TestTwoTeachersTakeTheRemoteAtOnce(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		first, second := l.assistant(t), register(t, l.store, "Another")
		require.NoError(t, l.store.DB(t.Context()).Create(&models.Member{ChannelID: l.channelID, UserID: second.UserID, Role: models.RoleAssistant, JoinedAt: l.clock.Now()}).Error)
		won := make(chan string, 2)
		for _, who := range []services.Actor{first, second} {
			l.join(t, who, newSeat(), wire.MeetingJoin{})
		}
		for _, who := range []services.Actor{first, second} {
			go func() {
				_, err := l.playback.Remote(t.Context(), who, l.id, wire.PlaybackRemote{Op: "take"})
				if err != nil {
					won <- ""
					return
				}
				won <- who.UserID
			}()
		}
		a, b := <-won, <-won
		require.True(t, (a == "") != (b == ""), "one of them")
		require.Equal(t, a+b, l.state(t, l.ada, models.RoleStudent).Settings.Remote)
	})
}

func TestSwitchesRecallAndNudges(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		ada := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).ParticipantID
		settings, err := l.playback.Settings(t.Context(), l.teacher, l.id, wire.PlaybackSettingsCommand{FreeBrowsing: new(true), RoomSound: &ada})
		require.NoError(t, err)
		require.Equal(t, wire.PlaybackSettings{FreeBrowsing: true, RoomSound: ada}, settings)
		l.restart(t)
		teacher := l.join(t, l.teacher, newSeat(), wire.MeetingJoin{}).ParticipantID
		seat := newSeat()
		ada = l.join(t, l.ada, seat, wire.MeetingJoin{}).ParticipantID
		require.True(t, l.state(t, l.ada, models.RoleStudent).Settings.FreeBrowsing, "over a restart")
		require.Nil(t, l.timeline(), "nothing was loaded")

		_, err = l.playback.Settings(t.Context(), l.teacher, l.id, wire.PlaybackSettingsCommand{RoomSound: new("x")})
		requireKind(t, services.KindInvalid, err)
		_, err = l.playback.Settings(t.Context(), l.teacher, l.id, wire.PlaybackSettingsCommand{RoomSound: &ada})
		require.NoError(t, err)
		l.pub.take()
		_, err = l.playback.Settings(t.Context(), l.teacher, l.id, wire.PlaybackSettingsCommand{RoomSound: &ada})
		require.NoError(t, err)
		require.Empty(t, l.pub.take(), "nothing new")

		require.NoError(t, l.playback.Recall(t.Context(), l.teacher, l.id))
		require.NoError(t, l.playback.Nudge(t.Context(), l.teacher, l.id, ada))
		require.NoError(t, l.playback.Nudge(t.Context(), l.teacher, l.id, ada))
		require.NoError(t, l.playback.Nudge(t.Context(), l.teacher, l.id, teacher))
		require.Equal(t, []string{wire.EventPlaybackRecall, wire.EventPlaybackNudge, wire.EventPlaybackNudge}, l.pub.take())
		requireKind(t, services.KindNotFound, l.playback.Nudge(t.Context(), l.teacher, l.id, models.NewID()))

		l.meetings.Leave(t.Context(), seat)
		require.Empty(t, l.pub.last(t, wire.EventPlaybackSettings).(wire.PlaybackSettingsChanged).Settings.RoomSound, "the device has left")
	})
}

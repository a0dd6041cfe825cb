package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/services"
)

func (l *lesson) share(t *testing.T, s *seat) error {
	t.Helper()
	l.clock.turn(time.Second)
	_, err := l.meetings.UpdateState(t.Context(), s, wire.MeetingStateUpdate{ScreenSharing: new(true)})
	return err
}

// sharing is who shares a screen, by participant.
func (l *lesson) sharing(t *testing.T) (ids []string) {
	t.Helper()
	for _, p := range l.join(t, l.teacher, newSeat(), wire.MeetingJoin{}).Participants {
		if p.ScreenSharing {
			ids = append(ids, p.ParticipantID)
		}
	}
	return ids
}

func TestOneScreenAtATime(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.meetings.MaxParticipants = 20
		ada, bob, adaID, _ := inClass(t, l)
		require.NoError(t, l.share(t, ada))
		err := l.share(t, bob)
		requireKind(t, services.KindConflict, err)
		var domain *services.Error
		require.ErrorAs(t, err, &domain)
		require.Equal(t, adaID, domain.Current.(wire.Participant).ParticipantID, "who shares")
		require.NoError(t, l.share(t, l.teacherSeat), "a teacher takes over")
		require.False(t, l.rooms.allowed[adaID]["screen"])
		require.Len(t, l.sharing(t), 1)
		l.meetings.Leave(t.Context(), l.teacherSeat)
		require.NoError(t, l.share(t, bob))
	})
}

func TestSeveralScreensWhereATeacherAllowsIt(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.meetings.MaxParticipants = 20
		ada, bob, adaID, bobID := inClass(t, l)
		l.settings(t, wire.MeetingSettingsCommand{ManyScreens: new(true)})
		third, fourth, fifth := newSeat(), newSeat(), newSeat()
		for _, s := range []*seat{third, fourth, fifth} {
			l.join(t, l.bob, s, wire.MeetingJoin{})
		}
		for _, s := range []*seat{bob, ada, third, fourth} {
			require.NoError(t, l.share(t, s))
		}
		requireKind(t, services.KindConflict, l.share(t, fifth))
		require.NoError(t, l.share(t, l.teacherSeat))
		require.NotContains(t, l.sharing(t), bobID, "who has shared longest makes room")
		require.Len(t, l.sharing(t), 4)
		l.settings(t, wire.MeetingSettingsCommand{ManyScreens: new(false)})
		require.Equal(t, []string{adaID}, l.sharing(t), "who has shared longest stays")
		require.True(t, l.rooms.allowed[adaID]["screen"])
		require.NoError(t, l.share(t, l.teacherSeat))
		require.Len(t, l.sharing(t), 1)
	})
}

func TestTheNextMeetingBeginsWithTheSwitchesOfTheLast(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		kept := l.settings(t, wire.MeetingSettingsCommand{CamerasLocked: new(true), ChatLocked: new(true), Lobby: new(true), ManyScreens: new(true)})
		require.Equal(t, wire.MeetingSettings{CamerasLocked: true, ChatLocked: true, Lobby: true, ManyScreens: true}, kept)
		_, err := l.playback.Settings(t.Context(), l.teacher, l.id, wire.PlaybackSettingsCommand{FreeBrowsing: new(true)})
		require.NoError(t, err)
		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)

		next, _, err := l.meetings.Start(t.Context(), l.teacher, l.channelID)
		require.NoError(t, err)
		require.Equal(t, kept, next.Settings)
		l.id = next.ID
		l.waits(t, l.ada, newSeat())
		joined := l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		require.Equal(t, kept, joined.Settings)
		require.True(t, joined.PlaybackState.Settings.FreeBrowsing)
		l.settings(t, wire.MeetingSettingsCommand{Lobby: new(false)})
		channel, err := l.store.Channel(t.Context(), l.channelID)
		require.NoError(t, err)
		require.False(t, channel.MeetingMemory.Settings.Lobby)
		require.True(t, channel.MeetingMemory.FreeBrowsing, "each keeps its own")
	})
}

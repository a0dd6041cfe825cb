package services_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// guarded is a lesson with a lobby, whose teacher is in.
func guarded(t *testing.T, l *lesson) {
	t.Helper()
	l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
	l.settings(t, wire.MeetingSettingsCommand{Lobby: new(true)})
	l.letStrangersKnock(t)
	l.pub.take()
}

// letStrangersKnock at a channel that has room for four.
func (l *lesson) letStrangersKnock(t *testing.T) {
	t.Helper()
	audit := services.NewAudit(l.store, l.clock, testenv.Log(t))
	limits := services.ChannelLimits{Members: 4, PerMaker: 100}
	l.meetings.Enrol = services.NewMembers(l.store, l.pub, services.NewChannels(l.store, l.pub, l.meetings, audit, limits, l.clock), l.meetings,
		newNotifier(t, l.store, l.pub, l.clock), audit, l.clock).Enrol
}

func (l *lesson) settings(t *testing.T, cmd wire.MeetingSettingsCommand) wire.MeetingSettings {
	t.Helper()
	settings, err := l.meetings.Settings(t.Context(), l.teacher, l.teacherSeat, cmd)
	require.NoError(t, err)
	return settings
}

// knock joins, and tells why one waits or is refused.
func (l *lesson) knock(t *testing.T, who services.Actor, s *seat) (waiting *wire.Waiting, err error) {
	t.Helper()
	answered := false
	err = l.meetings.Join(t.Context(), who, s, wire.MeetingJoin{MeetingID: l.id}, func(_ wire.MeetingJoined, refused error) {
		answered = true
		var domain *services.Error
		if errors.As(refused, &domain) {
			require.Equal(t, services.KindWaiting, domain.Kind)
			waiting = new(domain.Current.(wire.Waiting))
		}
	})
	require.Equal(t, err == nil, answered, "exactly one answer")
	return waiting, err
}

// waits asks and must wait.
func (l *lesson) waits(t *testing.T, who services.Actor, s *seat) wire.Waiting {
	t.Helper()
	waiting, err := l.knock(t, who, s)
	require.NoError(t, err)
	require.NotNil(t, waiting, "must wait")
	return *waiting
}

// enters asks and must get in.
func (l *lesson) enters(t *testing.T, who services.Actor, s *seat) {
	t.Helper()
	waiting, err := l.knock(t, who, s)
	require.NoError(t, err)
	require.Nil(t, waiting, "must not wait")
}

// lobby is what the teachers were last shown, by user.
func (l *lesson) lobby(t *testing.T) (users []string) {
	t.Helper()
	for _, w := range l.pub.last(t, wire.EventMeetingLobby).(wire.Lobby).Waiting {
		users = append(users, w.User.ID)
	}
	return users
}

func TestStudentsWaitUntilTheyAreLetIn(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		guarded(t, l)
		ada, second, bob := newSeat(), newSeat(), newSeat()
		first := l.waits(t, l.ada, ada)
		require.Equal(t, wire.Waiting{MeetingID: l.id, Reason: "lobby", Since: wire.At(l.clock.Now()), Teachers: 1}, first)
		require.Equal(t, map[string]bool{services.WaitingTopic(l.id, l.ada.UserID): true}, ada.topics, "nothing of the meeting is heard")
		require.Nil(t, l.pub.lastOr(wire.EventParticipantJoined), "nobody has come in")
		l.clock.turn(time.Second)
		l.waits(t, l.bob, bob)
		require.Equal(t, first, l.waits(t, l.ada, second), "a second window waits with the first")
		require.Equal(t, []string{l.ada.UserID, l.bob.UserID}, l.lobby(t), "longest first")
		late := l.join(t, l.teacher, newSeat(), wire.MeetingJoin{})
		require.Len(t, late.Lobby, 2, "a teacher who comes later sees them")
		require.True(t, late.Lobby[0].Member)

		l.pub.take()
		require.NoError(t, l.meetings.Admit(t.Context(), l.teacher, l.teacherSeat, l.ada.UserID))
		require.Equal(t, []string{l.bob.UserID}, l.lobby(t))
		require.Equal(t, []string{wire.EventMeetingAdmitted, wire.EventMeetingLobby}, l.pub.take())
		require.Empty(t, ada.topics)
		require.Empty(t, second.topics)
		l.enters(t, l.ada, ada)
		requireKind(t, services.KindNotFound, l.meetings.Admit(t.Context(), l.teacher, l.teacherSeat, l.ada.UserID))

		l.meetings.Leave(t.Context(), ada)
		l.clock.turn(time.Hour)
		l.enters(t, l.ada, newSeat())
	})
}

func TestAdmittingEverybodyAndOpeningTheLobby(t *testing.T) {
	for name, open := range map[string]func(t *testing.T, l *lesson){
		"admit all": func(t *testing.T, l *lesson) {
			require.NoError(t, l.meetings.Admit(t.Context(), l.teacher, l.teacherSeat, ""))
		},
		"lobby off": func(t *testing.T, l *lesson) { l.settings(t, wire.MeetingSettingsCommand{Lobby: new(false)}) },
		"nobody yet": func(t *testing.T, l *lesson) {
			require.NoError(t, l.meetings.Admit(t.Context(), l.teacher, l.teacherSeat, l.ada.UserID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachLesson(t, func(t *testing.T, l *lesson) {
				guarded(t, l)
				ada, bob := newSeat(), newSeat()
				l.waits(t, l.ada, ada)
				l.waits(t, l.bob, bob)
				open(t, l)
				l.settings(t, wire.MeetingSettingsCommand{Lobby: new(true)}) // who was let in stays so
				l.enters(t, l.ada, ada)
				if name == "nobody yet" {
					l.waits(t, l.bob, bob)
				} else {
					l.enters(t, l.bob, bob)
				}
			})
		})
	}
}

func TestWhoWasInBeforeTheLobbyNeedNotWait(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		guarded(t, l)
		l.meetings.Leave(t.Context(), ada)
		l.enters(t, l.ada, ada)
		l.waits(t, l.bob, newSeat())
	})
}

func TestTheLobbyOutlivesTheProgram(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		guarded(t, l)
		ada := newSeat()
		l.waits(t, l.ada, ada)
		require.NoError(t, l.meetings.Admit(t.Context(), l.teacher, l.teacherSeat, l.ada.UserID))
		l.restart(t)
		l.enters(t, l.ada, newSeat())
		l.waits(t, l.bob, newSeat())
	})
}

func TestWhoIsSentAwayMayAskAgainLaterEachTime(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		guarded(t, l)
		ada := newSeat()
		for _, minutes := range []int{1, 5, 15, 60, 60} {
			l.waits(t, l.ada, ada)
			l.pub.take()
			require.NoError(t, l.meetings.Deny(t.Context(), l.teacher, l.teacherSeat, l.ada.UserID))
			require.Equal(t, wire.MeetingDenied{MeetingID: l.id, AgainS: minutes * 60}, l.pub.last(t, wire.EventMeetingDenied))
			require.Equal(t, []string{wire.EventMeetingDenied, wire.EventMeetingLobby}, l.pub.take())
			require.Empty(t, ada.topics)
			requireKind(t, services.KindNotFound, l.meetings.Deny(t.Context(), l.teacher, l.teacherSeat, l.ada.UserID))
			requireKind(t, services.KindNotFound, l.meetings.Deny(t.Context(), l.teacher, l.teacherSeat, ""))
			l.clock.turn(time.Duration(minutes)*time.Minute - 900*time.Millisecond)
			_, err := l.knock(t, l.ada, ada)
			requireKind(t, services.KindDenied, err)
			require.Equal(t, wire.MeetingDenied{MeetingID: l.id, AgainS: 1}, err.(*services.Error).Current)
			l.clock.turn(time.Second)
		}
		l.waits(t, l.ada, ada)
		l.waits(t, l.bob, newSeat())
		require.NoError(t, l.meetings.Deny(t.Context(), l.teacher, l.teacherSeat, l.bob.UserID))
		require.Equal(t, 60, l.pub.last(t, wire.EventMeetingDenied).(wire.MeetingDenied).AgainS, "each their own")
	})
}

func TestHowLongAPlaceInTheQueueIsKept(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		guarded(t, l)
		ada := newSeat()
		first := l.waits(t, l.ada, ada)
		l.clock.turn(10 * time.Second)
		l.meetings.Closed(t.Context(), ada, services.SocketBroke, l.clock.Now())
		require.Empty(t, l.lobby(t), "who is not there cannot be let in")
		requireKind(t, services.KindNotFound, l.meetings.Admit(t.Context(), l.teacher, l.teacherSeat, l.ada.UserID))
		l.clock.turn(29 * time.Second)
		require.Equal(t, first.Since, l.waits(t, l.ada, ada).Since)
		l.meetings.Leave(t.Context(), ada)
		l.clock.turn(30 * time.Second)
		require.Equal(t, wire.At(l.clock.Now()), l.waits(t, l.ada, ada).Since)
	})
}

func TestWhoWaitsHearsOfTeachers(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		guarded(t, l)
		l.meetings.Leave(t.Context(), l.teacherSeat)
		require.Equal(t, 0, l.waits(t, l.ada, newSeat()).Teachers)
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		require.Equal(t, 1, l.pub.last(t, wire.EventMeetingWaiting).(wire.Waiting).Teachers)
		l.meetings.Leave(t.Context(), l.teacherSeat)
		require.Equal(t, 0, l.pub.last(t, wire.EventMeetingWaiting).(wire.Waiting).Teachers)
	})
}

func TestAMeetingWaitsForItsTeacherWhileOthersDo(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		guarded(t, l)
		l.meetings.Leave(t.Context(), l.teacherSeat)
		l.waits(t, l.ada, newSeat())
		l.clock.turn(14 * time.Minute)
		require.True(t, l.active(t))
		l.clock.turn(2 * time.Minute)
		require.False(t, l.active(t))
	})
}

// stranger is somebody with an account who is in no channel.
func (l *lesson) stranger(t *testing.T) services.Actor {
	t.Helper()
	user := models.User{ID: models.NewID(), Name: "Eve", CreatedAt: l.clock.Now(), UpdatedAt: l.clock.Now()}
	user.Email = user.ID + "@example.org"
	require.NoError(t, l.store.DB(t.Context()).Create(&user).Error)
	return services.Actor{UserID: user.ID}
}

func TestStrangersKnock(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		guarded(t, l)
		l.settings(t, wire.MeetingSettingsCommand{Lobby: new(false)}) // they wait all the same
		eve, seat := l.stranger(t), newSeat()
		door, err := l.meetings.Door(t.Context(), eve, l.id)
		require.NoError(t, err)
		require.Equal(t, "Physics", door.ChannelName)
		require.False(t, door.Member)
		require.Equal(t, "knock", l.waits(t, eve, seat).Reason)
		require.False(t, l.pub.last(t, wire.EventMeetingLobby).(wire.Lobby).Waiting[0].Member)
		_, err = l.meetings.Get(t.Context(), eve, l.id)
		requireKind(t, services.KindNotFound, err)

		l.settings(t, wire.MeetingSettingsCommand{Lobby: new(true)})
		l.settings(t, wire.MeetingSettingsCommand{Lobby: new(false)})
		l.waits(t, eve, seat) // opening the lobby is for members
		require.NoError(t, l.meetings.Admit(t.Context(), l.teacher, l.teacherSeat, eve.UserID))
		member, err := l.store.Member(t.Context(), l.channelID, eve.UserID)
		require.NoError(t, err)
		require.Equal(t, models.RoleStudent, member.Role)
		l.enters(t, eve, seat)

		crowd, late := l.stranger(t), newSeat()
		l.waits(t, crowd, late)
		err = l.meetings.Admit(t.Context(), l.teacher, l.teacherSeat, crowd.UserID) // the channel has room for four
		requireKind(t, services.KindConflict, err)
		require.Equal(t, []string{crowd.UserID}, l.lobby(t))

		_, err = l.knock(t, services.Actor{UserID: l.stranger(t).UserID, Unverified: true}, newSeat())
		requireKind(t, services.KindEmailUnverified, err)
		l.pub.take()
		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Contains(t, l.pub.topics(wire.EventMeetingEnded), services.WaitingTopic(l.id, crowd.UserID))
		require.Empty(t, late.topics)
		_, err = l.knock(t, crowd, late)
		requireKind(t, services.KindConflict, err)
		_, err = l.meetings.Door(t.Context(), crowd, models.NewID())
		requireKind(t, services.KindNotFound, err)
	})
}

func TestWhoWasRemovedStaysOutOverARestart(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		id := l.join(t, l.ada, ada, wire.MeetingJoin{}).ParticipantID
		require.NoError(t, l.meetings.Remove(t.Context(), l.teacher, l.teacherSeat, id))
		require.NoError(t, l.member(t, l.ada).Delete(nil).Error)
		l.restart(t)
		l.letStrangersKnock(t)
		_, err := l.knock(t, l.ada, ada) // not by knocking either
		requireKind(t, services.KindForbidden, err)
	})
}

func TestWaitingEndsWithTheMembership(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		guarded(t, l)
		ada, bob := newSeat(), newSeat()
		l.waits(t, l.ada, ada)
		l.waits(t, l.bob, bob)
		l.meetings.MemberLeft(l.channelID, l.ada.UserID)
		require.Empty(t, ada.topics)
		require.Equal(t, []string{l.bob.UserID}, l.lobby(t))
		require.NoError(t, l.member(t, l.bob).Update("role", models.RoleAssistant).Error)
		l.pub.take()
		l.meetings.RoleChanged(l.channelID, l.bob.UserID, models.RoleAssistant)
		require.Equal(t, []string{wire.EventMeetingAdmitted, wire.EventMeetingLobby}, l.pub.take())
		l.enters(t, l.bob, bob)
	})
}

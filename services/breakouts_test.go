package services_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// part opens a room for each group, and returns the rooms' ids.
func (l *lesson) part(t *testing.T, durationS int, groups ...[]string) (rooms []string) {
	t.Helper()
	cmd := wire.MeetingOpenBreakouts{DurationS: durationS}
	for i, users := range groups {
		cmd.Rooms = append(cmd.Rooms, wire.BreakoutPlan{Name: "Group " + string(rune('A'+i)), UserIDs: users})
	}
	require.NoError(t, l.meetings.OpenBreakouts(t.Context(), l.teacher, l.teacherSeat, cmd))
	for _, room := range l.breakouts(t).Rooms {
		rooms = append(rooms, room.ID)
	}
	return rooms
}

func (l *lesson) breakouts(t *testing.T) *wire.Breakouts {
	t.Helper()
	return l.pub.last(t, wire.EventMeetingState).(wire.MeetingStateChanged).State.Breakouts
}

// me is the teacher's participant.
func (l *lesson) me(t *testing.T) string {
	t.Helper()
	return l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{}).ParticipantID
}

func (l *lesson) move(t *testing.T, id, room string) {
	t.Helper()
	require.NoError(t, l.meetings.Move(t.Context(), l.teacher, l.teacherSeat, wire.MeetingMove{ParticipantID: id, RoomID: room}))
}

func TestGroupsMeetAndComeBack(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, _, adaID, bobID := inClass(t, l)
		hand := *l.raise(t, ada, true).HandRaisedAt
		_, err := l.meetings.UpdateState(t.Context(), ada, wire.MeetingStateUpdate{ScreenSharing: new(true)})
		require.NoError(t, err)

		rooms := l.part(t, 600, []string{l.ada.UserID}, []string{l.bob.UserID}, nil)
		require.Len(t, rooms, 3)
		require.Equal(t, wire.At(l.clock.Now().Add(10*time.Minute)), *l.breakouts(t).EndsAt)
		require.Equal(t, map[string]string{adaID: rooms[0], bobID: rooms[1]}, l.rooms.groups)
		there := l.person(t, adaID)
		require.Equal(t, rooms[0], there.RoomID)
		require.False(t, there.HandRaised, "the hand of the main room stays there")
		require.False(t, there.ScreenSharing)
		require.False(t, l.rooms.allowed[adaID][wire.SourceScreen])

		l.raise(t, ada, true) // the call for the teacher
		require.True(t, l.person(t, adaID).HandRaised)
		l.move(t, adaID, rooms[1])
		require.False(t, l.person(t, adaID).HandRaised, "it was of that room")
		l.move(t, l.me(t), rooms[2])
		require.Equal(t, rooms[2], l.rooms.groups[l.me(t)])
		requireKind(t, services.KindConflict, l.meetings.OpenBreakouts(t.Context(), l.teacher, l.teacherSeat,
			wire.MeetingOpenBreakouts{Rooms: []wire.BreakoutPlan{{Name: "Again"}}}))

		require.NoError(t, l.meetings.CloseBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingCloseBreakouts{CountdownS: 30}))
		require.True(t, l.breakouts(t).Recalling)
		require.Equal(t, wire.At(l.clock.Now().Add(30*time.Second)), *l.breakouts(t).EndsAt)
		l.clock.turn(29 * time.Second)
		require.Equal(t, rooms[1], l.person(t, bobID).RoomID)
		l.clock.turn(time.Second)
		require.Nil(t, l.breakouts(t))
		require.Empty(t, l.rooms.groups)
		back := l.person(t, adaID)
		require.Empty(t, back.RoomID)
		require.Equal(t, hand, *back.HandRaisedAt, "with its place in the queue")
	})
}

func TestHowLongGroupsMeet(t *testing.T) {
	extend := func(seconds int) func(*lesson, *testing.T) {
		return func(l *lesson, t *testing.T) {
			require.NoError(t, l.meetings.ExtendBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingExtendBreakouts{Seconds: seconds}))
		}
	}
	recall := func(seconds int) func(*lesson, *testing.T) {
		return func(l *lesson, t *testing.T) {
			require.NoError(t, l.meetings.CloseBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingCloseBreakouts{CountdownS: seconds}))
		}
	}
	restart := func(l *lesson, t *testing.T) {
		l.restart(t)
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
	}
	after := func(d time.Duration, do func(*lesson, *testing.T)) func(*lesson, *testing.T) {
		return func(l *lesson, t *testing.T) {
			l.clock.turn(d)
			do(l, t)
		}
	}
	cases := []struct {
		name     string
		duration int
		steps    []func(*lesson, *testing.T)
		end      time.Duration // since the opening; 0: they do not
	}{
		{"as planned", 60, nil, time.Minute},
		{"as long as one likes", 0, nil, 0},
		{"extended", 60, []func(*lesson, *testing.T){after(30*time.Second, extend(90))}, 150 * time.Second},
		{"extended without an end", 0, []func(*lesson, *testing.T){after(time.Minute, extend(90))}, 150 * time.Second},
		{"recalled", 0, []func(*lesson, *testing.T){after(time.Minute, recall(60))}, 2 * time.Minute},
		{"recalled at once", 600, []func(*lesson, *testing.T){after(time.Minute, recall(0))}, time.Minute},
		{"recalled shortly before the end", 60, []func(*lesson, *testing.T){after(50*time.Second, recall(60))}, time.Minute},
		{"a recall called off", 60, []func(*lesson, *testing.T){recall(30), after(10*time.Second, extend(60))}, 90 * time.Second},
		{"over a restart", 60, []func(*lesson, *testing.T){after(30*time.Second, restart)}, time.Minute},
		{"over a restart without an end", 0, []func(*lesson, *testing.T){after(30*time.Second, restart)}, 0},
	}
	eachLesson(t, func(t *testing.T, l *lesson) {
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
				opened := l.clock.Now()
				l.part(t, tc.duration, []string{l.ada.UserID})
				for _, step := range tc.steps {
					step(l, t)
				}
				open := func() bool {
					return l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{}).State.Breakouts != nil
				}
				if tc.end == 0 {
					l.clock.turn(24 * time.Hour)
					require.True(t, open())
					recall(0)(l, t)
					return
				}
				if left := tc.end - l.clock.Now().Sub(opened); left > 0 {
					l.clock.turn(left - time.Millisecond)
					require.True(t, open())
					l.clock.turn(time.Millisecond)
				}
				require.False(t, open())
			})
		}
	})
}

func TestARecallIsShownUntilItIsCalledOff(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		recalling := func() bool {
			return l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{}).State.Breakouts.Recalling
		}
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.part(t, 600, []string{l.ada.UserID})
		require.False(t, recalling())
		require.NoError(t, l.meetings.CloseBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingCloseBreakouts{CountdownS: 30}))
		require.True(t, recalling())
		require.NoError(t, l.meetings.ExtendBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingExtendBreakouts{Seconds: 60}))
		require.False(t, recalling())
	})
}

// TestGroupsWhoseTimeEndedMeanwhile: the program was away when they should have come back.
func TestGroupsWhoseTimeEndedMeanwhile(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.part(t, 60, []string{l.ada.UserID})
		l.meetings.Close(t.Context())
		l.clock.turn(61 * time.Second)
		l.restart(t)
		l.clock.turn(0)
		require.Nil(t, l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{}).State.Breakouts)
	})
}

func TestWhoComesLateFindsTheGroup(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		rooms := l.part(t, 0, []string{l.ada.UserID})
		ada := newSeat()
		joined := l.join(t, l.ada, ada, wire.MeetingJoin{})
		require.Equal(t, rooms[0], l.person(t, joined.ParticipantID).RoomID)
		require.Equal(t, map[string]string{joined.ParticipantID: rooms[0]}, l.rooms.groups)
		require.Len(t, joined.State.Breakouts.Rooms, 1)

		l.restart(t)
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		again := l.join(t, l.ada, newSeat(), wire.MeetingJoin{ParticipantID: joined.ParticipantID})
		require.Equal(t, rooms[0], l.person(t, again.ParticipantID).RoomID)
	})
}

func TestWhoIsCutOffComesBackToTheGroup(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, _, adaID, bobID := inClass(t, l)
		rooms := l.part(t, 0, []string{l.ada.UserID, l.bob.UserID})
		cutOff := func() {
			t.Helper()
			l.meetings.Closed(t.Context(), ada, services.SocketBroke, l.clock.Now())
			require.Equal(t, "reconnecting", l.person(t, adaID).Connection)
			l.clock.turn(29 * time.Second)
			ada = newSeat()
		}
		cutOff()
		require.Equal(t, adaID, l.join(t, l.ada, ada, wire.MeetingJoin{ParticipantID: adaID}).ParticipantID)
		require.Equal(t, rooms[0], l.person(t, adaID).RoomID)
		require.Equal(t, map[string]string{adaID: rooms[0], bobID: rooms[0]}, l.rooms.groups, "the new connection hears the group, and nobody else")

		cutOff()
		require.NoError(t, l.meetings.CloseBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingCloseBreakouts{}))
		l.join(t, l.ada, ada, wire.MeetingJoin{ParticipantID: adaID})
		require.Empty(t, l.person(t, adaID).RoomID, "the groups were called back meanwhile")
		require.Empty(t, l.rooms.groups)
	})
}

// TestALockOfTheMicrophonesIsForTheMainRoom: groups meet to talk.
func TestALockOfTheMicrophonesIsForTheMainRoom(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, _, adaID, _ := inClass(t, l)
		_, err := l.meetings.Settings(t.Context(), l.teacher, l.teacherSeat, wire.MeetingSettingsCommand{MicrophonesLocked: new(true)})
		require.NoError(t, err)
		speak := func() error {
			_, err := l.meetings.UpdateState(t.Context(), ada, wire.MeetingStateUpdate{Muted: new(false)})
			return err
		}
		requireKind(t, services.KindForbidden, speak())
		rooms := l.part(t, 0, []string{l.ada.UserID})
		require.NoError(t, speak())
		require.True(t, l.rooms.allowed[adaID][wire.SourceMicrophone])
		l.pub.take()
		l.move(t, adaID, "")
		require.Contains(t, l.pub.take(), wire.EventMeetingMuted)
		require.False(t, l.rooms.allowed[adaID][wire.SourceMicrophone])
		requireKind(t, services.KindForbidden, speak())
		l.move(t, adaID, rooms[0])
		require.NoError(t, speak())
	})
}

func TestGroupsAreKeptForTheNextTime(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		last := func() []wire.BreakoutPlan {
			plans, err := l.meetings.LastBreakouts(t.Context(), l.teacher, l.channelID)
			require.NoError(t, err)
			return plans.Rooms
		}
		require.Empty(t, last())
		_, _, adaID, bobID := inClass(t, l)
		rooms := l.part(t, 0, []string{l.ada.UserID, l.bob.UserID}, nil)
		l.move(t, bobID, rooms[1])
		l.move(t, l.me(t), rooms[1]) // a visit
		l.move(t, adaID, "")         // for a word
		want := []wire.BreakoutPlan{{Name: "Group A", UserIDs: []string{l.ada.UserID}}, {Name: "Group B", UserIDs: []string{l.bob.UserID}}}
		require.Equal(t, want, last())
		_, err := l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Equal(t, want, last())
		require.NoError(t, l.store.DB(t.Context()).Delete(&models.Member{}, "channel_id = ? AND user_id = ?", l.channelID, l.bob.UserID).Error)
		require.Empty(t, last()[1].UserIDs)
	})
}

func TestWhatTeachersMayPlan(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		stranger := register(t, l.store, "Stranger")
		room := func(name string, users ...string) []wire.BreakoutPlan {
			return []wire.BreakoutPlan{{Name: name, UserIDs: users}}
		}
		for name, tc := range map[string]struct {
			cmd   wire.MeetingOpenBreakouts
			field string
		}{
			"no room":        {wire.MeetingOpenBreakouts{}, "rooms"},
			"too many rooms": {wire.MeetingOpenBreakouts{Rooms: make([]wire.BreakoutPlan, 51)}, "rooms"},
			"no name":        {wire.MeetingOpenBreakouts{Rooms: room(" ")}, "rooms.name"},
			"a long name":    {wire.MeetingOpenBreakouts{Rooms: room(strings.Repeat("x", 81))}, "rooms.name"},
			"nobody's id":    {wire.MeetingOpenBreakouts{Rooms: room("A", "x")}, "rooms.user_ids"},
			"a stranger":     {wire.MeetingOpenBreakouts{Rooms: room("A", stranger.UserID)}, "rooms.user_ids"},
			"one twice":      {wire.MeetingOpenBreakouts{Rooms: append(room("A", l.ada.UserID), room("B", l.ada.UserID)...)}, "rooms.user_ids"},
			"too short":      {wire.MeetingOpenBreakouts{Rooms: room("A"), DurationS: 59}, "duration_s"},
			"too long":       {wire.MeetingOpenBreakouts{Rooms: room("A"), DurationS: 4*3600 + 1}, "duration_s"},
			"negative":       {wire.MeetingOpenBreakouts{Rooms: room("A"), DurationS: -60}, "duration_s"},
		} {
			t.Log(name)
			requireField(t, tc.field, l.meetings.OpenBreakouts(t.Context(), l.teacher, l.teacherSeat, tc.cmd))
		}
		closed := func(err error) { t.Helper(); requireKind(t, services.KindConflict, err) }
		closed(l.meetings.ExtendBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingExtendBreakouts{Seconds: 60}))
		closed(l.meetings.CloseBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingCloseBreakouts{}))
		closed(l.meetings.Move(t.Context(), l.teacher, l.teacherSeat, wire.MeetingMove{ParticipantID: l.me(t)}))
		closed(l.meetings.Broadcast(t.Context(), l.teacher, l.teacherSeat, wire.MeetingBroadcast{Text: "Hello"}))

		l.part(t, 0, nil)
		for _, seconds := range []int{0, -1, 7201} {
			requireField(t, "seconds", l.meetings.ExtendBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingExtendBreakouts{Seconds: seconds}))
		}
		for _, seconds := range []int{-1, 301} {
			requireField(t, "countdown_s", l.meetings.CloseBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingCloseBreakouts{CountdownS: seconds}))
		}
		requireField(t, "room_id", l.meetings.Move(t.Context(), l.teacher, l.teacherSeat, wire.MeetingMove{ParticipantID: l.me(t), RoomID: models.NewID()}))
		requireKind(t, services.KindNotFound, l.meetings.Move(t.Context(), l.teacher, l.teacherSeat, wire.MeetingMove{ParticipantID: models.NewID()}))
		for _, text := range []string{"", " \n", "\u200b", strings.Repeat("字", 501), "a\x00b"} {
			requireField(t, "text", l.meetings.Broadcast(t.Context(), l.teacher, l.teacherSeat, wire.MeetingBroadcast{Text: text}))
		}
	})
}

func TestATeacherTellsAllRooms(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		_, _, _, bobID := inClass(t, l)
		l.part(t, 0, []string{l.ada.UserID}, []string{l.bob.UserID})
		broadcast := func(who services.Actor, s *seat, cmd wire.MeetingBroadcast) {
			t.Helper()
			require.NoError(t, l.meetings.Broadcast(t.Context(), who, s, cmd))
		}
		broadcasting := func() string {
			return l.pub.last(t, wire.EventMeetingState).(wire.MeetingStateChanged).State.Broadcasting
		}
		broadcast(l.teacher, l.teacherSeat, wire.MeetingBroadcast{Text: " Five minutes more! "})
		said := l.pub.last(t, wire.EventMeetingBroadcast).(wire.MeetingAnnouncement)
		require.Equal(t, "Five minutes more!", said.Text)
		require.Equal(t, l.teacher.UserID, said.By.ID)

		teacherID := l.me(t)
		broadcast(l.teacher, l.teacherSeat, wire.MeetingBroadcast{Voice: new(true)})
		require.Equal(t, teacherID, broadcasting())
		require.Equal(t, []string{teacherID}, l.rooms.loud)
		l.pub.take()
		broadcast(l.teacher, l.teacherSeat, wire.MeetingBroadcast{Voice: new(true)})
		require.Empty(t, l.pub.take(), "it is on already")
		require.Equal(t, teacherID, l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{}).State.Broadcasting)
		require.Equal(t, []string{teacherID}, l.rooms.loud, "with new peers too")

		require.NoError(t, l.store.DB(t.Context()).Model(&models.Member{}).Where("user_id = ?", l.bob.UserID).Update("role", models.RoleAssistant).Error)
		l.meetings.RoleChanged(l.channelID, l.bob.UserID, models.RoleAssistant)
		bob := newSeat()
		l.join(t, l.bob, bob, wire.MeetingJoin{ParticipantID: bobID})
		broadcast(l.bob, bob, wire.MeetingBroadcast{Voice: new(true)})
		require.Equal(t, bobID, broadcasting(), "one at a time")
		require.Equal(t, []string{bobID}, l.rooms.loud)
		l.pub.take()
		broadcast(l.teacher, l.teacherSeat, wire.MeetingBroadcast{Voice: new(false)})
		require.Empty(t, l.pub.take(), "it is another's")
		l.meetings.RoleChanged(l.channelID, l.bob.UserID, models.RoleStudent)
		require.Empty(t, broadcasting(), "students do not speak to all")
		require.Empty(t, l.rooms.loud)

		broadcast(l.teacher, l.teacherSeat, wire.MeetingBroadcast{Voice: new(true)})
		broadcast(l.teacher, l.teacherSeat, wire.MeetingBroadcast{Voice: new(false)})
		require.Empty(t, broadcasting())
		require.Empty(t, l.rooms.loud)
		broadcast(l.teacher, l.teacherSeat, wire.MeetingBroadcast{Voice: new(true)})
		require.NoError(t, l.meetings.CloseBreakouts(t.Context(), l.teacher, l.teacherSeat, wire.MeetingCloseBreakouts{}))
		require.Empty(t, broadcasting())
		require.Empty(t, l.rooms.loud)

		l.part(t, 0, nil)
		broadcast(l.teacher, l.teacherSeat, wire.MeetingBroadcast{Voice: new(true)})
		l.meetings.Leave(t.Context(), l.teacherSeat)
		require.Empty(t, broadcasting())
	})
}

func TestSpeakersOfARoom(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		_, _, adaID, bobID := inClass(t, l)
		rooms := l.part(t, 0, []string{l.ada.UserID, l.bob.UserID})
		l.pub.take()
		l.rooms.peer(adaID).Speakers([]string{bobID})
		l.rooms.peer(bobID).Speakers([]string{bobID})
		require.Equal(t, wire.Speakers{MeetingID: l.id, RoomID: rooms[0], ParticipantIDs: []string{bobID}}, l.pub.last(t, wire.EventMeetingSpeakers))
		require.Equal(t, []string{wire.EventMeetingSpeakers}, l.pub.take(), "once for the room")
		me := l.me(t)
		l.pub.take()
		l.rooms.peer(me).Speakers([]string{})
		require.Empty(t, l.pub.take(), "nobody speaks in the main room, as before")
		l.move(t, me, rooms[0])
		require.Equal(t, []string{bobID}, l.pub.last(t, wire.EventMeetingSpeakers).(wire.Speakers).ParticipantIDs, "who comes hears who speaks")
	})
}

// TestStudentsDoNotLeadGroups, and neither does a teacher who is one no longer.
func TestStudentsDoNotLeadGroups(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, _, adaID, _ := inClass(t, l)
		rooms := l.part(t, 0, []string{l.ada.UserID})
		for name, err := range map[string]error{
			"open":      l.meetings.OpenBreakouts(t.Context(), l.ada, ada, wire.MeetingOpenBreakouts{Rooms: []wire.BreakoutPlan{{Name: "A"}}}),
			"extend":    l.meetings.ExtendBreakouts(t.Context(), l.ada, ada, wire.MeetingExtendBreakouts{Seconds: 60}),
			"close":     l.meetings.CloseBreakouts(t.Context(), l.ada, ada, wire.MeetingCloseBreakouts{}),
			"move":      l.meetings.Move(t.Context(), l.ada, ada, wire.MeetingMove{ParticipantID: adaID}),
			"broadcast": l.meetings.Broadcast(t.Context(), l.ada, ada, wire.MeetingBroadcast{Text: "Hello"}),
		} {
			t.Log(name)
			requireKind(t, services.KindForbidden, err)
		}
		_, err := l.meetings.LastBreakouts(t.Context(), l.ada, l.channelID)
		requireKind(t, services.KindForbidden, err)
		require.Equal(t, rooms[0], l.person(t, adaID).RoomID)
	})
}

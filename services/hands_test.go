package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/services"
)

// inClass is a lesson whose teacher and two students are in.
func inClass(t *testing.T, l *lesson) (ada, bob *seat, adaID, bobID string) {
	t.Helper()
	l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{Muted: true})
	ada, bob = newSeat(), newSeat()
	adaID = l.join(t, l.ada, ada, wire.MeetingJoin{Muted: true}).ParticipantID
	bobID = l.join(t, l.bob, bob, wire.MeetingJoin{Muted: true}).ParticipantID
	l.pub.take()
	return ada, bob, adaID, bobID
}

func (l *lesson) raise(t *testing.T, s *seat, up bool) wire.Participant {
	t.Helper()
	shown, err := l.meetings.UpdateState(t.Context(), s, wire.MeetingStateUpdate{HandRaised: &up})
	require.NoError(t, err)
	return shown
}

func TestTheQueueOfHands(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, bob, adaID, bobID := inClass(t, l)
		_, err := l.meetings.CallOn(t.Context(), l.teacher, l.teacherSeat, "")
		requireKind(t, services.KindConflict, err)

		first := l.raise(t, bob, true)
		require.Equal(t, wire.At(l.clock.Now()), *first.HandRaisedAt)
		l.clock.turn(time.Second)
		l.raise(t, ada, true)
		l.pub.take()
		require.Equal(t, first.HandRaisedAt, l.raise(t, bob, true).HandRaisedAt, "raising it again does not lose the turn")
		require.Empty(t, l.pub.take())

		called, err := l.meetings.CallOn(t.Context(), l.teacher, l.teacherSeat, "")
		require.NoError(t, err)
		require.Equal(t, bobID, called.ParticipantID)
		require.False(t, called.HandRaised)
		require.Nil(t, called.HandRaisedAt)
		require.True(t, called.MaySpeak)
		require.Equal(t, wire.MeetingCalled{MeetingID: l.id, ParticipantID: bobID, ByUserID: l.teacher.UserID}, l.pub.last(t, wire.EventMeetingCalled))
		require.Equal(t, []string{wire.EventParticipantUpdated, wire.EventMeetingCalled}, l.pub.take())

		called, err = l.meetings.CallOn(t.Context(), l.teacher, l.teacherSeat, adaID)
		require.NoError(t, err)
		require.True(t, called.MaySpeak)
		require.False(t, l.person(t, bobID).MaySpeak, "one at a time")
		_, err = l.meetings.CallOn(t.Context(), l.teacher, l.teacherSeat, "nobody")
		requireKind(t, services.KindNotFound, err)

		l.raise(t, ada, true)
		l.raise(t, bob, true)
		require.NoError(t, l.meetings.LowerHand(t.Context(), l.teacher, l.teacherSeat, adaID))
		require.False(t, l.person(t, adaID).HandRaised)
		require.True(t, l.person(t, bobID).HandRaised)
		l.raise(t, ada, true)
		require.NoError(t, l.meetings.LowerHand(t.Context(), l.teacher, l.teacherSeat, ""))
		require.False(t, l.person(t, adaID).HandRaised || l.person(t, bobID).HandRaised)
		requireKind(t, services.KindNotFound, l.meetings.LowerHand(t.Context(), l.teacher, l.teacherSeat, "nobody"))
	})
}

// person is somebody as a teacher's new window sees them.
func (l *lesson) person(t *testing.T, id string) wire.Participant {
	t.Helper()
	for _, p := range l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{Muted: true}).Participants {
		if p.ParticipantID == id {
			return p
		}
	}
	require.FailNow(t, "not in the meeting")
	return wire.Participant{}
}

func TestWhoIsCalledOnSpeaksInSpiteOfTheLock(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, bob, adaID, bobID := inClass(t, l)
		l.settings(t, wire.MeetingSettingsCommand{MicrophonesLocked: new(true)})
		unmute := func(s *seat) error {
			_, err := l.meetings.UpdateState(t.Context(), s, wire.MeetingStateUpdate{Muted: new(false)})
			return err
		}
		call := func(id string) {
			t.Helper()
			_, err := l.meetings.CallOn(t.Context(), l.teacher, l.teacherSeat, id)
			require.NoError(t, err)
		}
		requireKind(t, services.KindForbidden, unmute(ada))
		call(adaID)
		require.NoError(t, unmute(ada))
		require.True(t, l.rooms.allowed[adaID]["microphone"])
		requireKind(t, services.KindForbidden, unmute(bob))

		call(bobID) // the next one ends the turn
		require.True(t, l.person(t, adaID).Muted)
		require.False(t, l.rooms.allowed[adaID]["microphone"])
		requireKind(t, services.KindForbidden, unmute(ada))
		require.NoError(t, unmute(bob))
		require.NoError(t, l.meetings.Mute(t.Context(), l.teacher, l.teacherSeat, bobID)) // so does a teacher's mute
		requireKind(t, services.KindForbidden, unmute(bob))

		call(adaID)
		require.NoError(t, l.meetings.Mute(t.Context(), l.teacher, l.teacherSeat, "")) // and mute-all, of who is silent too
		requireKind(t, services.KindForbidden, unmute(ada))
	})
}

func TestWhatIsRememberedOfAParticipantGoesWithThem(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, _, adaID, _ := inClass(t, l)
		l.raise(t, ada, true)
		_, err := l.meetings.CallOn(t.Context(), l.teacher, l.teacherSeat, adaID)
		require.NoError(t, err)
		l.raise(t, ada, true)
		require.NoError(t, l.meetings.Spotlight(t.Context(), l.teacher, l.teacherSeat, adaID))
		require.Equal(t, adaID, l.pub.last(t, wire.EventMeetingState).(wire.MeetingStateChanged).State.Spotlight)
		l.meetings.Leave(t.Context(), ada)
		require.Empty(t, l.pub.last(t, wire.EventMeetingState).(wire.MeetingStateChanged).State.Spotlight)
		row, err := l.store.Meeting(t.Context(), l.id)
		require.NoError(t, err)
		require.Empty(t, row.State)
	})
}

func TestTheSpotlight(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		_, bob, adaID, bobID := inClass(t, l)
		requireKind(t, services.KindNotFound, l.meetings.Spotlight(t.Context(), l.teacher, l.teacherSeat, "nobody"))
		for _, id := range []string{adaID, bobID} {
			require.NoError(t, l.meetings.Spotlight(t.Context(), l.teacher, l.teacherSeat, id))
		}
		require.Equal(t, bobID, l.join(t, l.bob, bob, wire.MeetingJoin{}).State.Spotlight)
		require.NoError(t, l.meetings.Spotlight(t.Context(), l.teacher, l.teacherSeat, ""))
		require.Empty(t, l.join(t, l.bob, bob, wire.MeetingJoin{}).State.Spotlight)
	})
}

func TestReactionsAreLimitedInSilence(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, bob, adaID, _ := inClass(t, l)
		for range 15 {
			require.NoError(t, l.meetings.React(ada, "👏"))
		}
		require.Equal(t, wire.MeetingReaction{MeetingID: l.id, ParticipantID: adaID, Emoji: "👏"}, l.pub.last(t, wire.EventMeetingReaction))
		require.Len(t, l.pub.take(), 10)
		require.NoError(t, l.meetings.React(bob, "❤️"), "everybody has their own")
		require.Len(t, l.pub.take(), 1)
		l.clock.turn(time.Second)
		for range 15 {
			require.NoError(t, l.meetings.React(ada, "👏"))
		}
		require.Len(t, l.pub.take(), 3)
		requireKind(t, services.KindInvalid, l.meetings.React(ada, "🍆"))
		requireKind(t, services.KindConflict, l.meetings.React(newSeat(), "👏"))
	})
}

func TestAllReactionsOfAMeetingAreLimited(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		shown := 0
		for range 7 { // each time somebody new, as far as the meeting knows
			seat := newSeat()
			l.join(t, l.ada, seat, wire.MeetingJoin{})
			l.pub.take()
			for range 10 {
				require.NoError(t, l.meetings.React(seat, "🎉"))
			}
			shown += len(l.pub.take())
			l.meetings.Leave(t.Context(), seat)
		}
		require.Equal(t, 60, shown)
	})
}

package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/services"
)

func TestTheChannelHearsHowManyAreInItsMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		people := func() []int {
			l.pub.mu.Lock()
			defer l.pub.mu.Unlock()
			counts := []int{}
			for _, e := range l.pub.events {
				if told, ok := e.data.(wire.MeetingPeople); ok {
					require.Equal(t, services.ChannelTopic(l.channelID), e.topic)
					require.Equal(t, l.id, told.MeetingID)
					counts = append(counts, told.ParticipantCount)
				}
			}
			l.pub.events = nil
			return counts
		}
		ada, bob := newSeat(), newSeat()
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		l.join(t, l.bob, bob, wire.MeetingJoin{})
		require.Equal(t, []int{1}, people(), "the first at once")
		l.clock.turn(2*time.Second - time.Millisecond)
		require.Empty(t, people())
		l.clock.turn(time.Millisecond)
		require.Equal(t, []int{3}, people(), "all others in one")
		l.join(t, l.bob, bob, wire.MeetingJoin{})
		l.meetings.Leave(t.Context(), ada)
		l.clock.turn(time.Minute)
		require.Equal(t, []int{2}, people(), "who joins again is counted once")
		l.meetings.Leave(t.Context(), bob)
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		people()
		_, err := l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		l.clock.turn(time.Minute)
		require.Empty(t, people(), "it is over")
	})
}

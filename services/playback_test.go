package services_test

import (
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

var video = &wire.PlaybackItem{Kind: "youtube", URL: "https://youtu.be/dQw4w9WgXcQ"}

func (l *lesson) command(t *testing.T, who services.Actor, cmd wire.PlaybackCommand) (*wire.Timeline, error) {
	t.Helper()
	cmd.MeetingID = l.id
	if cmd.ID == "" {
		cmd.ID = models.NewID()
	}
	return l.playback.Command(t.Context(), who, cmd)
}

func (l *lesson) drive(t *testing.T, cmd wire.PlaybackCommand) *wire.Timeline {
	t.Helper()
	timeline, err := l.command(t, l.teacher, cmd)
	require.NoError(t, err)
	return timeline
}

func (l *lesson) nowMS() float64 { return float64(l.clock.Now().UnixMicro()) / 1e3 }

func TestPlaybackFollowsTheTeacher(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		_, err := l.command(t, l.teacher, wire.PlaybackCommand{Op: "play"})
		requireKind(t, services.KindConflict, err)
		loaded := l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		require.Equal(t, int64(1), loaded.V)
		require.Equal(t, l.clock.Now().UnixMilli(), loaded.Epoch)
		require.False(t, loaded.Playing)

		playing := l.drive(t, wire.PlaybackCommand{Op: "play"})
		require.Equal(t, l.nowMS()+250, playing.At)
		l.clock.turn(10*time.Second + 250*time.Millisecond)
		paused := l.drive(t, wire.PlaybackCommand{Op: "pause"})
		require.InDelta(t, 10, paused.Pos, 1e-6)
		require.Equal(t, l.nowMS(), paused.At)
		require.Equal(t, 77.5, l.drive(t, wire.PlaybackCommand{Op: "seek", Pos: new(77.5)}).Pos)
		require.Equal(t, 1.5, l.drive(t, wire.PlaybackCommand{Op: "rate", Rate: new(1.5)}).Rate)
		require.Equal(t, int64(5), l.pub.last(t, wire.EventPlaybackTimeline).(*wire.Timeline).V)
		require.Nil(t, l.drive(t, wire.PlaybackCommand{Op: "stop"}).Item)
	})
}

func TestPlaybackRefusals(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		before := l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		l.pub.take()
		stranger := register(t, l.store, "Stranger")
		cases := []struct {
			name  string
			who   services.Actor
			cmd   wire.PlaybackCommand
			kind  services.Kind
			field string
		}{
			{"a student", l.ada, wire.PlaybackCommand{Op: "play"}, services.KindForbidden, ""},
			{"a stranger", stranger, wire.PlaybackCommand{Op: "play"}, services.KindNotFound, ""},
			{"no id", l.teacher, wire.PlaybackCommand{ID: "", Op: "play"}, services.KindInvalid, "id"},
			{"an id that a database refuses", l.teacher, wire.PlaybackCommand{ID: "a\x00b", Op: "play"}, services.KindInvalid, "id"},
			{"unknown op", l.teacher, wire.PlaybackCommand{ID: "1", Op: "dance"}, services.KindInvalid, "op"},
			{"load nothing", l.teacher, wire.PlaybackCommand{ID: "1", Op: "load"}, services.KindInvalid, "item"},
			{"load something else", l.teacher, wire.PlaybackCommand{ID: "1", Op: "load", Item: &wire.PlaybackItem{Kind: "vhs"}}, services.KindInvalid, "item.kind"},
			{"another site", l.teacher, wire.PlaybackCommand{ID: "1", Op: "load", Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://evil.example"}}, services.KindInvalid, "item.url"},
			{"no file", l.teacher, wire.PlaybackCommand{ID: "1", Op: "load", Item: &wire.PlaybackItem{Kind: "file", FileID: "x"}}, services.KindInvalid, "item.file_id"},
			{"a file that is not there", l.teacher, wire.PlaybackCommand{ID: "1", Op: "load", Item: &wire.PlaybackItem{Kind: "file", FileID: models.NewID()}}, services.KindNotFound, ""},
			{"seek nowhere", l.teacher, wire.PlaybackCommand{ID: "1", Op: "seek"}, services.KindInvalid, "pos"},
			{"rate of nothing", l.teacher, wire.PlaybackCommand{ID: "1", Op: "rate"}, services.KindInvalid, "rate"},
			{"too slow", l.teacher, wire.PlaybackCommand{ID: "1", Op: "rate", Rate: new(0.2)}, services.KindInvalid, "rate"},
			{"too fast", l.teacher, wire.PlaybackCommand{ID: "1", Op: "rate", Rate: new(2.1)}, services.KindInvalid, "rate"},
			{"no rate at all", l.teacher, wire.PlaybackCommand{ID: "1", Op: "rate", Rate: new(math.NaN())}, services.KindInvalid, "rate"},
			{"no playlist", l.teacher, wire.PlaybackCommand{ID: "1", Op: "next"}, services.KindConflict, ""},
		}
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				tc.cmd.MeetingID = l.id
				_, err := l.playback.Command(t.Context(), tc.who, tc.cmd)
				requireKind(t, tc.kind, err)
				if tc.field != "" {
					require.Contains(t, err.(*services.Error).Fields, tc.field)
				}
			})
		}
		require.Empty(t, l.pub.take())
		l.playback.Snapshot(l.id, services.Arrival{}, models.RoleStudent, func(now *wire.Timeline, _ wire.PlaybackState) { require.Equal(t, before, now) })
	})
}

func TestARepeatedPlaybackCommandChangesNothing(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		first := l.drive(t, wire.PlaybackCommand{ID: "same", Op: "seek", Pos: new(5.0)})
		last := l.drive(t, wire.PlaybackCommand{Op: "seek", Pos: new(9.0)})
		require.Less(t, first.V, last.V)
		l.pub.take()
		require.Equal(t, last, l.drive(t, wire.PlaybackCommand{ID: "same", Op: "seek", Pos: new(5.0)}))
		require.Empty(t, l.pub.take())
	})
}

func TestPlaybackSurvivesARestart(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.drive(t, wire.PlaybackCommand{ID: "load", Op: "load", Item: video})
		before := l.drive(t, wire.PlaybackCommand{Op: "play"})
		l.clock.turn(20 * time.Second)
		l.restart(t)
		joined := l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		require.Greater(t, joined.Playback.Epoch, before.Epoch)
		before.Epoch = joined.Playback.Epoch
		require.Equal(t, before, joined.Playback)
		require.Equal(t, before, l.drive(t, wire.PlaybackCommand{ID: "load", Op: "load", Item: video}), "known from before the restart")
		require.InDelta(t, 19.75, l.drive(t, wire.PlaybackCommand{Op: "pause"}).Pos, 1e-6)
	})
}

func TestTheLeadFollowsTheClassesDelay(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		lead := func() float64 {
			return l.drive(t, wire.PlaybackCommand{Op: "seek", Pos: new(1.0)}).At - l.nowMS()
		}
		require.InDelta(t, 250, lead(), 1e-3)
		for id, rtt := range map[string]float64{"a": 20, "b": 700} {
			require.NoError(t, l.playback.Status(id, wire.PlaybackStatus{MeetingID: l.id, State: "in_step", RTTMS: rtt}))
		}
		require.InDelta(t, 450, lead(), 1e-3)
		require.NoError(t, l.playback.Status("c", wire.PlaybackStatus{MeetingID: l.id, State: "in_step", RTTMS: 9000}))
		require.InDelta(t, 600, lead(), 1e-3)
	})
}

func TestTeachersHearOfTheClassOnceASecond(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		l.pub.take()
		say := func(who, state string) {
			t.Helper()
			require.NoError(t, l.playback.Status(who, wire.PlaybackStatus{MeetingID: l.id, State: state}))
		}
		say("a", "in_step")
		require.Equal(t, []string{wire.EventPlaybackClass}, l.pub.take())
		for range 100 {
			say("a", "in_step") // too soon and nothing new
			say("b", "buffering")
			say("b", "in_step")
		}
		require.Empty(t, l.pub.take())
		l.clock.turn(time.Second)
		require.Equal(t, map[string]int{"in_step": 2}, l.pub.last(t, wire.EventPlaybackClass).(wire.PlaybackClass).Counts)
		require.Len(t, l.pub.take(), 1)
		l.clock.turn(30 * time.Second)
		require.Empty(t, l.pub.take())
		require.NoError(t, l.playback.Forget(t.Context(), l.id, "b"))
		require.Len(t, l.pub.last(t, wire.EventPlaybackClass).(wire.PlaybackClass).People, 1)

		for _, s := range []wire.PlaybackStatus{{State: "asleep"}, {State: "in_step", ErrMS: 1e9}, {State: "in_step", BufferS: -1}, {State: "in_step", RTTMS: -1}, {State: "in_step", V: -1}} {
			s.MeetingID = l.id
			requireKind(t, services.KindInvalid, l.playback.Status("a", s))
		}
	})
}

func TestPlaybackOfAnEndedMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		_, err := l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		_, err = l.command(t, l.teacher, wire.PlaybackCommand{Op: "play"})
		requireKind(t, services.KindConflict, err)
		requireKind(t, services.KindConflict, l.playback.Status("a", wire.PlaybackStatus{MeetingID: l.id, State: "in_step"}))
	})
}

// TestTwoTeachersPressAtOnce: the server orders what they do; nobody hears an older state after a newer one.
func TestTwoTeachersPressAtOnce(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		l.pub.take()
		const each = 20
		var group sync.WaitGroup
		for _, who := range []services.Actor{l.teacher, l.assistant(t)} {
			group.Go(func() {
				for i := range each {
					op := []wire.PlaybackCommand{{Op: "play"}, {Op: "seek", Pos: new(float64(i))}, {Op: "pause", Pos: new(float64(i))}}[i%3]
					_, err := l.command(t, who, op)
					assert.NoError(t, err)
				}
			})
		}
		group.Wait()
		v := int64(1)
		for _, e := range l.pub.published.take() {
			if told, ok := e.data.(*wire.Timeline); ok {
				require.Equal(t, v+1, told.V)
				v = told.V
			}
		}
		require.Equal(t, v, l.timeline().V)
		before := l.timeline()
		l.restart(t)
		after := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).Playback
		after.Epoch = before.Epoch
		require.Equal(t, before, after, "as it is stored")
	})
}

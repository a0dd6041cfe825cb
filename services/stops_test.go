package services_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

const videoKey = "youtube:dQw4w9WgXcQ" // of video

func (l *lesson) mark(t *testing.T, at float64, choices ...string) wire.Marker {
	t.Helper()
	m, err := l.playback.SetMarker(t.Context(), l.teacher, wire.SetMarker{ChannelID: l.channelID,
		Marker: wire.Marker{ID: models.NewID(), Key: videoKey, T: at, Question: "Why?", Choices: choices}})
	require.NoError(t, err)
	return *m
}

func (l *lesson) state(t *testing.T, who services.Actor, role string) (state wire.PlaybackState) {
	t.Helper()
	row, err := l.store.Meeting(t.Context(), l.id)
	require.NoError(t, err)
	arrival, err := l.playback.Prepare(t.Context(), who, *row)
	require.NoError(t, err)
	l.playback.Snapshot(l.id, arrival, role, func(_ *wire.Timeline, s wire.PlaybackState) { state = s })
	return state
}

func TestTheClassStopsAtAMarker(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		second := l.mark(t, 90)
		first := l.mark(t, 30.004)
		require.Equal(t, 30.0, first.T)
		require.Nil(t, l.timeline().Until, "it does not play")
		require.Equal(t, 30.0, *l.drive(t, wire.PlaybackCommand{Op: "play"}).Until)
		l.clock.turn(30*time.Second + 249*time.Millisecond)
		require.True(t, l.timeline().Playing)
		l.clock.turn(time.Millisecond)

		stopped := l.timeline()
		require.False(t, stopped.Playing)
		require.Equal(t, 30.0, stopped.Pos)
		require.Equal(t, stopped, l.pub.last(t, wire.EventPlaybackTimeline))
		asked := l.pub.last(t, wire.EventPlaybackQuestion).(*wire.PlaybackQuestion)
		require.Equal(t, first.ID, asked.MarkerID)
		require.True(t, asked.Open)
		require.Equal(t, asked, l.state(t, l.ada, models.RoleStudent).Question)

		l.drive(t, wire.PlaybackCommand{Op: "pause", Pos: new(29.9)}) // pressed in the same moment
		resumed := l.drive(t, wire.PlaybackCommand{Op: "play", Pos: new(29.97)})
		require.Equal(t, 90.0, *resumed.Until, "not the same again, though the teacher's player stood a little before it")
		require.False(t, l.pub.last(t, wire.EventPlaybackQuestion).(*wire.PlaybackQuestion).Open, "playing on closes it")
		require.Nil(t, l.state(t, l.ada, models.RoleStudent).Question)
		l.clock.turn(10 * time.Second)
		require.Equal(t, 30.0, *l.drive(t, wire.PlaybackCommand{Op: "seek", Pos: new(20.0)}).Until)
		l.drive(t, wire.PlaybackCommand{Op: "rate", Rate: new(2.0)})
		l.clock.turn(5*time.Second + 250*time.Millisecond)
		require.Equal(t, 30.0, l.timeline().Pos, "crossed anew, at double speed")
		again := l.pub.last(t, wire.EventPlaybackQuestion).(*wire.PlaybackQuestion)
		require.NotEqual(t, asked.ID, again.ID)

		l.drive(t, wire.PlaybackCommand{Op: "seek", Pos: new(80.0)})
		require.True(t, l.pub.last(t, wire.EventPlaybackQuestion).(*wire.PlaybackQuestion).Open, "looked at somewhere else")
		l.drive(t, wire.PlaybackCommand{Op: "play"})
		require.NoError(t, l.playback.RemoveMarker(t.Context(), l.teacher, wire.RemoveMarker{ChannelID: l.channelID, MarkerID: second.ID}))
		require.NoError(t, l.playback.RemoveMarker(t.Context(), l.teacher, wire.RemoveMarker{ChannelID: l.channelID, MarkerID: second.ID}))
		l.clock.turn(time.Minute)
		require.True(t, l.timeline().Playing)
	})
}

func TestMarkersSetWhileTheClassPlays(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		before := l.drive(t, wire.PlaybackCommand{Op: "play"})
		l.clock.turn(60*time.Second + 250*time.Millisecond)
		l.mark(t, 30)
		require.Equal(t, before, l.timeline(), "behind: the class is not pulled back")
		ahead := l.mark(t, 70)
		require.Equal(t, 70.0, *l.timeline().Until)
		require.Greater(t, l.timeline().V, before.V)
		require.Equal(t, before.At, l.timeline().At)

		ahead.T = 65
		_, err := l.playback.SetMarker(t.Context(), l.teacher, wire.SetMarker{ChannelID: l.channelID, Marker: ahead})
		require.NoError(t, err)
		markers := l.pub.last(t, wire.EventPlaybackMarkers).(wire.Markers)
		require.Len(t, markers.Markers, 2)
		require.Equal(t, ahead, markers.Markers[1])
		l.clock.turn(5 * time.Second)
		require.Equal(t, 65.0, l.timeline().Pos)
		require.False(t, l.timeline().Playing)

		l.pub.take()
		l.meetings.RoleChanged(l.channelID, l.bob.UserID, models.RoleAssistant)
		require.Equal(t, []string{wire.EventParticipantUpdated, wire.EventPlaybackMarkers, wire.EventMeetingLobby}, l.pub.take(), "who becomes a teacher learns what will be asked")
	})
}

func TestAStopSurvivesARestart(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		l.mark(t, 30, "a", "b")
		l.mark(t, 90)
		l.drive(t, wire.PlaybackCommand{Op: "play"})
		l.clock.turn(10 * time.Second)
		l.restart(t)
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		l.clock.turn(21 * time.Second)
		require.Equal(t, 30.0, l.timeline().Pos, "the timer runs again")
		require.False(t, l.timeline().Playing)

		q := l.pub.last(t, wire.EventPlaybackQuestion).(*wire.PlaybackQuestion)
		_, err := l.playback.Answer(t.Context(), l.ada, l.id, wire.AnswerQuestion{QuestionID: q.ID, Choice: new(1)})
		require.NoError(t, err)
		l.restart(t)
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		l.clock.turn(time.Hour)
		state := l.state(t, l.ada, models.RoleStudent)
		require.Equal(t, 1, state.Question.Answered)
		require.True(t, state.Question.Open)
		require.Equal(t, 1, *state.MyAnswer.Choice)

		l.drive(t, wire.PlaybackCommand{Op: "play"})
		l.meetings.Close(t.Context())
		l.clock.turn(10 * time.Minute) // the server is away while the class comes to the marker
		l.restart(t)
		l.state(t, l.ada, models.RoleStudent)
		l.clock.turn(0)
		require.Equal(t, 90.0, l.timeline().Pos, "it was left at the marker, not ten minutes on")
		require.False(t, l.timeline().Playing)
	})
}

func TestAnswers(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		l.mark(t, 5, "heat", "light", "sound")
		l.mark(t, 10)
		reach := func() *wire.PlaybackQuestion {
			l.drive(t, wire.PlaybackCommand{Op: "play"})
			l.clock.turn(6 * time.Second)
			return l.pub.last(t, wire.EventPlaybackQuestion).(*wire.PlaybackQuestion)
		}
		answer := func(who services.Actor, a wire.AnswerQuestion) error {
			_, err := l.playback.Answer(t.Context(), who, l.id, a)
			return err
		}
		q := reach()
		require.Equal(t, []string{"heat", "light", "sound"}, q.Choices)
		requireKind(t, services.KindInvalid, answer(l.ada, wire.AnswerQuestion{QuestionID: q.ID}))
		requireKind(t, services.KindInvalid, answer(l.ada, wire.AnswerQuestion{QuestionID: q.ID, Choice: new(3)}))
		requireKind(t, services.KindInvalid, answer(l.ada, wire.AnswerQuestion{QuestionID: q.ID, Choice: new(-1)}))
		requireKind(t, services.KindForbidden, answer(l.teacher, wire.AnswerQuestion{QuestionID: q.ID, Choice: new(0)}))
		requireKind(t, services.KindConflict, answer(l.ada, wire.AnswerQuestion{QuestionID: models.NewID(), Choice: new(0)}))
		require.NoError(t, answer(l.ada, wire.AnswerQuestion{QuestionID: q.ID, Choice: new(0)}))
		require.NoError(t, answer(l.bob, wire.AnswerQuestion{QuestionID: q.ID, Choice: new(2)}))
		require.NoError(t, answer(l.ada, wire.AnswerQuestion{QuestionID: q.ID, Choice: new(2)}), "she thought better of it")
		l.clock.turn(time.Second)
		require.Equal(t, 2, l.pub.last(t, wire.EventPlaybackQuestion).(*wire.PlaybackQuestion).Answered)
		answers := l.pub.last(t, wire.EventPlaybackAnswers).(*wire.PlaybackAnswers)
		require.Equal(t, []int{0, 0, 2}, answers.Counts)
		require.Len(t, answers.Answers, 2)
		require.Equal(t, answers, l.state(t, l.teacher, models.RoleOwner).Answers)

		asStudent := l.state(t, l.bob, models.RoleStudent)
		require.Nil(t, asStudent.Answers)
		require.Empty(t, asStudent.Markers, "what will be asked is not told")
		require.Equal(t, 2, *asStudent.MyAnswer.Choice)
		require.Len(t, l.state(t, l.teacher, models.RoleOwner).Markers, 2)

		requireKind(t, services.KindForbidden, l.playback.CloseQuestion(t.Context(), l.ada, l.id, q.ID))
		requireKind(t, services.KindNotFound, l.playback.CloseQuestion(t.Context(), l.teacher, l.id, models.NewID()))
		require.NoError(t, l.playback.CloseQuestion(t.Context(), l.teacher, l.id, q.ID))
		requireKind(t, services.KindConflict, answer(l.ada, wire.AnswerQuestion{QuestionID: q.ID, Choice: new(0)}))
		require.False(t, l.state(t, l.ada, models.RoleStudent).Question.Open, "still shown: the class stands there")

		inWords := reach()
		requireKind(t, services.KindInvalid, answer(l.ada, wire.AnswerQuestion{QuestionID: inWords.ID, Text: " "}))
		requireKind(t, services.KindInvalid, answer(l.ada, wire.AnswerQuestion{QuestionID: inWords.ID, Text: strings.Repeat("x", 501)}))
		require.NoError(t, answer(l.ada, wire.AnswerQuestion{QuestionID: inWords.ID, Text: "因為"}))

		_, err := l.playback.History(t.Context(), l.ada, l.id)
		requireKind(t, services.KindForbidden, err)
		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		history, err := l.playback.History(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Len(t, history.Questions, 2)
		require.False(t, history.Questions[1].Open, "the meeting is over")
		require.Equal(t, []int{0, 0, 2}, history.Questions[0].Counts)
		require.Equal(t, "因為", history.Questions[1].Answers[0].Text)
		require.Equal(t, "Ada", history.Questions[1].Answers[0].User.Name)

		history.Questions[0].Title, history.Questions[1].Question = "=heat", "@why"
		history.Questions[1].Answers[0].User.Name, history.Questions[1].Answers[0].Text = "+Ada", "=1+1" // students choose these
		taipei, err := time.LoadLocation("Asia/Taipei")
		require.NoError(t, err)
		require.Equal(t, [][]string{
			{"提問時間", "影片", "位置", "題目", "姓名", "答案", "作答時間"},
			{"2026-09-01 16:00:05", "'=heat", "0:00:05", "Why?", "Ada", "sound", "2026-09-01 16:00:06"},
			{"2026-09-01 16:00:05", "'=heat", "0:00:05", "Why?", "Bob", "sound", "2026-09-01 16:00:06"},
			{"2026-09-01 16:00:12", "", "0:00:10", "'@why", "'+Ada", "'=1+1", "2026-09-01 16:00:13"},
		}, services.AnswerRecords(history, "zh-TW", taipei))
		history.Questions[1].Answers = nil
		require.Equal(t, []string{"2026-09-01 16:00:12", "", "0:00:10", "'@why", "", "", ""}, services.AnswerRecords(history, "zh-TW", taipei)[3])
	})
}

func TestMarkerRefusals(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.mark(t, 3)
		good := wire.Marker{ID: models.NewID(), Key: videoKey, T: 9, Question: "Why?", Choices: []string{}}
		for name, tc := range map[string]struct {
			who    services.Actor
			change func(*wire.Marker)
			kind   services.Kind
			field  string
		}{
			"a student":     {l.ada, func(*wire.Marker) {}, services.KindForbidden, ""},
			"no id":         {l.teacher, func(m *wire.Marker) { m.ID = "" }, services.KindInvalid, "marker.id"},
			"no item":       {l.teacher, func(m *wire.Marker) { m.Key = "youtube:x" }, services.KindInvalid, "marker.key"},
			"the beginning": {l.teacher, func(m *wire.Marker) { m.T = 0 }, services.KindInvalid, "marker.t"},
			"no question":   {l.teacher, func(m *wire.Marker) { m.Question = " " }, services.KindInvalid, "marker.question"},
			"a long one":    {l.teacher, func(m *wire.Marker) { m.Question = strings.Repeat("?", 501) }, services.KindInvalid, "marker.question"},
			"one choice":    {l.teacher, func(m *wire.Marker) { m.Choices = []string{"a"} }, services.KindInvalid, "marker.choices"},
			"nine choices":  {l.teacher, func(m *wire.Marker) { m.Choices = strings.Split("123456789", "") }, services.KindInvalid, "marker.choices"},
			"empty choice":  {l.teacher, func(m *wire.Marker) { m.Choices = []string{"a", ""} }, services.KindInvalid, "marker.choices"},
			"same place":    {l.teacher, func(m *wire.Marker) { m.T = 3.001 }, services.KindConflict, ""},
		} {
			t.Run(name, func(t *testing.T) {
				m := good
				tc.change(&m)
				_, err := l.playback.SetMarker(t.Context(), tc.who, wire.SetMarker{ChannelID: l.channelID, Marker: m})
				requireKind(t, tc.kind, err)
				if tc.field != "" {
					require.Contains(t, err.(*services.Error).Fields, tc.field)
				}
			})
		}
		list, err := l.playback.Markers(t.Context(), l.teacher, l.channelID)
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
	})
}

func TestQuestionsAboutAMoment(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		_, err := l.playback.Comment(t.Context(), l.ada, l.id, wire.PlaybackComment{Body: "?"})
		requireKind(t, services.KindConflict, err) // nothing is loaded
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video})
		l.drive(t, wire.PlaybackCommand{Op: "play"})
		l.clock.turn(12*time.Second + 250*time.Millisecond)
		l.pub.take()

		clientID := models.NewID()
		first, err := l.playback.Comment(t.Context(), l.ada, l.id, wire.PlaybackComment{Body: "為什麼？", ClientID: clientID})
		require.NoError(t, err)
		require.Equal(t, videoKey, first.Moment.Key)
		require.InDelta(t, 12, first.Moment.T, 1e-6)
		require.Equal(t, []string{wire.EventPostCreated, wire.EventCommentCreated}, l.pub.take())
		again, err := l.playback.Comment(t.Context(), l.ada, l.id, wire.PlaybackComment{Body: "為什麼？", ClientID: clientID})
		require.NoError(t, err)
		require.Equal(t, first.ID, again.ID)
		free, err := l.playback.Comment(t.Context(), l.bob, l.id, wire.PlaybackComment{Body: "And here?", Key: videoKey, Pos: new(3.5)})
		require.NoError(t, err)
		require.Equal(t, 3.5, free.Moment.T)
		require.Equal(t, first.PostID, free.PostID)
		_, err = l.playback.Comment(t.Context(), l.bob, l.id, wire.PlaybackComment{Body: "x", Key: "https://evil.example"})
		requireKind(t, services.KindInvalid, err)
		_, err = l.playback.Comment(t.Context(), l.bob, l.id, wire.PlaybackComment{Body: " "})
		requireKind(t, services.KindInvalid, err)

		post, err := l.store.Post(t.Context(), first.PostID)
		require.NoError(t, err)
		require.Equal(t, l.id, *post.MeetingID)
		require.Equal(t, l.teacher.UserID, post.AuthorID)
		l.restart(t)
		state := l.state(t, l.bob, models.RoleStudent)
		require.Equal(t, first.PostID, *state.PostID)
		require.Len(t, state.Comments, 2)
		require.Equal(t, first.Moment, state.Comments[0].Moment)
	})
}

func TestLostTapsAreAnonymous(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).ParticipantID
		bob := l.join(t, l.bob, newSeat(), wire.MeetingJoin{}).ParticipantID
		tap := func(who string, cmd wire.PlaybackLost) error { return l.playback.Lost(t.Context(), who, l.id, cmd) }
		requireKind(t, services.KindConflict, tap(ada, wire.PlaybackLost{})) // nothing is loaded
		l.drive(t, wire.PlaybackCommand{Op: "load", Item: video, Pos: new(12.0)})
		l.pub.take()
		for range 50 {
			require.NoError(t, tap(ada, wire.PlaybackLost{}))
		}
		require.NoError(t, tap(bob, wire.PlaybackLost{Key: videoKey, Pos: new(14.9)}))
		requireKind(t, services.KindInvalid, tap(bob, wire.PlaybackLost{Key: "x"}))
		l.clock.turn(5 * time.Second)
		require.NoError(t, tap(ada, wire.PlaybackLost{Pos: new(61.0)}))
		l.clock.turn(time.Second)

		want := wire.LostCurve{MeetingID: l.id, Key: videoKey, BucketS: 5, Buckets: []wire.LostCount{{T: 10, N: 2}, {T: 60, N: 1}}}
		require.Equal(t, want, l.pub.last(t, wire.EventPlaybackLost))
		told, err := json.Marshal(l.pub.last(t, wire.EventPlaybackLost))
		require.NoError(t, err)
		for _, secret := range []string{ada, bob, l.ada.UserID, l.bob.UserID, "Ada", "Bob"} {
			require.NotContains(t, string(told), secret)
		}
		l.restart(t)
		require.Equal(t, []wire.LostCurve{want}, l.state(t, l.teacher, models.RoleOwner).Lost)
		require.Empty(t, l.state(t, l.ada, models.RoleStudent).Lost)
		history, err := l.playback.History(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Equal(t, []wire.LostCurve{want}, history.Lost)
	})
}

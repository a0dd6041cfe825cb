package controllers_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

func TestTwoTeachersAndAPlaylistOverSockets(t *testing.T) {
	c := newLesson(t)
	owner, assistant, student := c.connect(t, c.owner), c.connect(t, c.assistant), c.connect(t, c.student)
	edit := wire.PlaybackEdit{ChannelID: c.channel.ID, ID: models.NewID(), Op: "add", Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://youtu.be/dQw4w9WgXcQ"}}
	var ack wire.PlaylistAck
	owner.Call(t, "playback.edit", edit, &ack)
	require.Len(t, ack.Playlist.Entries, 1)
	var seen wire.Playlist
	student.Expect(t, wire.EventPlaybackPlaylist, &seen)
	require.Equal(t, ack.Playlist, seen)

	edit.ID = models.NewID()
	stale := assistant.CallError(t, "playback.edit", edit)
	require.Equal(t, "conflict", stale.Code)
	current, err := json.Marshal(stale.Current)
	require.NoError(t, err)
	var present wire.Playlist
	require.NoError(t, json.Unmarshal(current, &present))
	require.Equal(t, seen, present)
	edit.ID, edit.BaseV = models.NewID(), present.V
	assistant.Call(t, "playback.edit", edit, &ack)
	require.Len(t, ack.Playlist.Entries, 2)

	c.student.Do(t, "GET", "/api/v1/channels/"+c.channel.ID+"/playlist", nil).Want(t, http.StatusOK).Decode(t, &seen)
	require.Equal(t, ack.Playlist, seen)
}

// TestAStopPointOverSockets uses the real clock: the class stops by itself, once, at the very second.
func TestAStopPointOverSockets(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	owner, student := c.connect(t, c.owner), c.connect(t, c.student)
	join(t, owner, meeting)
	join(t, student, meeting)
	marker := wire.Marker{ID: models.NewID(), Key: "youtube:dQw4w9WgXcQ", T: 0.2, Question: "為什麼？", Choices: []string{"A", "B"}}
	owner.Call(t, "playback.set_marker", wire.SetMarker{ChannelID: c.channel.ID, Marker: marker}, nil)
	var markers wire.Markers
	owner.Expect(t, wire.EventPlaybackMarkers, &markers)
	require.Equal(t, []wire.Marker{marker}, markers.Markers)
	var ack wire.PlaybackAck
	owner.Call(t, "playback.command", wire.PlaybackCommand{MeetingID: meeting.ID, ID: models.NewID(), Op: "load", Autoplay: new(true),
		Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://youtu.be/dQw4w9WgXcQ"}}, &ack)
	started := ack.Timeline
	require.True(t, started.Playing)
	require.Equal(t, 0.2, *started.Until)
	var stopped wire.Timeline
	student.ExpectWhere(t, wire.EventPlaybackTimeline, func(f wstest.Frame) bool {
		stopped = wire.Timeline{}
		return json.Unmarshal(f.Data, &stopped) == nil && !stopped.Playing
	})
	require.Equal(t, 0.2, stopped.Pos)
	require.GreaterOrEqual(t, stopped.At, started.At+199)
	var question wire.PlaybackQuestion
	student.Expect(t, wire.EventPlaybackQuestion, &question)
	require.Equal(t, marker.Question, question.Question)
	student.Call(t, "playback.answer", wire.AnswerQuestion{QuestionID: question.ID, Choice: new(1)}, nil)
	var answers wire.PlaybackAnswers
	owner.Expect(t, wire.EventPlaybackAnswers, &answers)
	require.Equal(t, []int{0, 1}, answers.Counts)
	types := wstest.Types(student.Fence(t))
	require.NotContains(t, types, wire.EventPlaybackMarkers, "students do not see what will be asked")
	require.NotContains(t, types, wire.EventPlaybackAnswers)

	var remark wire.Comment
	student.Call(t, "playback.comment", wire.PlaybackComment{Body: "Why not C?"}, &remark)
	require.Equal(t, &wire.Moment{Key: marker.Key, T: 0.2}, remark.Moment)
	student.Call(t, "playback.lost", wire.PlaybackLost{}, nil)
	var curve wire.LostCurve
	owner.Expect(t, wire.EventPlaybackLost, &curve)
	require.Equal(t, []wire.LostCount{{T: 0, N: 1}}, curve.Buckets)

	late := join(t, c.connect(t, c.classmate), meeting)
	require.Equal(t, &stopped, late.Playback)
	require.True(t, late.PlaybackState.Question.Open)
	require.Nil(t, late.PlaybackState.MyAnswer)
	require.Empty(t, late.PlaybackState.Markers)
	require.Equal(t, []wire.Comment{remark}, late.PlaybackState.Comments)
	require.Greater(t, late.ServerTimeMS, stopped.At)
	teacher := join(t, c.connect(t, c.assistant), meeting)
	require.Equal(t, []wire.Marker{marker}, teacher.PlaybackState.Markers)
	require.Len(t, teacher.PlaybackState.Answers.Answers, 1)

	var post wire.Post
	c.classmate.Do(t, "GET", "/api/v1/posts/"+remark.PostID, nil).Want(t, http.StatusOK).Decode(t, &post)
	require.Equal(t, meeting.ID, post.MeetingID)
	require.Equal(t, c.owner.UserID, post.Author.ID)
	var history wire.PlaybackHistory
	c.assistant.Do(t, "GET", "/api/v1/meetings/"+meeting.ID+"/playback", nil).Want(t, http.StatusOK).Decode(t, &history)
	require.Equal(t, []int{0, 1}, history.Questions[0].Counts)
	require.Len(t, history.Lost, 1)
	table := c.owner.Do(t, "GET", "/api/v1/meetings/"+meeting.ID+"/playback?format=csv&tz=Asia/Taipei", nil).Want(t, http.StatusOK)
	require.True(t, strings.HasPrefix(string(table.Body), "\ufeff提問時間,影片,位置,題目"))
	require.Contains(t, c.owner.Do(t, "GET", "/api/v1/meetings/"+meeting.ID+"/playback?tz=Atlantis", nil).Problem(t).Errors, "tz")
}

package controllers_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

func TestAPollInClass(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	owner, student := c.connect(t, c.owner), c.connect(t, c.student)
	join(t, owner, meeting)
	require.Empty(t, join(t, student, meeting).Polls)

	open := wire.PollOpen{ID: models.NewID(), Question: "哪一個？", Options: []string{"甲", "乙"}}
	require.Equal(t, "forbidden", student.CallError(t, "meeting.poll_open", open).Code)
	require.Equal(t, "forbidden", student.CallError(t, "meeting.poll_close", wire.PollClose{PollID: open.ID}).Code)
	var poll wire.Poll
	owner.Call(t, "meeting.poll_open", open, &poll)
	require.Equal(t, []int{0, 0}, poll.Results)
	var told wire.MeetingPoll
	student.Expect(t, wire.EventMeetingPoll, &told)
	require.Nil(t, told.Poll.Results)

	refused := student.CallError(t, "meeting.poll_vote", wire.PollVote{PollID: open.ID, Choices: []int{2}})
	require.Equal(t, "invalid_input", refused.Code)
	require.Contains(t, refused.Errors, "choices")
	student.Call(t, "meeting.poll_vote", wire.PollVote{PollID: open.ID, Choices: []int{1}}, &poll)
	require.Equal(t, []int{1}, poll.MyChoices)
	var result wire.PollResult
	owner.ExpectWhere(t, wire.EventMeetingPollResult, func(f wstest.Frame) bool { heard(t, f, &result); return len(result.Votes) == 1 })
	require.Equal(t, c.student.UserID, result.Votes[0].User.ID)
	require.NotContains(t, wstest.Types(student.Fence(t)), wire.EventMeetingPollResult, "who voted what is for teachers")

	owner.Call(t, "meeting.poll_close", wire.PollClose{PollID: open.ID}, nil)
	student.ExpectWhere(t, wire.EventMeetingPoll, func(f wstest.Frame) bool { heard(t, f, &told); return !told.Poll.Open })
	require.Equal(t, []int{0, 1}, told.Poll.Results)
	refused = student.CallError(t, "meeting.poll_vote", wire.PollVote{PollID: open.ID, Choices: []int{0}})
	require.Equal(t, "conflict", refused.Code)
	require.NotNil(t, refused.Current)

	var post wire.Post
	c.student.Do(t, http.MethodPost, "/api/v1/meetings/"+meeting.ID+"/post", nil).Want(t, http.StatusOK).Decode(t, &post)
	var comments wire.List[wire.Comment]
	c.student.Do(t, http.MethodGet, "/api/v1/posts/"+post.ID+"/comments", nil).Decode(t, &comments)
	require.Contains(t, comments.Items[0].Body, "**哪一個？**")
	require.Contains(t, comments.Items[0].Body, "- **乙**：1 票（100%）")
	late := join(t, c.connect(t, c.classmate), meeting)
	require.Equal(t, post.ID, *late.PostID)
	require.Equal(t, []int{0, 1}, late.Polls[0].Results)
	require.False(t, late.Polls[0].IVoted)

	owner.Call(t, "meeting.end", struct{}{}, nil)
	polls := "/api/v1/meetings/" + meeting.ID + "/polls"
	var kept wire.List[wire.AskedPoll]
	c.assistant.Do(t, http.MethodGet, polls, nil).Want(t, http.StatusOK).Decode(t, &kept)
	require.Equal(t, []int{0, 1}, kept.Items[0].Results)
	require.Equal(t, c.student.UserID, kept.Items[0].Votes[0].User.ID)
	table := c.owner.Do(t, http.MethodGet, polls+"?format=csv&tz=Asia/Taipei", nil).Want(t, http.StatusOK)
	require.True(t, strings.HasPrefix(string(table.Body), "\ufeff提問時間,題目"))
	require.Contains(t, string(table.Body), "哪一個？,是,乙,1,100,1,")
	require.Contains(t, c.owner.Do(t, http.MethodGet, polls+"?format=pdf", nil).Problem(t).Errors, "format")
}

func TestCaptionsInClass(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	speaker, reader, other := c.connect(t, c.owner), c.connect(t, c.student), c.connect(t, c.classmate)
	id := join(t, speaker, meeting).ParticipantID
	join(t, reader, meeting)
	join(t, other, meeting)
	reader.Call(t, "meeting.captions", wire.MeetingCaptions{On: true}, nil)
	var wanted wire.MeetingCaptionsWanted
	speaker.Expect(t, wire.EventCaptionsWanted, &wanted)
	require.True(t, wanted.Wanted)
	speaker.Call(t, "meeting.caption", wire.MeetingCaption{Line: 1, Text: "大家", Lang: "zh-TW"}, nil)
	speaker.Call(t, "meeting.caption", wire.MeetingCaption{Line: 1, Text: "大家好", Final: true, Lang: "zh-TW"}, nil)
	speaker.Call(t, "meeting.caption", wire.MeetingCaption{Line: 2, Text: "開始上課", Final: true, Lang: "zh-TW"}, nil)
	for _, want := range []string{"大家好", "開始上課"} {
		var shown wire.MeetingCaptionShown
		reader.ExpectWhere(t, wire.EventMeetingCaption, func(f wstest.Frame) bool { heard(t, f, &shown); return shown.Final })
		require.Equal(t, want, shown.Text)
		require.Equal(t, id, shown.ParticipantID)
	}
	require.NotContains(t, wstest.Types(other.Fence(t)), wire.EventMeetingCaption, "who does not read hears nothing")
	reader.Drop()
	join(t, c.connect(t, c.student), meeting) // another place: it begins without
}

func TestTheChatAndTheClosingPost(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	owner, student := c.connect(t, c.owner), c.connect(t, c.student)
	join(t, owner, meeting)
	join(t, student, meeting)
	path := "/api/v1/meetings/" + meeting.ID + "/post"
	require.Equal(t, http.StatusNotFound, c.stranger.Do(t, http.MethodPost, path, nil).Status)
	var post, again wire.Post
	c.student.Do(t, http.MethodPost, path, nil).Want(t, http.StatusOK).Decode(t, &post)
	c.owner.Do(t, http.MethodPost, path, nil).Want(t, http.StatusOK).Decode(t, &again)
	require.Equal(t, post.ID, again.ID)
	owner.Expect(t, wire.EventPostCreated, nil)

	say := func(who *testenv.Client, body string) *testenv.Response {
		return who.Do(t, http.MethodPost, "/api/v1/posts/"+post.ID+"/comments", wire.CreateEntryRequest{Body: body})
	}
	say(c.student, "Hello").Want(t, http.StatusCreated)
	owner.Call(t, "meeting.settings", wire.MeetingSettingsCommand{ChatLocked: new(true)}, nil)
	require.Equal(t, "A teacher has locked the chat of this meeting.", say(c.student, "Psst").Want(t, http.StatusForbidden).Problem(t).Detail)
	require.Equal(t, "forbidden", student.CallError(t, "playback.comment", wire.PlaybackComment{Body: "Psst", Key: "youtube:dQw4w9WgXcQ", Pos: new(1.0)}).Code)
	say(c.assistant, "Quiet, please").Want(t, http.StatusCreated)

	owner.Call(t, "meeting.end", struct{}{}, nil)
	student.Expect(t, wire.EventPostUpdated, &post)
	require.Equal(t, 2, post.Meeting.People)
	require.NotNil(t, post.Meeting.EndedAt)
	require.Equal(t, 2, post.CommentCount)
	say(c.student, "Thanks").Want(t, http.StatusCreated)

	var changes wire.Changes
	c.classmate.Do(t, http.MethodGet, "/api/v1/changes?scope=channel:"+c.channel.ID+"&after=0", nil).Decode(t, &changes)
	types := []string{}
	for _, change := range changes.Items {
		types = append(types, change.Type)
	}
	require.Contains(t, types, wire.EventPostCreated, "who was away hears of it too")
	require.Contains(t, types, wire.EventMeetingEnded)
}

// heard reads an event's data.
func heard(t *testing.T, f wstest.Frame, data any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(f.Data, data))
}

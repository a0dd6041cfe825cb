package services_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// polling is a lesson whose people are all there.
func polling(t *testing.T, l *lesson) {
	t.Helper()
	l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
	l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
	l.speak(t, "en")
	l.pub.take()
}

// speak sets the language of the teacher.
func (l *lesson) speak(t *testing.T, locale string) {
	t.Helper()
	require.NoError(t, l.store.UpdateUser(t.Context(), l.teacher.UserID, map[string]any{"locale": locale}))
}

func (l *lesson) poll(t *testing.T, cmd wire.PollOpen) *wire.Poll {
	t.Helper()
	cmd.ID, cmd.Question = models.NewID(), "Why?"
	cmd.Options = []string{"A", "B", "C"}
	p, err := l.polls.Open(t.Context(), l.teacher, l.id, cmd)
	require.NoError(t, err)
	return p
}

func (l *lesson) vote(t *testing.T, who services.Actor, p *wire.Poll, choices ...int) *wire.Poll {
	t.Helper()
	seen, err := l.polls.Vote(t.Context(), who, l.id, wire.PollVote{PollID: p.ID, Choices: choices})
	require.NoError(t, err)
	return seen
}

func TestAPollIsAskedVotedAndClosed(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		p := l.poll(t, wire.PollOpen{})
		require.Equal(t, []int{0, 0, 0}, p.Results, "teachers see the result at once")
		told := l.pub.last(t, wire.EventMeetingPoll).(wire.MeetingPoll).Poll
		require.True(t, told.Open)
		require.Nil(t, told.Results, "others when it is closed")
		require.NotNil(t, l.pub.last(t, wire.EventMeetingPollResult).(wire.PollResult).Votes, "an empty list while nobody has voted, not null")

		l.clock.turn(time.Second)
		mine := l.vote(t, l.ada, p, 1)
		require.Equal(t, []int{1}, mine.MyChoices)
		require.True(t, mine.IVoted)
		require.Nil(t, mine.Results)
		l.vote(t, l.ada, p, 2)
		l.vote(t, l.bob, p, 2)
		result := l.pub.last(t, wire.EventMeetingPollResult).(wire.PollResult)
		require.Equal(t, []int{0, 1, 0}, result.Results, "told at most once a second")
		l.clock.turn(time.Second)
		result = l.pub.last(t, wire.EventMeetingPollResult).(wire.PollResult)
		require.Equal(t, []int{0, 0, 2}, result.Results)
		require.Len(t, result.Votes, 2)
		require.Equal(t, l.ada.UserID, result.Votes[0].User.ID)
		require.Equal(t, []int{2}, result.Votes[0].Choices)
		require.Equal(t, 2, l.pub.last(t, wire.EventMeetingPoll).(wire.MeetingPoll).Poll.Voted)

		closed, err := l.polls.Close(t.Context(), l.teacher, l.id, p.ID)
		require.NoError(t, err)
		require.False(t, closed.Open)
		require.Equal(t, []int{0, 0, 2}, l.pub.last(t, wire.EventMeetingPoll).(wire.MeetingPoll).Poll.Results)
		comment := l.pub.last(t, wire.EventCommentCreated).(*wire.Comment)
		require.Equal(t, "**Why?**\n\n- **A**: 0 (0%)\n- **B**: 0 (0%)\n- **C**: 2 (100%)\n\n2 people voted", comment.Body)
		require.Equal(t, l.teacher.UserID, comment.Author.ID)

		_, err = l.polls.Vote(t.Context(), l.ada, l.id, wire.PollVote{PollID: p.ID, Choices: []int{0}})
		requireKind(t, services.KindConflict, err)
		l.pub.take()
		again, err := l.polls.Close(t.Context(), l.teacher, l.id, p.ID)
		require.NoError(t, err)
		require.False(t, again.Open)
		require.Empty(t, l.pub.take(), "one comment")
	})
}

func TestAnAnonymousPollKeepsNobodysChoice(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		p := l.poll(t, wire.PollOpen{Anonymous: true, Live: true, Multiple: true})
		l.clock.turn(time.Minute)
		seen := l.vote(t, l.ada, p, 0, 2, 2)
		require.Equal(t, []int{1, 0, 1}, seen.Results, "live")
		require.True(t, seen.IVoted)
		require.Nil(t, seen.MyChoices)
		_, err := l.polls.Vote(t.Context(), l.ada, l.id, wire.PollVote{PollID: p.ID, Choices: []int{1}})
		requireKind(t, services.KindConflict, err)
		require.Empty(t, l.pub.last(t, wire.EventMeetingPollResult).(wire.PollResult).Votes)
		votes, err := l.store.PollVotes(t.Context(), p.ID)
		require.NoError(t, err)
		require.Len(t, votes[p.ID], 1)
		require.Empty(t, votes[p.ID][0].Choices)
		require.True(t, votes[p.ID][0].At.Equal(time.Time(p.CreatedAt)), "not when it was given")
	})
}

func TestPollsSurviveARestart(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		p := l.poll(t, wire.PollOpen{})
		l.vote(t, l.ada, p, 1)
		l.restart(t)
		joined := l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		require.Len(t, joined.Polls, 1)
		require.Equal(t, []int{1}, joined.Polls[0].MyChoices)
		require.Nil(t, joined.Polls[0].Results)
		l.pub.take()
		teacher := l.join(t, l.teacher, newSeat(), wire.MeetingJoin{})
		require.Equal(t, []int{0, 1, 0}, teacher.Polls[0].Results)
		require.Nil(t, teacher.Polls[0].MyChoices)
		require.Equal(t, l.ada.UserID, l.pub.last(t, wire.EventMeetingPollResult).(wire.PollResult).Votes[0].User.ID, "a teacher who comes is told the votes")
		require.Equal(t, []int{2}, l.vote(t, l.ada, p, 2).MyChoices)
		l.clock.turn(time.Second)
		require.Equal(t, []int{0, 0, 1}, l.pub.last(t, wire.EventMeetingPollResult).(wire.PollResult).Results)
	})
}

// TestAVoteWhoseAnswerIsLostCountsOnce: the socket breaks after the vote, whose sender comes back and sends it again.
func TestAVoteWhoseAnswerIsLostCountsOnce(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		ada := newSeat()
		id := l.join(t, l.ada, ada, wire.MeetingJoin{}).ParticipantID
		named, anonymous := l.poll(t, wire.PollOpen{}), l.poll(t, wire.PollOpen{Anonymous: true})
		l.vote(t, l.ada, named, 1)
		l.vote(t, l.ada, anonymous, 1)
		l.meetings.Closed(t.Context(), ada, services.SocketBroke, l.clock.Now())
		back := l.join(t, l.ada, newSeat(), wire.MeetingJoin{ParticipantID: id}).Polls
		require.Len(t, back, 2)
		for _, p := range back {
			require.True(t, p.IVoted, "what was counted is told")
		}
		l.vote(t, l.ada, named, 1)
		_, err := l.polls.Vote(t.Context(), l.ada, l.id, wire.PollVote{PollID: anonymous.ID, Choices: []int{1}})
		requireKind(t, services.KindConflict, err)
		for _, p := range []*wire.Poll{named, anonymous} {
			closed, err := l.polls.Close(t.Context(), l.teacher, l.id, p.ID)
			require.NoError(t, err)
			require.Equal(t, []int{0, 1, 0}, closed.Results)
			require.Equal(t, 1, closed.Voted)
		}
	})
}

func TestAPollEndsWithItsMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		p := l.poll(t, wire.PollOpen{})
		l.vote(t, l.ada, p, 0)
		_, err := l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		comment := l.pub.last(t, wire.EventCommentCreated).(*wire.Comment)
		require.Contains(t, comment.Body, "- **A**: 1 (100%)")
		row, err := l.store.Poll(t.Context(), p.ID)
		require.NoError(t, err)
		require.NotNil(t, row.ClosedAt)
		require.Empty(t, l.clock.timers)
		_, err = l.polls.Vote(t.Context(), l.ada, l.id, wire.PollVote{PollID: p.ID, Choices: []int{0}})
		requireKind(t, services.KindConflict, err)
	})
}

func TestWhatAPollMayBe(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		good := func() wire.PollOpen {
			return wire.PollOpen{ID: models.NewID(), Question: "Why?", Options: []string{"A", "B"}}
		}
		for name, tc := range map[string]struct {
			field string
			spoil func(*wire.PollOpen)
		}{
			"no id":              {"id", func(p *wire.PollOpen) { p.ID = "one" }},
			"no question":        {"question", func(p *wire.PollOpen) { p.Question = " \u3164 " }},
			"a long question":    {"question", func(p *wire.PollOpen) { p.Question = strings.Repeat("為", 501) }},
			"one option":         {"options", func(p *wire.PollOpen) { p.Options = p.Options[:1] }},
			"eleven options":     {"options", func(p *wire.PollOpen) { p.Options = strings.Split("abcdefghijk", "") }},
			"the same twice":     {"options", func(p *wire.PollOpen) { p.Options[1] = " A " }},
			"an empty option":    {"options", func(p *wire.PollOpen) { p.Options[1] = " " }},
			"an invisible one":   {"options", func(p *wire.PollOpen) { p.Options[1] = "\u3164" }},
			"a long option":      {"options", func(p *wire.PollOpen) { p.Options[0] = strings.Repeat("對", 201) }},
			"options over lines": {"options", func(p *wire.PollOpen) { p.Options[0] = "a\nb" }},
		} {
			cmd := good()
			tc.spoil(&cmd)
			_, err := l.polls.Open(t.Context(), l.teacher, l.id, cmd)
			require.Error(t, err, name)
			requireField(t, tc.field, err)
		}
		_, err := l.polls.Open(t.Context(), l.ada, l.id, good())
		requireKind(t, services.KindForbidden, err)

		p := l.poll(t, wire.PollOpen{})
		for _, choices := range [][]int{nil, {}, {-1}, {3}, {0, 1}} {
			_, err := l.polls.Vote(t.Context(), l.ada, l.id, wire.PollVote{PollID: p.ID, Choices: choices})
			requireField(t, "choices", err)
		}
		_, err = l.polls.Vote(t.Context(), l.ada, l.id, wire.PollVote{PollID: models.NewID(), Choices: []int{0}})
		requireKind(t, services.KindNotFound, err)
		_, err = l.polls.Close(t.Context(), l.ada, l.id, p.ID)
		requireKind(t, services.KindForbidden, err)
	})
}

func TestARetriedPollIsAskedOnce(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		cmd := wire.PollOpen{ID: models.NewID(), Question: "Why?", Options: []string{"A", "B"}}
		_, err := l.polls.Open(t.Context(), l.teacher, l.id, cmd)
		require.NoError(t, err)
		l.pub.take()
		_, err = l.polls.Open(t.Context(), l.teacher, l.id, cmd)
		require.NoError(t, err)
		require.Empty(t, l.pub.take())

		for range 19 {
			l.poll(t, wire.PollOpen{})
		}
		_, err = l.polls.Open(t.Context(), l.teacher, l.id, wire.PollOpen{ID: models.NewID(), Question: "Why?", Options: []string{"A", "B"}})
		requireKind(t, services.KindConflict, err)
		_, err = l.polls.Close(t.Context(), l.teacher, l.id, cmd.ID)
		require.NoError(t, err)
		newest := l.poll(t, wire.PollOpen{})
		polls := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).Polls
		require.Len(t, polls, 20)
		require.Equal(t, newest.ID, polls[0].ID)
		for _, p := range polls {
			require.True(t, p.Open, "the closed one made room")
		}
	})
}

func TestAResultShowsTextsAsTheyAre(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		l.speak(t, "zh-TW")
		p, err := l.polls.Open(t.Context(), l.teacher, l.id, wire.PollOpen{ID: models.NewID(), Question: "*Was*\n@[all](all)?", Options: []string{"1. <b>", "對"}, Anonymous: true})
		require.NoError(t, err)
		l.vote(t, l.ada, p, 1)
		_, err = l.polls.Close(t.Context(), l.teacher, l.id, p.ID)
		require.NoError(t, err)
		body := l.pub.last(t, wire.EventCommentCreated).(*wire.Comment).Body
		require.Equal(t, "**\\*Was\\* @\\[all\\](all)?**\n\n- **1. \\<b\\>**：0 票（0%）\n- **對**：1 票（100%）\n\n1 人投票，不記名", body)
		require.False(t, services.Mentions(body, l.ada.UserID))
	})
}

func TestVotesOfManyAtOnce(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		p := l.poll(t, wire.PollOpen{Multiple: true})
		done := make(chan error)
		for i := range 20 {
			go func() {
				who := []services.Actor{l.ada, l.bob}[i%2]
				_, err := l.polls.Vote(t.Context(), who, l.id, wire.PollVote{PollID: p.ID, Choices: []int{i % 3}})
				done <- err
			}()
		}
		for range 20 {
			require.NoError(t, <-done)
		}
		row, err := l.store.Poll(t.Context(), p.ID)
		require.NoError(t, err)
		votes, err := l.store.PollVotes(t.Context(), p.ID)
		require.NoError(t, err)
		counts := make([]int, 3)
		for _, v := range votes[p.ID] {
			for _, c := range v.Choices {
				counts[c]++
			}
		}
		require.Equal(t, counts, row.Counts, "the counts are those of the votes: "+strconv.Itoa(len(votes[p.ID])))
	})
}

func TestWhoBecomesATeacherHearsTheVotes(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		p := l.poll(t, wire.PollOpen{})
		l.vote(t, l.ada, p, 1)
		l.clock.turn(time.Second)
		l.pub.take()
		l.meetings.RoleChanged(l.channelID, l.ada.UserID, models.RoleAssistant)
		require.Equal(t, []int{0, 1, 0}, l.pub.last(t, wire.EventMeetingPollResult).(wire.PollResult).Results)
	})
}

func TestAChannelThatIsArchivedKeepsTheResultsOfOpenPolls(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		p := l.poll(t, wire.PollOpen{})
		l.vote(t, l.ada, p, 2)
		channels := services.NewChannels(l.store, l.pub, l.meetings, services.NewAudit(l.store, l.clock, testenv.Log(t)), roomy, l.clock)
		_, err := channels.Update(t.Context(), l.teacher, l.channelID, wire.UpdateChannelRequest{Archived: new(true)})
		require.NoError(t, err)
		require.Contains(t, l.pub.last(t, wire.EventCommentCreated).(*wire.Comment).Body, "- **C**: 1 (100%)")
		require.False(t, l.pub.last(t, wire.EventMeetingPoll).(wire.MeetingPoll).Poll.Open)
		require.False(t, l.active(t))
		list, err := l.polls.History(t.Context(), l.teacher, l.id)
		require.NoError(t, err, "an archived channel can be looked at")
		require.False(t, list.Items[0].Open)
	})
}

func TestThePollOfWhoHasLeftKeepsItsResult(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		require.NoError(t, l.store.UpdatePlace(t.Context(), l.channelID, l.bob.UserID, map[string]any{"role": models.RoleAssistant}))
		polling(t, l)
		p, err := l.polls.Open(t.Context(), l.bob, l.id, wire.PollOpen{ID: models.NewID(), Question: "Why?", Options: []string{"A", "B"}})
		require.NoError(t, err)
		l.vote(t, l.ada, p, 1)
		notifier := newNotifier(t, l.store, l.pub, l.clock)
		members := services.NewMembers(l.store, l.pub, services.NewChannels(l.store, l.pub, nil, nil, roomy, l.clock), l.meetings, notifier,
			services.NewAudit(l.store, l.clock, testenv.Log(t)), l.clock)
		require.NoError(t, members.Remove(t.Context(), l.bob, l.channelID, l.bob.UserID))
		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		comment := l.pub.last(t, wire.EventCommentCreated).(*wire.Comment)
		require.Contains(t, comment.Body, "- **B**: 1 (100%)")
		require.Equal(t, l.teacher.UserID, comment.Author.ID)
	})
}

func TestThePollOfAMeetingWhoseHostHasLeftIsClosedByAnOwner(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		l.poll(t, wire.PollOpen{})
		require.NoError(t, l.store.UpdatePlace(t.Context(), l.channelID, l.bob.UserID, map[string]any{"role": models.RoleOwner}))
		require.NoError(t, l.store.DB(t.Context()).Delete(&models.Member{}, "channel_id = ? AND user_id = ?", l.channelID, l.teacher.UserID).Error)
		_, err := l.meetings.End(t.Context(), l.bob, l.id)
		require.NoError(t, err)
		require.Equal(t, l.bob.UserID, l.pub.last(t, wire.EventCommentCreated).(*wire.Comment).Author.ID)
	})
}

func TestPollsAreFoundAgainAfterTheMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		polling(t, l)
		named := l.poll(t, wire.PollOpen{Multiple: true})
		l.clock.turn(time.Minute)
		secret := l.poll(t, wire.PollOpen{Anonymous: true})
		l.vote(t, l.ada, named, 0, 2)
		l.vote(t, l.bob, named, 2)
		l.vote(t, l.ada, secret, 1)
		require.NoError(t, l.store.UpdateUser(t.Context(), l.ada.UserID, map[string]any{"name": "=1+1"}))
		_, err := l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)

		list, err := l.polls.History(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Len(t, list.Items, 2)
		first, second := list.Items[0], list.Items[1]
		require.Equal(t, named.ID, first.ID, "as asked")
		require.False(t, first.Open)
		require.Equal(t, []int{1, 0, 2}, first.Results)
		require.Len(t, first.Votes, 2)
		require.Equal(t, []int{0, 1, 0}, second.Results)
		require.Equal(t, 1, second.Voted)
		require.NotNil(t, second.Votes)
		require.Empty(t, second.Votes, "nobody's")

		taipei, err := time.LoadLocation("Asia/Taipei")
		require.NoError(t, err)
		require.Equal(t, [][]string{
			{"提問時間", "題目", "記名", "選項", "票數", "比例（%）", "投票人數", "選擇的人"},
			{"2026-09-01 16:00:00", "Why?", "是", "A", "1", "50", "2", "'=1+1"},
			{"2026-09-01 16:00:00", "Why?", "是", "B", "0", "0", "2", ""},
			{"2026-09-01 16:00:00", "Why?", "是", "C", "2", "100", "2", "'=1+1, Bob"},
			{"2026-09-01 16:01:00", "Why?", "否", "A", "0", "0", "1", ""},
			{"2026-09-01 16:01:00", "Why?", "否", "B", "1", "100", "1", ""},
			{"2026-09-01 16:01:00", "Why?", "否", "C", "0", "0", "1", ""},
		}, services.PollRecords(list, "zh-TW", taipei))
		require.Equal(t, "Asked at", services.PollRecords(&wire.List[wire.AskedPoll]{}, "fr", time.UTC)[0][0])

		_, err = l.polls.History(t.Context(), l.ada, l.id)
		requireKind(t, services.KindForbidden, err)
		_, err = l.polls.History(t.Context(), register(t, l.store, "Stranger"), l.id)
		requireKind(t, services.KindNotFound, err)
	})
}

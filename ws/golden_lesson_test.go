package ws_test

import (
	"maps"

	"lectern/internal/wire"
)

const pollID = "0190a1b2-0000-7000-8000-000000000010"

func init() {
	poll := wire.Poll{ID: pollID, MeetingID: meetingID, Author: teacher, Question: "哪一個？", Options: []string{"A", "B"}, Multiple: true, Live: true, Open: true,
		Voted: 1, Results: []int{1, 0}, CreatedAt: at}
	voted := poll
	voted.MyChoices, voted.IVoted = []int{0}, true
	closed := voted
	closed.Open = false
	caption := wire.MeetingCaption{Line: 3, Text: "大家好", Final: true, Lang: "zh-TW"}

	maps.Copy(commands, map[string]any{
		"meeting.poll_open":  wire.PollOpen{ID: pollID, Question: poll.Question, Options: poll.Options, Multiple: true, Live: true},
		"meeting.poll_vote":  wire.PollVote{PollID: pollID, Choices: []int{0}},
		"meeting.poll_close": wire.PollClose{PollID: pollID},
		"meeting.caption":    caption,
		"meeting.captions":   wire.MeetingCaptions{On: true},
	})
	joined := acks["meeting.join"].(wire.MeetingJoined)
	joined.Polls, joined.Captions, joined.PostID = []wire.Poll{voted}, true, new(postID)
	maps.Copy(acks, map[string]any{"meeting.join": joined, "meeting.poll_open": poll, "meeting.poll_vote": voted, "meeting.poll_close": closed})
	maps.Copy(events, map[string]any{
		wire.EventMeetingPoll: wire.MeetingPoll{MeetingID: meetingID, Poll: poll},
		wire.EventMeetingPollResult: wire.PollResult{MeetingID: meetingID, PollID: pollID, Results: poll.Results,
			Votes: []wire.PollMark{{User: teacher, Choices: []int{0}}}},
		wire.EventMeetingCaption: wire.MeetingCaptionShown{MeetingID: meetingID, ParticipantID: participantID, Line: caption.Line, Text: caption.Text,
			Final: true, Lang: caption.Lang},
		wire.EventCaptionsWanted: wire.MeetingCaptionsWanted{MeetingID: meetingID, Wanted: true},
	})
}

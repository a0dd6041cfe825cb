package services

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"lectern/internal/wire"
)

// maxPollHistory is how many polls of a meeting are shown afterwards, the newest.
const maxPollHistory = 200

// History lists what a meeting was asked in polls, as asked, with the votes. For teachers.
func (s *Polls) History(ctx context.Context, actor Actor, meetingID string) (*wire.List[wire.AskedPoll], error) {
	meeting, _, err := visibleMeeting(ctx, s.Store, actor, meetingID, ActionReview)
	if err != nil {
		return nil, err
	}
	b, err := s.read(ctx, meeting.ID, maxPollHistory)
	if err != nil {
		return nil, err
	}
	out := &wire.List[wire.AskedPoll]{Items: make([]wire.AskedPoll, len(b.polls))}
	for i, p := range b.polls {
		out.Items[i] = wire.AskedPoll{Poll: p.seen(actor.UserID, true), Votes: p.result().Votes}
	}
	return out, nil
}

// pollHeadings are the first line of the table, by language.
var pollHeadings = map[string][]string{
	"zh-TW": {"提問時間", "題目", "記名", "選項", "票數", "比例（%）", "投票人數", "選擇的人"},
	"en":    {"Asked at", "Question", "Named", "Answer", "Votes", "Share (%)", "People voted", "Who chose it"},
}

// pollNamed tells whether votes have names, by language: first no, then yes.
var pollNamed = map[string][2]string{"zh-TW": {"否", "是"}, "en": {"no", "yes"}}

// PollRecords is the history of polls as lines of a table, one per answer, with times as in a zone.
func PollRecords(polls *wire.List[wire.AskedPoll], locale string, zone *time.Location) [][]string {
	records := [][]string{inLanguage(pollHeadings, locale)}
	for _, p := range polls.Items {
		named := inLanguage(pollNamed, locale)[1]
		if p.Anonymous {
			named = inLanguage(pollNamed, locale)[0]
		}
		at := time.Time(p.CreatedAt).In(zone).Format(time.DateTime)
		for i, option := range p.Options {
			records = append(records, []string{at, plainCell(p.Question), named, plainCell(option), strconv.Itoa(p.Results[i]),
				share(p.Results[i], max(1, p.Voted)), strconv.Itoa(p.Voted), plainCell(strings.Join(votersOf(p.Votes, i, locale), ", "))})
		}
	}
	return records
}

// votersOf are the names of those who chose an option.
func votersOf(votes []wire.PollMark, option int, locale string) (names []string) {
	for _, v := range votes {
		if slices.Contains(v.Choices, option) {
			names = append(names, nameOf(v.User, locale))
		}
	}
	return names
}

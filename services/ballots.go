package services

import (
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// ballots are the polls of one active meeting.
type ballots struct {
	meetingID string
	polls     []*poll // oldest first, at most maxPolls
}

// poll is one of them, with who has voted; of an anonymous one not what.
type poll struct {
	models.Poll
	author wire.Profile
	votes  []wire.PollMark
	pace   pace
}

func (b *ballots) stop() {
	for _, p := range b.polls {
		p.pace.stop()
	}
}

// find gives a poll by id, or nil. The caller holds mu.
func (b *ballots) find(id string) *poll {
	if i := slices.IndexFunc(b.polls, func(p *poll) bool { return p.ID == id }); i >= 0 {
		return b.polls[i]
	}
	return nil
}

// full tells whether there is no place for another poll: those that are closed make room.
func (b *ballots) full() bool {
	return len(b.polls) >= maxPolls && !slices.ContainsFunc(b.polls, func(p *poll) bool { return p.ClosedAt != nil })
}

// add puts a new poll last; the oldest closed one goes where there are too many. The caller holds mu.
func (b *ballots) add(p *poll) {
	if len(b.polls) >= maxPolls {
		i := slices.IndexFunc(b.polls, func(p *poll) bool { return p.ClosedAt != nil })
		b.polls[i].pace.stop()
		b.polls = slices.Delete(b.polls, i, i+1)
	}
	b.polls = append(b.polls, p)
}

// seen is the poll as a user sees it, or with "" what it is to everybody.
func (p *poll) seen(userID string, teaches bool) wire.Poll {
	out := wire.Poll{ID: p.ID, MeetingID: p.MeetingID, Author: p.author, Question: p.Question, Options: p.Options, Multiple: p.Multiple,
		Anonymous: p.Anonymous, Live: p.Live, Open: p.ClosedAt == nil, Voted: len(p.votes), CreatedAt: wire.At(p.CreatedAt)}
	if teaches || p.Live || p.ClosedAt != nil {
		out.Results = slices.Clone(p.Counts)
	}
	if mine := p.voteOf(userID); mine != nil {
		out.IVoted = true
		if !p.Anonymous {
			out.MyChoices = mine.Choices
		}
	}
	return out
}

// result is what teachers see of the votes.
func (p *poll) result() wire.PollResult {
	out := wire.PollResult{MeetingID: p.MeetingID, PollID: p.ID, Results: slices.Clone(p.Counts), Votes: []wire.PollMark{}}
	if !p.Anonymous {
		out.Votes = append(out.Votes, p.votes...)
	}
	return out
}

// voteOf is a user's vote, or nil.
func (p *poll) voteOf(userID string) *wire.PollMark {
	if i := slices.IndexFunc(p.votes, func(v wire.PollMark) bool { return v.User.ID == userID }); i >= 0 {
		return &p.votes[i]
	}
	return nil
}

// choose checks a vote.
func (p *poll) choose(user wire.Profile, choices []int) (wire.PollMark, error) {
	choices = slices.Compact(slices.Sorted(slices.Values(choices)))
	out := func(i int) bool { return i < 0 || i >= len(p.Options) }
	switch {
	case len(choices) == 0 || slices.ContainsFunc(choices, out):
		return wire.PollMark{}, Invalid("choices", "They must be indices of the options.")
	case len(choices) > 1 && !p.Multiple:
		return wire.PollMark{}, Invalid("choices", "Only one may be chosen.")
	}
	return wire.PollMark{User: user, Choices: choices}, nil
}

// counted are the counts with a vote in place of the one before, if there was one.
func (p *poll) counted(before *wire.PollMark, choices []int) []int {
	counts := slices.Clone(p.Counts)
	if before != nil {
		for _, i := range before.Choices {
			counts[i]--
		}
	}
	for _, i := range choices {
		counts[i]++
	}
	return counts
}

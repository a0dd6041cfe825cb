package services

import (
	"context"
	"fmt"
	"strings"
	"time"

	"lectern/models"
)

// closePoll closes a poll and writes its result as a comment on the meeting's post, both or neither. One that is closed already gets no
// other comment.
func (s *Comments) closePoll(ctx context.Context, actor Actor, member *models.Member, meeting models.Meeting, p models.Poll, voted int, at time.Time) error {
	user, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return err
	}
	post, err := s.meetingPost(ctx, meeting)
	if err != nil {
		return err
	}
	body := inLanguage(pollResults, user.Locale).of(p, voted)
	_, _, err = s.write(ctx, actor, member, post, draft{body: body}, nil, func(tx *models.Store) error {
		_, err := tx.ClosePoll(ctx, p.ID, at)
		return err
	})
	return err
}

// resultWords are the words of a result in one language.
type resultWords struct {
	line   string // option, votes, per cent; bold, so that no option begins a list or a heading
	voters func(n int) string
	secret string
}

var pollResults = map[string]resultWords{
	"zh-TW": {line: "- **%s**：%d 票（%s%%）", voters: func(n int) string { return fmt.Sprintf("%d 人投票", n) }, secret: "，不記名"},
	"en":    {line: "- **%s**: %d (%s%%)", voters: func(n int) string { return countOf(n, "person", "people") + " voted" }, secret: ", anonymously"},
}

// of is the result in Markdown. Shares are of those who voted: with several choices they make more than a whole.
func (w resultWords) of(p models.Poll, voted int) string {
	lines := []string{"**" + literally(strings.Join(strings.Fields(p.Question), " ")) + "**", ""}
	for i, option := range p.Options {
		lines = append(lines, fmt.Sprintf(w.line, literally(option), p.Counts[i], share(p.Counts[i], max(1, voted))))
	}
	last := w.voters(voted)
	if p.Anonymous {
		last += w.secret
	}
	return strings.Join(append(lines, "", last), "\n")
}

// literally writes a text of one line so that Markdown shows it as it is.
func literally(text string) string { return markdown.Replace(text) }

var markdown = func() *strings.Replacer {
	var pairs []string
	for _, r := range "\\`*_[]<>&~|" {
		pairs = append(pairs, string(r), "\\"+string(r))
	}
	return strings.NewReplacer(pairs...)
}()

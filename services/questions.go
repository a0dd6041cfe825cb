package services

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// maxAnswer is the length of an answer in words, in characters.
const maxAnswer = 500

// question is what a class was asked last, with the answers by user. Playback.mu guards it.
type question struct {
	models.Question
	answers map[string]wire.PlaybackAnswer
}

// open tells whether answers are taken; there may be no question at all.
func (q *question) open() bool { return q != nil && q.ClosedAt == nil }

func (q *question) wire() *wire.PlaybackQuestion {
	return &wire.PlaybackQuestion{MeetingID: q.MeetingID, ID: q.ID, MarkerID: q.MarkerID, Key: q.ItemKey, T: q.T, Question: q.Question.Question,
		Choices: q.Choices, Open: q.open(), Answered: len(q.answers), AskedAt: wire.At(q.AskedAt)}
}

// summary is what teachers see of the answers, in the order in which they came.
func (q *question) summary() *wire.PlaybackAnswers {
	out := &wire.PlaybackAnswers{MeetingID: q.MeetingID, QuestionID: q.ID, Counts: make([]int, len(q.Choices)), Answers: []wire.PlaybackAnswer{}}
	for _, a := range q.answers {
		if a.Choice != nil {
			out.Counts[*a.Choice]++
		}
		out.Answers = append(out.Answers, a)
	}
	slices.SortFunc(out.Answers, func(a, b wire.PlaybackAnswer) int {
		return cmp.Or(time.Time(a.At).Compare(time.Time(b.At)), cmp.Compare(a.User.ID, b.User.ID))
	})
	return out
}

// publishQuestion tells everybody. The caller holds mu.
func (p *Playback) publishQuestion(st *stage) {
	p.Publisher.PublishState(MeetingTopic(st.meetingID), "question", wire.EventPlaybackQuestion, st.question.wire())
}

// Answer gives or replaces a student's answer to the open question of the meeting that the student is in.
func (p *Playback) Answer(ctx context.Context, actor Actor, meetingID string, cmd wire.AnswerQuestion) (*wire.PlaybackAnswer, error) {
	if _, _, err := activeMeeting(ctx, p.Store, actor, meetingID, ActionAnswer); err != nil {
		return nil, err
	}
	st, err := p.stageOf(meetingID)
	if err != nil {
		return nil, err
	}
	user, err := p.Store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	st.answering.Lock()
	defer st.answering.Unlock()
	p.mu.Lock()
	q := st.question
	open := q.open() && q.ID == cmd.QuestionID
	p.mu.Unlock()
	if !open {
		return nil, errQuestionClosed
	}
	row := models.Answer{QuestionID: q.ID, UserID: actor.UserID, At: stamp(p.Clock)}
	v := invalid{}
	switch {
	case len(q.Choices) == 0:
		row.Text = v.text("text", cmd.Text, maxAnswer)
		if row.Text == "" && len(v) == 0 {
			v["text"] = "It must not be empty."
		}
	case cmd.Choice == nil || *cmd.Choice < 0 || *cmd.Choice >= len(q.Choices):
		v["choice"] = "It must be the index of one of the choices."
	default:
		row.Choice = cmd.Choice
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	if err := p.Store.SaveAnswer(ctx, &row); err != nil {
		return nil, err
	}
	answer := showAnswer(row, *user, p.Publisher)
	p.mu.Lock()
	defer p.mu.Unlock()
	q.answers[actor.UserID] = answer
	if p.stages[meetingID] == st {
		p.announceAnswers(st)
	}
	return &answer, nil
}

var errQuestionClosed = &Error{Kind: KindConflict, Message: "Answers to this question are no longer taken."}

// announceAnswers tells everybody how many have answered, and the teachers what. The caller holds mu.
func (p *Playback) announceAnswers(st *stage) {
	p.soon(st, &st.answerPace, func() {
		p.publishQuestion(st)
		p.Publisher.PublishState(MeetingTeachersTopic(st.meetingID), "answers", wire.EventPlaybackAnswers, st.question.summary())
	})
}

// CloseQuestion takes no more answers; one that is closed stays closed.
func (p *Playback) CloseQuestion(ctx context.Context, actor Actor, meetingID, questionID string) error {
	if _, _, err := activeMeeting(ctx, p.Store, actor, meetingID, ActionDrive); err != nil {
		return err
	}
	st, err := p.stageOf(meetingID)
	if err != nil {
		return err
	}
	st.commands.Lock()
	defer st.commands.Unlock()
	p.mu.Lock()
	q := st.question
	p.mu.Unlock()
	if q == nil || q.ID != questionID {
		return NotFound("question")
	}
	now := stamp(p.Clock)
	if err := p.Store.CloseQuestions(ctx, meetingID, now); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if q.open() {
		q.ClosedAt = &now
		p.publishQuestion(st)
	}
	return nil
}

// readQuestion finds the last question of a meeting with its answers; nil when nothing was asked.
func (p *Playback) readQuestion(ctx context.Context, meetingID string) (*question, error) {
	row, err := p.Store.LastQuestion(ctx, meetingID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found, err := p.withAnswers(ctx, *row)
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// withAnswers reads the answers to questions.
func (p *Playback) withAnswers(ctx context.Context, rows ...models.Question) ([]*question, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	answers, err := p.Store.Answers(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var people []string
	for _, of := range answers {
		for _, a := range of {
			people = append(people, a.UserID)
		}
	}
	users, err := p.Store.Users(ctx, people)
	if err != nil {
		return nil, err
	}
	questions := make([]*question, len(rows))
	for i, r := range rows {
		questions[i] = &question{Question: r, answers: map[string]wire.PlaybackAnswer{}}
		for _, a := range answers[r.ID] {
			questions[i].answers[a.UserID] = showAnswer(a, users[a.UserID], p.Publisher)
		}
	}
	return questions, nil
}

func showAnswer(a models.Answer, user models.User, pub Publisher) wire.PlaybackAnswer {
	return wire.PlaybackAnswer{QuestionID: a.QuestionID, User: profile(user, pub), Choice: a.Choice, Text: a.Text, At: wire.At(a.At)}
}

// History is what teachers keep of a meeting: what was asked and answered, and where people were lost.
func (p *Playback) History(ctx context.Context, actor Actor, meetingID string) (*wire.PlaybackHistory, error) {
	meeting, _, err := visibleMeeting(ctx, p.Store, actor, meetingID, ActionReview)
	if err != nil {
		return nil, err
	}
	rows, err := p.Store.Questions(ctx, meeting.ID)
	if err != nil {
		return nil, err
	}
	questions, err := p.withAnswers(ctx, rows...)
	if err != nil {
		return nil, err
	}
	taps, err := p.Store.LostTaps(ctx, meeting.ID)
	if err != nil {
		return nil, err
	}
	list, err := p.readList(ctx, meeting.ChannelID)
	if err != nil {
		return nil, err
	}
	titles := make(map[string]string, len(list.Entries))
	for _, e := range list.Entries {
		titles[e.Item.Key] = e.Item.Title
	}
	out := &wire.PlaybackHistory{Questions: make([]wire.AskedQuestion, len(questions)), Lost: readLost(taps).wire(meeting.ID)}
	for i, q := range questions {
		if q.open() {
			q.ClosedAt = meeting.EndedAt // answers ended with it
		}
		s := q.summary()
		out.Questions[i] = wire.AskedQuestion{PlaybackQuestion: *q.wire(), Title: titles[q.ItemKey], Counts: s.Counts, Answers: s.Answers}
	}
	return out, nil
}

// answerHeadings are the first line of the table, by language.
var answerHeadings = map[string][]string{
	"zh-TW": {"提問時間", "影片", "位置", "題目", "姓名", "答案", "作答時間"},
	"en":    {"Asked at", "Video", "Position", "Question", "Name", "Answer", "Answered at"},
}

// AnswerRecords is what a class was asked and answered as lines of a table, one per answer, with times as in a zone. A question that
// nobody answered has a line, too.
func AnswerRecords(history *wire.PlaybackHistory, locale string, zone *time.Location) [][]string {
	records := [][]string{inLanguage(answerHeadings, locale)}
	at := func(t wire.Time) string { return time.Time(t).In(zone).Format(time.DateTime) }
	for _, q := range history.Questions {
		asked := []string{at(q.AskedAt), plainCell(q.Title), clockTime(q.T), plainCell(q.Question)}
		if len(q.Answers) == 0 {
			records = append(records, append(slices.Clip(asked), "", "", ""))
		}
		for _, a := range q.Answers {
			answer := a.Text
			if a.Choice != nil {
				answer = q.Choices[*a.Choice]
			}
			records = append(records, append(slices.Clip(asked), plainCell(nameOf(a.User, locale)), plainCell(answer), at(a.At)))
		}
	}
	return records
}

// clockTime is a position in a video as players show it, with hours.
func clockTime(seconds float64) string {
	whole := int(seconds)
	return fmt.Sprintf("%d:%02d:%02d", whole/3600, whole/60%60, whole%60)
}

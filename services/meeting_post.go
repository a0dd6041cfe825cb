package services

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// MeetingPosts are the posts under whose comments a meeting's questions and talk stay. Each meeting has at most one: made when
// somebody needs it, and at the end at the latest.
type MeetingPosts struct{ *Entries }

// NewMeetingPosts prepares it.
func NewMeetingPosts(entries *Entries) *MeetingPosts { return &MeetingPosts{entries} }

// Open gives a meeting's post to a member, and makes it while the meeting runs.
func (s *MeetingPosts) Open(ctx context.Context, actor Actor, meetingID string) (*wire.Post, error) {
	meeting, member, err := visibleMeeting(ctx, s.store, actor, meetingID, ActionRead)
	if err != nil {
		return nil, err
	}
	row, err := s.store.MeetingPost(ctx, meeting.ID)
	if errors.Is(err, models.ErrNotFound) {
		if meeting.EndedAt != nil {
			return nil, NotFound("post")
		}
		if err := allow(member, ActionPost); err != nil {
			return nil, err
		}
		row, err = s.meetingPost(ctx, *meeting)
	}
	if err != nil {
		return nil, err
	}
	return (&Posts{s.Entries}).one(ctx, *row)
}

// meetingPosts are the texts of the post while the meeting runs, by the language of its host. Clients show what
// wire.Post.Meeting says; the text is for all others, and for search.
var meetingPosts = map[string]string{
	"zh-TW": "這堂課的提問與討論",
	"en":    "Questions and discussion of this lesson",
}

// metPosts are the same once it is over.
var metPosts = map[string]func(minutes, people int) string{
	"zh-TW": func(minutes, people int) string {
		return fmt.Sprintf("這堂課已結束：%d 分鐘，%d 人參加", minutes, people)
	},
	"en": func(minutes, people int) string {
		return fmt.Sprintf("The class met: %s, %s", countOf(minutes, "minute", "minutes"), countOf(people, "person", "people"))
	},
}

func countOf(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// inLanguage is the text of a language, or the English one.
func inLanguage[T any](texts map[string]T, locale string) T {
	if text, ok := texts[locale]; ok {
		return text
	}
	return texts["en"]
}

// meetingPost finds or makes the post of a running meeting; its author is the meeting's host. It checks no permission.
func (e *Entries) meetingPost(ctx context.Context, meeting models.Meeting) (*models.Post, error) {
	defer e.inOrder(meeting.ChannelID)()
	row, err := e.store.MeetingPost(ctx, meeting.ID)
	if err == nil || !errors.Is(err, models.ErrNotFound) {
		return row, err
	}
	var tell func()
	err = e.store.Tx(ctx, func(tx *models.Store) error {
		now, err := tx.Meeting(ctx, meeting.ID)
		if err != nil {
			return err
		}
		if now.EndedAt != nil { // in this moment
			return errMeetingOver
		}
		host, err := tx.User(ctx, meeting.HostID)
		if err != nil {
			return err
		}
		row = newMeetingPost(meeting, inLanguage(meetingPosts, host.Locale), e.clock)
		tell, err = e.saveMeetingPost(ctx, tx, row, wire.EventPostCreated)
		return err
	})
	if err != nil {
		return nil, err
	}
	tell()
	return row, nil
}

func newMeetingPost(meeting models.Meeting, body string, clock Clock) *models.Post {
	return &models.Post{ID: models.NewID(), ChannelID: meeting.ChannelID, AuthorID: meeting.HostID, Body: body, MeetingID: &meeting.ID, CreatedAt: stamp(clock)}
}

// saveMeetingPost stores the post within a transaction; tell, to be called after the commit, shows it.
func (e *Entries) saveMeetingPost(ctx context.Context, tx *models.Store, row *models.Post, event string) (tell func(), err error) {
	if err := tx.DB(ctx).Save(row).Error; err != nil {
		return nil, err
	}
	post, err := (&Posts{e.in(tx)}).one(ctx, *row)
	if err != nil {
		return nil, err
	}
	seq, err := record(ctx, tx, ChannelTopic(row.ChannelID), event, models.EntryPost, row.ID)
	return func() { e.pub.PublishChange(ChannelTopic(row.ChannelID), seq, event, post) }, err
}

// ending holds the channel's entries still while a meeting ends; see inOrder.
func (s *MeetingPosts) ending(meeting models.Meeting) (done func()) {
	return s.inOrder(meeting.ChannelID)
}

// end gives the meeting's post its last text in the transaction that ends the meeting; a meeting that nobody was in leaves none. tell
// is to be called after the commit. The caller has the turn from ending.
func (s *MeetingPosts) end(ctx context.Context, tx *models.Store, meetingID string) (tell func(), err error) {
	meeting, err := tx.Meeting(ctx, meetingID)
	if err != nil {
		return nil, err
	}
	people, err := tx.Attendees(ctx, meetingID)
	if err != nil {
		return nil, err
	}
	row, err := tx.MeetingPost(ctx, meetingID)
	fresh := errors.Is(err, models.ErrNotFound)
	if fresh && people[meetingID] == 0 {
		return func() {}, nil
	}
	if err != nil && !fresh {
		return nil, err
	}
	host, err := tx.User(ctx, meeting.HostID)
	if err != nil {
		return nil, err
	}
	length := max(1, int(math.Round(meeting.EndedAt.Sub(meeting.StartedAt).Minutes())))
	body, event := inLanguage(metPosts, host.Locale)(length, people[meetingID]), wire.EventPostUpdated
	switch {
	case fresh:
		row, event = newMeetingPost(*meeting, body, s.clock), wire.EventPostCreated
	case row.EditedAt == nil: // else its host has written something better
		row.Body = body
	}
	return s.saveMeetingPost(ctx, tx, row, event)
}

// summaries are what posts of meetings show of them, by meeting.
func summaries(ctx context.Context, store *models.Store, posts []models.Post) (map[string]*wire.MeetingSummary, error) {
	var ids []string
	for _, p := range posts {
		if p.MeetingID != nil {
			ids = append(ids, *p.MeetingID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	meetings, err := store.MeetingsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	people, err := store.Attendees(ctx, ids...)
	all := make(map[string]*wire.MeetingSummary, len(meetings))
	for id, m := range meetings {
		all[id] = &wire.MeetingSummary{ID: id, StartedAt: wire.At(m.StartedAt), EndedAt: wire.AtPtr(m.EndedAt)}
		if m.EndedAt != nil {
			all[id].People = people[id]
		}
	}
	return all, err
}

// chatIn tells whether a post is that of a running meeting, whose comments are the chat. It refuses students where that is locked, and who
// was sent out.
func chatIn(ctx context.Context, tx *models.Store, post *models.Post, member *models.Member) (running bool, err error) {
	if post.MeetingID == nil {
		return false, nil
	}
	meeting, err := tx.Meeting(ctx, *post.MeetingID)
	if err != nil || meeting.EndedAt != nil {
		return false, err
	}
	switch {
	case slices.Contains(meeting.State.Removed, member.UserID):
		err = Forbidden("A teacher has removed you from this meeting.")
	case meeting.Settings.ChatLocked && !Teaches(member.Role):
		err = Forbidden("A teacher has locked the chat of this meeting.")
	}
	return true, err
}

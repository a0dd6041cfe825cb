package services

import (
	"context"
	"log/slog"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// What is too old is looked for so often, and deleted so much at a time with a pause in between: windows that are open hear of every
// deletion.
const (
	retainEvery = 24 * time.Hour
	retainBatch = 100
	retainPause = time.Second
	auditBatch  = 1000
)

// quietMost is longer than holidays are: when nobody has written for so long, it is rather the clock that is wrong, and by it everything
// would be old.
const quietMost = 100 * 24 * time.Hour

// RetentionOptions says how long things are kept; 0: for ever.
type RetentionOptions struct {
	Files    time.Duration // uploads, wherever they are shown
	Messages time.Duration // messages, comments, and posts that nobody comments on any more
	Audit    time.Duration

	Clock Clock
	Log   *slog.Logger
}

// Retention deletes what is older than an operator wants to keep. What a pinned post shows stays, and so do people's pictures, playlists and
// the lines that calls left. Deletions are told like any others.
type Retention struct {
	RetentionOptions
	entries  *Entries
	posts    *Posts
	comments *Comments
	messages *Messages
}

// NewRetention prepares it.
func NewRetention(entries *Entries, o RetentionOptions) *Retention {
	return &Retention{RetentionOptions: o, entries: entries, posts: NewPosts(entries), comments: NewComments(entries),
		messages: NewMessages(NewConversations(entries))}
}

// Run deletes once a day until ctx ends.
func (s *Retention) Run(ctx context.Context, did Did) {
	every(ctx, retainEvery, did, func(ctx context.Context) error {
		return s.Sweep(ctx, func() {
			select {
			case <-ctx.Done():
			case <-time.After(retainPause):
			}
		})
	})
}

// Sweep deletes all that is too old now, and pauses after each batch. It leaves everything when the clock is not to be believed.
func (s *Retention) Sweep(ctx context.Context, pause func()) error {
	now := stamp(s.Clock)
	if s.Messages == 0 && s.Files == 0 && s.Audit == 0 {
		return nil
	}
	newest, written, err := s.entries.store.NewestEntry(ctx)
	if err != nil {
		return err
	}
	if newest != "" && now.Sub(written) > quietMost {
		s.Log.Error("retention deletes nothing: nobody has written for so long that the clock may be wrong; once somebody writes, it goes on",
			"newest_entry", written, "clock", now)
		return nil
	}
	steps := []struct {
		what string
		kept time.Duration
		some func(ctx context.Context, before time.Time, after string) (last string, n int, err error)
	}{
		{"messages", s.Messages, s.someMessages},
		{"comments", s.Messages, s.someComments},
		{"posts", s.Messages, s.somePosts},
		{"files", s.Files, s.someFiles},
		{"audit events", s.Audit, s.someEvents},
	}
	for _, step := range steps {
		if step.kept == 0 {
			continue
		}
		total, after := 0, ""
		for {
			last, n, err := step.some(ctx, now.Add(-step.kept), after)
			if err != nil {
				return err
			}
			if total += n; last == "" {
				break
			}
			after = last
			pause()
		}
		if total > 0 {
			s.Log.Info("deleted by retention", "what", step.what, "number", total, "older_than", now.Add(-step.kept))
		}
	}
	return nil
}

// each removes rows one by one and tells where the next batch goes on: "" after the last one.
func each[T any](rows []T, id func(T) string, remove func(T) error) (last string, n int, err error) {
	for _, row := range rows {
		if err := remove(row); err != nil {
			return "", n, err
		}
		n++
	}
	if n == retainBatch {
		last = id(rows[n-1])
	}
	return last, n, nil
}

func (s *Retention) someMessages(ctx context.Context, before time.Time, after string) (string, int, error) {
	rows, err := s.entries.store.OldMessages(ctx, before, after, retainBatch)
	if err != nil {
		return "", 0, err
	}
	return each(rows, func(m models.Message) string { return m.ID }, func(m models.Message) error {
		conversation, err := s.entries.store.Conversation(ctx, m.ConversationID)
		if err != nil {
			return err
		}
		return s.messages.remove(ctx, conversation, m.ID)
	})
}

func (s *Retention) someComments(ctx context.Context, before time.Time, after string) (string, int, error) {
	rows, err := s.entries.store.OldComments(ctx, before, after, retainBatch)
	if err != nil {
		return "", 0, err
	}
	return each(rows, func(c models.Comment) string { return c.ID }, func(c models.Comment) error { return s.comments.remove(ctx, &c) })
}

func (s *Retention) somePosts(ctx context.Context, before time.Time, after string) (string, int, error) {
	rows, err := s.entries.store.OldPosts(ctx, before, after, retainBatch)
	if err != nil {
		return "", 0, err
	}
	return each(rows, func(p models.Post) string { return p.ID }, func(p models.Post) error {
		return s.posts.remove(ctx, &p, func(tx *models.Store) (bool, error) { // somebody may have commented on it, or pinned it, in this moment
			return tx.PostIsOld(ctx, p.ID, before)
		})
	})
}

func (s *Retention) someFiles(ctx context.Context, before time.Time, after string) (string, int, error) {
	rows, err := s.entries.store.OldFiles(ctx, before, after, retainBatch)
	if err != nil {
		return "", 0, err
	}
	return each(rows, func(f models.File) string { return f.ID }, func(f models.File) error { return s.expire(ctx, f) })
}

func (s *Retention) someEvents(ctx context.Context, before time.Time, _ string) (string, int, error) {
	n, err := s.entries.store.DropAuditEvents(ctx, before, auditBatch)
	last := ""
	if n == auditBatch {
		last = "more"
	}
	return last, int(n), err
}

// expire takes a file away from all that shows it, and deletes it. One that somebody has begun to use in this moment stays for now.
func (s *Retention) expire(ctx context.Context, file models.File) error {
	shown, err := s.entries.store.AttachmentsOf(ctx, file.ID)
	if err != nil {
		return err
	}
	for _, a := range shown {
		if err := s.detach(ctx, a, file); err != nil {
			return err
		}
	}
	if err := s.entries.files.remove(ctx, file); err != nil && !isKind(err, KindConflict) {
		return err
	}
	return nil
}

// detach takes a file away from an entry. One that would be left empty says which file it was.
func (s *Retention) detach(ctx context.Context, a models.Attachment, file models.File) error {
	switch a.EntryKind {
	case models.EntryMessage:
		return s.detachMessage(ctx, a, file)
	case models.EntryPost, models.EntryComment:
		return s.detachEntry(ctx, a, file)
	}
	return nil
}

func (s *Retention) detachMessage(ctx context.Context, a models.Attachment, file models.File) error {
	conversation, err := s.entries.store.Conversation(ctx, *a.ConversationID)
	if err != nil {
		return err
	}
	defer s.entries.inOrder(conversation.ID)()
	return s.messages.change(ctx, conversation, wire.EventMessageUpdated, a.EntryID, func(tx *models.Store) (any, error) {
		if err := leave(ctx, tx, a, file, &models.Message{ID: a.EntryID}); err != nil {
			return nil, err
		}
		row, err := tx.Message(ctx, a.EntryID)
		if err != nil {
			return nil, err
		}
		return s.messages.in(tx).one(ctx, *row)
	})
}

func (s *Retention) detachEntry(ctx context.Context, a models.Attachment, file models.File) error {
	defer s.entries.inOrder(*a.ChannelID)()
	var seq int64
	var event string
	var shown any
	err := s.entries.store.Tx(ctx, func(tx *models.Store) (err error) {
		if a.EntryKind == models.EntryPost {
			seq, shown, err = s.leavePost(ctx, tx, a, file)
			event = wire.EventPostUpdated
		} else {
			seq, shown, err = s.leaveComment(ctx, tx, a, file)
			event = wire.EventCommentUpdated
		}
		return err
	})
	if err == nil {
		s.entries.pub.PublishChange(ChannelTopic(*a.ChannelID), seq, event, shown)
	}
	return err
}

func (s *Retention) leavePost(ctx context.Context, tx *models.Store, a models.Attachment, file models.File) (int64, any, error) {
	if err := leave(ctx, tx, a, file, &models.Post{ID: a.EntryID}); err != nil {
		return 0, nil, err
	}
	row, err := tx.Post(ctx, a.EntryID)
	if err != nil {
		return 0, nil, err
	}
	post, err := (&Posts{s.entries.in(tx)}).one(ctx, *row)
	if err != nil {
		return 0, nil, err
	}
	seq, err := record(ctx, tx, ChannelTopic(row.ChannelID), wire.EventPostUpdated, models.EntryPost, row.ID)
	return seq, post, err
}

func (s *Retention) leaveComment(ctx context.Context, tx *models.Store, a models.Attachment, file models.File) (int64, any, error) {
	if err := leave(ctx, tx, a, file, &models.Comment{ID: a.EntryID}); err != nil {
		return 0, nil, err
	}
	row, err := tx.Comment(ctx, a.EntryID)
	if err != nil {
		return 0, nil, err
	}
	comment, err := (&Comments{s.entries.in(tx)}).one(ctx, *row)
	if err != nil {
		return 0, nil, err
	}
	seq, err := recordComment(ctx, tx, wire.EventCommentUpdated, *row)
	return seq, comment, err
}

// leave deletes the attachment; an entry without text or other files gets the file's name, struck out.
func leave(ctx context.Context, tx *models.Store, a models.Attachment, file models.File, entry any) error {
	left, err := tx.DeleteAttachment(ctx, a)
	if err != nil || left > 0 {
		return err
	}
	return tx.DB(ctx).Model(entry).Where("body = ''").Update("body", "~~"+literally(file.Name)+"~~").Error
}

package services

import (
	"context"
	"errors"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Limits of scheduled posts: how many one person has in a channel, and how far ahead one is published.
const (
	maxScheduled = 100
	publishLeast = time.Minute
	publishMost  = 366 * 24 * time.Hour
	publishBatch = 100
)

const scheduledPost = "scheduled post"

// Scheduled are posts that wait for their time. Only their authors see them.
type Scheduled struct {
	*Entries
	diary
	posts *Posts
}

// NewScheduled prepares it.
func NewScheduled(posts *Posts) *Scheduled {
	return &Scheduled{Entries: posts.Entries, diary: newDiary(), posts: posts}
}

// List gives all of the actor's in a channel, the next one first.
func (s *Scheduled) List(ctx context.Context, actor Actor, channelID string) (*wire.List[wire.ScheduledPost], error) {
	if _, err := Authorize(ctx, s.store, actor, channelID, ActionRead); err != nil {
		return nil, err
	}
	rows, err := s.store.ScheduledPosts(ctx, channelID, actor.UserID)
	if err != nil {
		return nil, err
	}
	items, err := s.wire(ctx, rows...)
	return &wire.List[wire.ScheduledPost]{Items: items}, err
}

// Get gives one of the actor's.
func (s *Scheduled) Get(ctx context.Context, actor Actor, id string) (*wire.ScheduledPost, error) {
	row, err := s.find(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return s.one(ctx, *row)
}

// Create keeps a post until its time and tells whether it is new: a retry with the same client_id gives the first one.
func (s *Scheduled) Create(ctx context.Context, actor Actor, channelID string, req wire.SchedulePostRequest) (*wire.ScheduledPost, bool, error) {
	if _, err := Authorize(ctx, s.store, actor, channelID, ActionPublish); err != nil {
		return nil, false, err
	}
	d, err := checkDraft(req.CreateEntryRequest)
	v := invalid{}
	if domain := (*Error)(nil); errors.As(err, &domain) {
		v = domain.Fields
	}
	row := models.ScheduledPost{ID: models.NewID(), ChannelID: channelID, AuthorID: actor.UserID, Body: d.body, ClientID: d.clientID,
		PublishAt: s.publishAt(v, req.PublishAt), CreatedAt: stamp(s.clock)}
	if err := v.err(); err != nil {
		return nil, false, err
	}
	err = s.store.Tx(ctx, func(tx *models.Store) error { return s.keep(ctx, tx, actor, row, d.fileIDs) })
	if errors.Is(err, models.ErrDuplicate) && d.clientID != nil {
		first, err := s.store.ScheduledPostByClientID(ctx, actor.UserID, *d.clientID)
		if err != nil {
			return nil, false, err
		}
		if first.ChannelID != channelID {
			return nil, false, &Error{Kind: KindConflict, Message: "This client_id was used for a post in another channel."}
		}
		post, err := s.one(ctx, *first)
		return post, false, err
	}
	if err != nil {
		return nil, false, err
	}
	s.Wake()
	post, err := s.one(ctx, row)
	return post, true, err
}

// keep writes a new one with its files, unless its author has too many.
func (s *Scheduled) keep(ctx context.Context, tx *models.Store, actor Actor, row models.ScheduledPost, fileIDs []string) error {
	if err := tx.LockMaker(ctx, actor.UserID); err != nil {
		return err
	}
	if err := tx.DB(ctx).Create(&row).Error; err != nil {
		return err
	}
	if n, err := tx.CountScheduled(ctx, row.ChannelID, actor.UserID); err != nil {
		return err
	} else if n > maxScheduled {
		return &Error{Kind: KindConflict, Message: "You have 100 posts waiting in this channel, and more are not allowed."}
	}
	readable, err := tx.ReadableFiles(ctx, actor.UserID, fileIDs)
	if err != nil {
		return err
	}
	for i, id := range fileIDs {
		if _, ok := readable[id]; !ok {
			return Invalid("file_ids", noSuchFile)
		}
		if err := tx.DB(ctx).Create(&models.ScheduledFile{ScheduledID: row.ID, FileID: id, Position: i}).Error; err != nil {
			return err
		}
	}
	return nil
}

// publishAt checks when a post is to be published.
func (s *Scheduled) publishAt(v invalid, asked wire.Time) time.Time {
	at, now := time.Time(asked).UTC().Truncate(time.Millisecond), s.clock.Now()
	if at.Before(now.Add(publishLeast)) || at.After(now.Add(publishMost)) {
		v["publish_at"] = "It must be between a minute and a year ahead."
	}
	return at
}

// Update changes the fields present; one that could not be published waits again.
func (s *Scheduled) Update(ctx context.Context, actor Actor, id string, req wire.UpdateScheduledPostRequest) (*wire.ScheduledPost, error) {
	row, err := s.find(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if _, err := Authorize(ctx, s.store, actor, row.ChannelID, ActionPublish); err != nil {
		return nil, hide(err, scheduledPost)
	}
	v, changes := invalid{}, map[string]any{}
	if req.Body != nil {
		files, err := s.store.ScheduledFiles(ctx, []string{id})
		if err != nil {
			return nil, err
		}
		changes["body"] = v.entryText(*req.Body, len(files[id]) > 0)
	}
	if req.PublishAt != nil {
		changes["publish_at"] = s.publishAt(v, *req.PublishAt)
	} else if row.Problem != "" {
		v["publish_at"] = "Its time has passed: choose another one."
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	if len(changes) > 0 {
		changes["problem"] = ""
		there, err := s.store.UpdateScheduled(ctx, id, changes)
		if err != nil {
			return nil, err
		}
		if !there {
			return nil, NotFound(scheduledPost)
		}
		s.Wake()
	}
	return s.Get(ctx, actor, id)
}

// Delete gives one up.
func (s *Scheduled) Delete(ctx context.Context, actor Actor, id string) error {
	if _, err := s.find(ctx, actor, id); err != nil {
		return err
	}
	return s.store.DeleteScheduled(ctx, id)
}

// find gives one of the actor's, also in a channel that the actor has left.
func (s *Scheduled) find(ctx context.Context, actor Actor, id string) (*models.ScheduledPost, error) {
	row, err := s.store.ScheduledPost(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && row.AuthorID != actor.UserID {
		return nil, NotFound(scheduledPost)
	}
	return row, err
}

func (s *Scheduled) one(ctx context.Context, row models.ScheduledPost) (*wire.ScheduledPost, error) {
	posts, err := s.wire(ctx, row)
	if err != nil {
		return nil, err
	}
	return &posts[0], nil
}

func (s *Scheduled) wire(ctx context.Context, rows ...models.ScheduledPost) ([]wire.ScheduledPost, error) {
	ids, posts := make([]string, len(rows)), make([]wire.ScheduledPost, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	files, err := s.store.ScheduledFiles(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		posts[i] = wire.ScheduledPost{ID: r.ID, ChannelID: r.ChannelID, Body: r.Body, Files: make([]wire.File, len(files[r.ID])),
			PublishAt: wire.At(r.PublishAt), Problem: r.Problem, CreatedAt: wire.At(r.CreatedAt)}
		for j, f := range files[r.ID] {
			posts[i].Files[j] = s.files.wire(f)
		}
	}
	return posts, nil
}

// Run publishes posts at their times until ctx ends. What came due while the program was not running is published at once.
func (s *Scheduled) Run(ctx context.Context, did Did) {
	s.follow(ctx, s.clock, did, s.PublishDue, s.store.NextScheduled)
}

// PublishDue publishes what is due.
func (s *Scheduled) PublishDue(ctx context.Context) error {
	for {
		rows, err := s.store.DueScheduled(ctx, s.clock.Now(), publishBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := s.publish(ctx, row); err != nil {
				return err
			}
		}
	}
}

// errTaken tells that a scheduled post was published by another server, changed or given up in this moment.
var errTaken = errors.New("the scheduled post is not as it was")

// publish makes one a post, in the transaction that removes it: exactly once, whatever happens. A refusal is kept as its
// problem.
func (s *Scheduled) publish(ctx context.Context, row models.ScheduledPost) error {
	err := s.tryPublish(ctx, row)
	var refused *Error
	switch {
	case errors.Is(err, errTaken):
		return nil
	case isKind(err, KindNotFound):
		refused = &Error{Message: "You are no longer a member of this channel."}
	case !errors.As(err, &refused):
		return err
	}
	sentence := refused.Message
	for _, reason := range refused.Fields {
		sentence = reason
	}
	_, err = s.store.UpdateScheduled(ctx, row.ID, map[string]any{"problem": sentence})
	return err
}

func (s *Scheduled) tryPublish(ctx context.Context, row models.ScheduledPost) error {
	actor := Actor{UserID: row.AuthorID}
	author, err := s.store.User(ctx, row.AuthorID)
	if err != nil {
		return err
	}
	if author.DisabledAt != nil || author.DeletedAt != nil {
		return Forbidden("Your account was closed.")
	}
	member, err := Authorize(ctx, s.store, actor, row.ChannelID, ActionPublish)
	if err != nil {
		return err
	}
	files, err := s.store.ScheduledFiles(ctx, []string{row.ID})
	if err != nil {
		return err
	}
	d := draft{body: row.Body, clientID: &row.ID} // so the author's windows know what became of it
	for _, f := range files[row.ID] {
		d.fileIDs = append(d.fileIDs, f.ID)
	}
	_, _, err = s.posts.write(ctx, actor, member, d, func(tx *models.Store) error {
		if taken, err := tx.TakeScheduled(ctx, row); err != nil || taken {
			return err
		}
		return errTaken
	})
	return err
}

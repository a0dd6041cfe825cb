package services

import (
	"context"
	"errors"

	"lectern/internal/wire"
	"lectern/models"
)

// Comments are the replies under a post.
type Comments struct{ *Entries }

// NewComments prepares it.
func NewComments(entries *Entries) *Comments { return &Comments{entries} }

// List gives a page of a post's comments, the oldest first unless the page says otherwise; with around, an id, those around
// that comment.
func (s *Comments) List(ctx context.Context, actor Actor, postID string, page models.Page, around string) (*wire.List[wire.Comment], error) {
	if _, _, err := s.findPost(ctx, actor, postID); err != nil {
		return nil, err
	}
	rows, next, err := s.page(ctx, postID, page, around)
	if err != nil {
		return nil, err
	}
	items, err := s.wire(ctx, rows...)
	return &wire.List[wire.Comment]{Items: items, NextCursor: next}, err
}

func (s *Comments) page(ctx context.Context, postID string, page models.Page, around string) ([]models.Comment, *string, error) {
	if around == "" {
		return s.store.Comments(ctx, postID, page)
	}
	middle, err := s.store.Comment(ctx, around)
	if errors.Is(err, models.ErrNotFound) || err == nil && middle.PostID != postID {
		return nil, nil, NotFound("comment")
	}
	if err != nil {
		return nil, nil, err
	}
	return s.store.CommentsAround(ctx, postID, middle.ID, page.Limit)
}

// Create writes a comment and tells whether it is new: a retry with the same client_id gives the first one.
func (s *Comments) Create(ctx context.Context, actor Actor, postID string, req wire.CreateEntryRequest) (*wire.Comment, bool, error) {
	post, member, err := s.findPost(ctx, actor, postID)
	if err != nil {
		return nil, false, err
	}
	if err := allow(member, ActionPost); err != nil {
		return nil, false, err
	}
	d, err := checkDraft(req)
	if err != nil {
		return nil, false, err
	}
	return s.write(ctx, actor, member, post, d, nil, nil)
}

// write adds a checked comment, at a moment if there is one; before, if there is one, is the first step of its transaction.
func (s *Comments) write(ctx context.Context, actor Actor, member *models.Member, post *models.Post, d draft, m *wire.Moment,
	before func(tx *models.Store) error) (*wire.Comment, bool, error) {
	postID := post.ID
	defer s.inOrder(post.ChannelID)()
	row := models.Comment{ID: models.NewID(), PostID: postID, ChannelID: post.ChannelID, AuthorID: actor.UserID, Body: d.body,
		ClientID: d.clientID, CreatedAt: stamp(s.clock)}
	if m != nil {
		row.MomentKey, row.MomentT = &m.Key, &m.T
	}
	note := entryNote{kind: models.NotifyComment, channelID: post.ChannelID, postID: postID, commentID: row.ID, author: actor,
		teacher: Teaches(member.Role), mentions: mentionsIn(d.body)}
	if post.MeetingID == nil { // nobody wrote that one
		note.replyTo = post.AuthorID
	}
	var seq int64
	var comment *wire.Comment
	var tell func()
	err := s.store.Tx(ctx, func(tx *models.Store) error {
		if before != nil {
			if err := before(tx); err != nil {
				return err
			}
		}
		if _, err := tx.Post(ctx, postID); err != nil { // it may be gone since
			return err
		}
		if err := tx.DB(ctx).Create(&row).Error; errors.Is(err, models.ErrReference) {
			return NotFound("post")
		} else if err != nil {
			return err
		}
		chat, err := chatIn(ctx, tx, post, member) // after the row, so that a retry of what was written before finds that
		if err != nil {
			return err
		}
		if chat { // only who is called by name is told: the others are there, or read it afterwards
			note.kind = ""
		}
		err = attach(ctx, tx, actor, models.Attachment{EntryKind: models.EntryComment, EntryID: row.ID, ChannelID: &post.ChannelID}, d.fileIDs)
		if err == nil {
			comment, err = (&Comments{s.in(tx)}).one(ctx, row)
		}
		if err == nil {
			tell, err = s.notify(ctx, tx, note)
		}
		if err == nil {
			seq, err = recordComment(ctx, tx, wire.EventCommentCreated, row)
		}
		if err == nil { // archived, or sent out, in this moment
			_, err = Authorize(ctx, tx, actor, post.ChannelID, ActionPost)
		}
		return err
	})
	if errors.Is(err, models.ErrDuplicate) && d.clientID != nil {
		comment, err := s.first(ctx, actor, postID, *d.clientID)
		return comment, false, err
	}
	if err != nil {
		s.doubts.note(err, actor.UserID, d.clientID)
		return nil, false, err
	}
	s.pub.PublishChange(ChannelTopic(post.ChannelID), seq, wire.EventCommentCreated, comment)
	tell()
	return comment, true, nil
}

// first finds the comment that an earlier try made.
func (s *Comments) first(ctx context.Context, actor Actor, postID, clientID string) (*wire.Comment, error) {
	row, err := s.store.CommentByClientID(ctx, actor.UserID, clientID)
	if err != nil {
		return nil, err
	}
	if row.PostID != postID {
		return nil, &Error{Kind: KindConflict, Message: "This client_id was used for a comment under another post."}
	}
	comment, err := s.one(ctx, *row)
	if err != nil {
		return nil, err
	}
	topic := ChannelTopic(row.ChannelID)
	return comment, s.resolve(ctx, actor.UserID, &clientID, []string{topic}, models.Change{Scope: topic, Type: wire.EventCommentCreated, EntityKind: models.EntryComment,
		EntityID: commentKey(row.PostID, row.ID)}, comment)
}

// Update changes the text; only the author may.
func (s *Comments) Update(ctx context.Context, actor Actor, id string, req wire.UpdateCommentRequest) (*wire.Comment, error) {
	row, member, err := s.findComment(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if err := allow(member, ActionPost); err != nil {
		return nil, err
	}
	if row.AuthorID != actor.UserID {
		return nil, Forbidden("Only the author can edit a comment.")
	}
	defer s.inOrder(row.ChannelID)()
	if row, _, err = s.findComment(ctx, actor, id); err != nil { // as it is now that nobody else changes it
		return nil, err
	}
	if post, err := s.store.Post(ctx, row.PostID); err != nil {
		return nil, err
	} else if _, err := chatIn(ctx, s.store, post, member); err != nil {
		return nil, err
	}
	comment, err := s.one(ctx, *row)
	if err != nil {
		return nil, err
	}
	v := invalid{}
	body := v.entryText(req.Body, len(comment.Files) > 0)
	if err := v.err(); err != nil || body == comment.Body {
		return comment, err
	}
	edited := stamp(s.clock)
	note := entryNote{channelID: row.ChannelID, postID: row.PostID, commentID: id, author: actor, teacher: Teaches(member.Role),
		mentions: mentionsIn(body).since(mentionsIn(row.Body)), edited: true}
	var seq int64
	var tell func()
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		res := tx.DB(ctx).Model(&models.Comment{}).Where("id = ?", id).Updates(map[string]any{"body": body, "edited_at": edited})
		if res.Error == nil && res.RowsAffected == 0 { // deleted in this moment, by another server
			return NotFound("comment")
		}
		err := res.Error
		if err == nil {
			tell, err = s.notify(ctx, tx, note)
		}
		if err == nil {
			seq, err = recordComment(ctx, tx, wire.EventCommentUpdated, *row)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	comment.Body, comment.EditedAt = body, wire.AtPtr(&edited)
	s.pub.PublishChange(ChannelTopic(comment.ChannelID), seq, wire.EventCommentUpdated, comment)
	tell()
	return comment, nil
}

// Delete removes a comment. The author may, and teachers.
func (s *Comments) Delete(ctx context.Context, actor Actor, id string) error {
	row, member, err := s.findComment(ctx, actor, id)
	if err != nil {
		return err
	}
	if err := allow(member, ActionPost); err != nil {
		return err
	}
	if row.AuthorID != actor.UserID && !Can(member.Role, ActionModerate) {
		return Forbidden("Only the author and teachers can delete a comment.")
	}
	return s.remove(ctx, row)
}

// remove deletes a comment; it checks no permission.
func (s *Comments) remove(ctx context.Context, row *models.Comment) error {
	defer s.inOrder(row.ChannelID)()
	id := row.ID
	var seq int64
	var tell func()
	err := s.store.Tx(ctx, func(tx *models.Store) (err error) {
		if tell, err = s.notifier.Forget(ctx, tx, models.EntryComment, id); err != nil { // before its foreign keys do
			return err
		}
		deleted, err := tx.DeleteComment(ctx, id)
		if err == nil && !deleted {
			err = models.ErrNotFound
		}
		if err == nil {
			seq, err = recordComment(ctx, tx, wire.EventCommentDeleted, *row)
		}
		return err
	})
	if errors.Is(err, models.ErrNotFound) { // somebody else was faster
		return nil
	}
	if err != nil {
		return err
	}
	s.pub.PublishChange(ChannelTopic(row.ChannelID), seq, wire.EventCommentDeleted, wire.Deleted{ID: id, ChannelID: row.ChannelID, PostID: row.PostID})
	tell()
	return nil
}

// findComment gives a comment that the actor may read, and the actor's membership of its channel.
func (e *Entries) findComment(ctx context.Context, actor Actor, id string) (*models.Comment, *models.Member, error) {
	row, err := e.store.Comment(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil, NotFound("comment")
	}
	if err != nil {
		return nil, nil, err
	}
	member, err := Authorize(ctx, e.store, actor, row.ChannelID, ActionRead)
	return row, member, hide(err, "comment")
}

func (s *Comments) one(ctx context.Context, row models.Comment) (*wire.Comment, error) {
	comments, err := s.wire(ctx, row)
	if err != nil {
		return nil, err
	}
	return &comments[0], nil
}

func (s *Comments) wire(ctx context.Context, rows ...models.Comment) ([]wire.Comment, error) {
	comments := make([]wire.Comment, len(rows))
	if len(rows) == 0 {
		return comments, nil
	}
	ids, authors := make([]string, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		ids[i], authors[i] = r.ID, r.AuthorID
	}
	parts, err := s.parts(ctx, models.EntryComment, ids, authors)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		comments[i] = wire.Comment{ID: r.ID, PostID: r.PostID, ChannelID: r.ChannelID, Author: parts.authors[r.AuthorID], Body: r.Body,
			Files: parts.files[r.ID], Reactions: parts.reactions[r.ID], ClientID: r.ClientID,
			CreatedAt: wire.At(r.CreatedAt), EditedAt: wire.AtPtr(r.EditedAt)}
		if r.MomentKey != nil && r.MomentT != nil {
			comments[i].Moment = &wire.Moment{Key: *r.MomentKey, T: *r.MomentT}
		}
	}
	return comments, nil
}

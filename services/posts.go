package services

import (
	"cmp"
	"context"
	"errors"

	"lectern/internal/wire"
	"lectern/models"
)

// Posts are the top-level entries of a channel.
type Posts struct{ *Entries }

// NewPosts prepares it.
func NewPosts(entries *Entries) *Posts { return &Posts{entries} }

// PostsAsked says which posts of a channel are asked for: a page of all, or of those pinned, or those around one.
type PostsAsked struct {
	models.Page
	Around string
	Pinned bool
}

// List gives a page of a channel's posts, the newest first unless the page says otherwise.
func (p *Posts) List(ctx context.Context, actor Actor, channelID string, asked PostsAsked) (*wire.List[wire.Post], error) {
	if _, err := Authorize(ctx, p.store, actor, channelID, ActionRead); err != nil {
		return nil, err
	}
	var rows []models.Post
	var next *string
	var err error
	switch {
	case asked.Around != "":
		var middle *models.Post
		if middle, err = p.store.Post(ctx, asked.Around); errors.Is(err, models.ErrNotFound) || err == nil && middle.ChannelID != channelID {
			return nil, NotFound("post")
		} else if err == nil {
			rows, next, err = p.store.PostsAround(ctx, channelID, middle.ID, asked.Limit)
		}
	case asked.Pinned:
		rows, next, err = p.store.PinnedPosts(ctx, channelID, asked.Page)
	default:
		rows, next, err = p.store.Posts(ctx, channelID, asked.Page)
	}
	if err != nil {
		return nil, err
	}
	items, err := p.wire(ctx, rows...)
	return &wire.List[wire.Post]{Items: items, NextCursor: next}, err
}

// Get gives one post.
func (p *Posts) Get(ctx context.Context, actor Actor, id string) (*wire.Post, error) {
	row, _, err := p.findPost(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return p.one(ctx, *row)
}

// Create writes a post and tells whether it is new: a retry with the same client_id gives the first one.
func (p *Posts) Create(ctx context.Context, actor Actor, channelID string, req wire.CreateEntryRequest) (*wire.Post, bool, error) {
	member, err := Authorize(ctx, p.store, actor, channelID, ActionPublish)
	if err != nil {
		return nil, false, err
	}
	d, err := checkDraft(req)
	if err != nil {
		return nil, false, err
	}
	return p.write(ctx, actor, member, d, nil)
}

// write adds a checked post of a member; before, if there is one, is the first step of its transaction.
func (p *Posts) write(ctx context.Context, actor Actor, member *models.Member, d draft, before func(tx *models.Store) error) (*wire.Post, bool, error) {
	channelID := member.ChannelID
	defer p.inOrder(channelID)()
	row := models.Post{ID: models.NewID(), ChannelID: channelID, AuthorID: actor.UserID, Body: d.body, ClientID: d.clientID, CreatedAt: stamp(p.clock)}
	var seq int64
	var post *wire.Post
	var tell func()
	err := p.store.Tx(ctx, func(tx *models.Store) (err error) {
		if before != nil {
			if err := before(tx); err != nil {
				return err
			}
		}
		if err := tx.DB(ctx).Create(&row).Error; err != nil {
			return err
		}
		if err := attach(ctx, tx, actor, models.Attachment{EntryKind: models.EntryPost, EntryID: row.ID, ChannelID: &channelID}, d.fileIDs); err != nil {
			return err
		}
		if post, err = (&Posts{p.in(tx)}).one(ctx, row); err != nil {
			return err
		}
		tell, err = p.notify(ctx, tx, entryNote{kind: models.NotifyPost, channelID: channelID, postID: row.ID, author: actor,
			teacher: Teaches(member.Role), mentions: mentionsIn(d.body)})
		if err != nil {
			return err
		}
		if seq, err = record(ctx, tx, ChannelTopic(channelID), wire.EventPostCreated, models.EntryPost, row.ID); err != nil {
			return err
		}
		_, err = Authorize(ctx, tx, actor, channelID, ActionPublish) // archived, or sent out, in this moment
		return err
	})
	if errors.Is(err, models.ErrDuplicate) && d.clientID != nil {
		post, err := p.first(ctx, actor, channelID, *d.clientID)
		return post, false, err
	}
	if err != nil {
		p.doubts.note(err, actor.UserID, d.clientID)
		return nil, false, err
	}
	p.pub.PublishChange(ChannelTopic(channelID), seq, wire.EventPostCreated, post)
	tell()
	return post, true, nil
}

// first finds the post that an earlier try made.
func (p *Posts) first(ctx context.Context, actor Actor, channelID, clientID string) (*wire.Post, error) {
	row, err := p.store.PostByClientID(ctx, actor.UserID, clientID)
	if err != nil {
		return nil, err
	}
	if row.ChannelID != channelID {
		return nil, &Error{Kind: KindConflict, Message: "This client_id was used for a post in another channel."}
	}
	post, err := p.one(ctx, *row)
	if err != nil {
		return nil, err
	}
	topic := ChannelTopic(channelID)
	return post, p.resolve(ctx, actor.UserID, &clientID, []string{topic}, models.Change{Scope: topic, Type: wire.EventPostCreated, EntityKind: models.EntryPost, EntityID: row.ID}, post)
}

// Update changes the text, which only the author may, or the pin, which only teachers may.
func (p *Posts) Update(ctx context.Context, actor Actor, id string, req wire.UpdatePostRequest) (*wire.Post, error) {
	row, member, err := p.findPost(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if err := allow(member, ActionPost); err != nil {
		return nil, err
	}
	if req.Body != nil && row.AuthorID != actor.UserID {
		return nil, Forbidden("Only the author can edit a post.")
	}
	if req.Pinned != nil && !Can(member.Role, ActionModerate) {
		return nil, Forbidden("Only teachers can pin a post.")
	}
	defer p.inOrder(row.ChannelID)()
	post, err := p.Get(ctx, actor, id) // as it is now that nobody else changes it
	if err != nil {
		return nil, err
	}
	changes, mentioned := map[string]any{}, mentions{}
	if req.Body != nil {
		v := invalid{}
		body := v.entryText(*req.Body, len(post.Files) > 0)
		if err := v.err(); err != nil {
			return nil, err
		}
		if body != post.Body {
			edited := stamp(p.clock)
			changes["body"], changes["edited_at"] = body, edited
			mentioned = mentionsIn(body).since(mentionsIn(post.Body))
			post.Body, post.EditedAt = body, wire.AtPtr(&edited)
		}
	}
	if req.Pinned != nil && *req.Pinned != post.Pinned {
		changes["pinned"] = *req.Pinned
		post.Pinned = *req.Pinned
	}
	if len(changes) == 0 {
		return post, nil
	}
	var seq int64
	var tell func()
	err = p.store.Tx(ctx, func(tx *models.Store) error {
		res := tx.DB(ctx).Model(&models.Post{}).Where("id = ?", id).Updates(changes)
		if res.Error == nil && res.RowsAffected == 0 { // deleted in this moment, by another server
			return NotFound("post")
		}
		if res.Error != nil {
			return res.Error
		}
		tell, err = p.notify(ctx, tx, entryNote{channelID: post.ChannelID, postID: id, author: actor, teacher: Teaches(member.Role),
			mentions: mentioned, edited: true})
		if err == nil {
			seq, err = record(ctx, tx, ChannelTopic(post.ChannelID), wire.EventPostUpdated, models.EntryPost, id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	p.pub.PublishChange(ChannelTopic(post.ChannelID), seq, wire.EventPostUpdated, post)
	tell()
	return post, nil
}

// Delete removes a post with its comments. The author may, and teachers.
func (p *Posts) Delete(ctx context.Context, actor Actor, id string) error {
	row, member, err := p.findPost(ctx, actor, id)
	if err != nil {
		return err
	}
	if err := allow(member, ActionPost); err != nil {
		return err
	}
	if row.AuthorID != actor.UserID && !Can(member.Role, ActionModerate) {
		return Forbidden("Only the author and teachers can delete a post.")
	}
	return p.remove(ctx, row, func(*models.Store) (bool, error) { return true, nil })
}

// remove deletes a post with its comments if it still should be; it checks no permission.
func (p *Posts) remove(ctx context.Context, row *models.Post, should func(tx *models.Store) (bool, error)) error {
	defer p.inOrder(row.ChannelID)()
	id := row.ID
	var seq int64
	var tell func()
	err := p.store.Tx(ctx, func(tx *models.Store) (err error) {
		if still, err := should(tx); err != nil || !still {
			return cmp.Or(err, models.ErrNotFound)
		}
		if tell, err = p.notifier.Forget(ctx, tx, models.EntryPost, id); err != nil { // before its foreign keys do
			return err
		}
		deleted, err := tx.DeletePost(ctx, id)
		if err == nil && !deleted {
			err = models.ErrNotFound
		}
		if err == nil {
			seq, err = record(ctx, tx, ChannelTopic(row.ChannelID), wire.EventPostDeleted, models.EntryPost, id)
		}
		return err
	})
	if errors.Is(err, models.ErrNotFound) { // somebody else was faster, or it is to stay
		return nil
	}
	if err != nil {
		return err
	}
	p.pub.PublishChange(ChannelTopic(row.ChannelID), seq, wire.EventPostDeleted, wire.Deleted{ID: id, ChannelID: row.ChannelID})
	tell()
	return nil
}

// findPost gives a post that the actor may read, and the actor's membership of its channel.
func (e *Entries) findPost(ctx context.Context, actor Actor, id string) (*models.Post, *models.Member, error) {
	row, err := e.store.Post(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil, NotFound("post")
	}
	if err != nil {
		return nil, nil, err
	}
	member, err := Authorize(ctx, e.store, actor, row.ChannelID, ActionRead)
	return row, member, hide(err, "post")
}

func (p *Posts) one(ctx context.Context, row models.Post) (*wire.Post, error) {
	posts, err := p.wire(ctx, row)
	if err != nil {
		return nil, err
	}
	return &posts[0], nil
}

func (p *Posts) wire(ctx context.Context, rows ...models.Post) ([]wire.Post, error) {
	posts := make([]wire.Post, len(rows))
	if len(rows) == 0 {
		return posts, nil
	}
	ids, authors := make([]string, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		ids[i], authors[i] = r.ID, r.AuthorID
	}
	parts, err := p.parts(ctx, models.EntryPost, ids, authors)
	if err != nil {
		return nil, err
	}
	counts, err := p.store.CommentCounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	meetings, err := summaries(ctx, p.store, rows)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		posts[i] = wire.Post{ID: r.ID, ChannelID: r.ChannelID, Author: parts.authors[r.AuthorID], Body: r.Body, Files: parts.files[r.ID],
			Reactions: parts.reactions[r.ID], CommentCount: counts[r.ID], Pinned: r.Pinned, ClientID: r.ClientID,
			CreatedAt: wire.At(r.CreatedAt), EditedAt: wire.AtPtr(r.EditedAt)}
		if set(&posts[i].MeetingID, r.MeetingID); r.MeetingID != nil {
			posts[i].Meeting = meetings[*r.MeetingID]
		}
	}
	return posts, nil
}

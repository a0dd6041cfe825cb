package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Kinds of an entry, as reactions and attachments name them.
const (
	EntryPost    = "post"
	EntryComment = "comment"
	EntryMessage = "message"
)

// Post is a top-level entry of a channel.
type Post struct {
	ID        string `gorm:"primaryKey"`
	ChannelID string
	AuthorID  string
	Body      string
	Pinned    bool
	MeetingID *string // of the one post that a meeting's questions gather under
	ClientID  *string // unique with AuthorID
	CreatedAt time.Time
	EditedAt  *time.Time
}

// Comment is a reply under a post. ChannelID repeats the post's, for unread counts and access.
type Comment struct {
	ID        string `gorm:"primaryKey"`
	PostID    string
	ChannelID string
	AuthorID  string
	Body      string
	MomentKey *string  // of the item that the meeting watched
	MomentT   *float64 // seconds into it
	ClientID  *string  // unique with AuthorID
	CreatedAt time.Time
	EditedAt  *time.Time
}

// Reaction is one user's emoji under an entry.
type Reaction struct {
	EntryKind string `gorm:"primaryKey"` // "post", "comment" or "message"
	EntryID   string `gorm:"primaryKey"`
	UserID    string `gorm:"primaryKey"`
	Emoji     string `gorm:"primaryKey"`
	CreatedAt time.Time
}

// Post finds a post by id.
func (s *Store) Post(ctx context.Context, id string) (*Post, error) {
	var row Post
	err := s.DB(ctx).First(&row, "id = ?", id).Error
	return &row, err
}

// PostByClientID finds the post that an author made with a client id.
func (s *Store) PostByClientID(ctx context.Context, authorID, clientID string) (*Post, error) {
	var row Post
	err := s.DB(ctx).First(&row, "author_id = ? AND client_id = ?", authorID, clientID).Error
	return &row, err
}

// MeetingPost finds the post that a meeting's questions gather under.
func (s *Store) MeetingPost(ctx context.Context, meetingID string) (*Post, error) {
	var row Post
	err := s.DB(ctx).First(&row, "meeting_id = ?", meetingID).Error
	return &row, err
}

// Moments lists the newest comments of a post that point at a moment, the oldest of them first.
func (s *Store) Moments(ctx context.Context, postID string, limit int) ([]Comment, error) {
	var rows []Comment
	err := s.DB(ctx).Where("post_id = ? AND moment_key IS NOT NULL", postID).Order("id DESC").Limit(limit).Find(&rows).Error
	slices.Reverse(rows)
	return rows, err
}

// Posts lists a page of a channel's posts, the newest first unless the page says otherwise.
func (s *Store) Posts(ctx context.Context, channelID string, page Page) ([]Post, *string, error) {
	var rows []Post
	err := s.DB(ctx).Scopes(page.In("channel_id", channelID, true)).Find(&rows).Error
	rows, next := Cut(page, rows, func(p Post) string { return p.ID })
	return rows, next, err
}

// PinnedPosts lists a page of those that are pinned.
func (s *Store) PinnedPosts(ctx context.Context, channelID string, page Page) ([]Post, *string, error) {
	var rows []Post
	err := s.DB(ctx).Where("pinned").Scopes(page.In("channel_id", channelID, true)).Find(&rows).Error
	rows, next := Cut(page, rows, func(p Post) string { return p.ID })
	return rows, next, err
}

// PostsAround lists the posts of a channel around one, the newest first.
func (s *Store) PostsAround(ctx context.Context, channelID, id string, limit int) ([]Post, *string, error) {
	return Around(func() *gorm.DB { return s.DB(ctx).Where("channel_id = ?", channelID) }, id, limit, true, func(p Post) string { return p.ID })
}

// CommentsAround lists the comments of a post around one, the oldest first.
func (s *Store) CommentsAround(ctx context.Context, postID, id string, limit int) ([]Comment, *string, error) {
	return Around(func() *gorm.DB { return s.DB(ctx).Where("post_id = ?", postID) }, id, limit, false, func(c Comment) string { return c.ID })
}

// MentionCounts tells for each of a user's channels how many unread entries mention the user.
func (s *Store) MentionCounts(ctx context.Context, userID string) (map[string]int, error) {
	var rows []struct {
		ChannelID string
		N         int
	}
	err := s.DB(ctx).Raw(`SELECT m.channel_id, count(DISTINCT n.entity_id) AS n FROM members m
		JOIN notifications n ON n.user_id = m.user_id AND n.channel_id = m.channel_id
			AND n.kind IN ('mention', 'mention_all') AND n.entity_id > COALESCE(m.last_read_id, '')
		WHERE m.user_id = ? GROUP BY m.channel_id`, userID).Scan(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.ChannelID] = min(r.N, MaxUnread)
	}
	return counts, err
}

// DeletePost removes a post with its comments and everything tied to them, and tells whether it was there.
func (s *Store) DeletePost(ctx context.Context, id string) (deleted bool, err error) {
	err = s.Tx(ctx, func(tx *Store) error {
		comments := tx.DB(ctx).Model(&Comment{}).Select("id").Where("post_id = ?", id)
		for _, row := range []any{&Reaction{}, &Attachment{}} {
			if err := tx.DB(ctx).Where("entry_kind = ? AND entry_id IN (?)", EntryComment, comments).Delete(row).Error; err != nil {
				return err
			}
			if err := tx.DB(ctx).Where("entry_kind = ? AND entry_id = ?", EntryPost, id).Delete(row).Error; err != nil {
				return err
			}
		}
		res := tx.DB(ctx).Delete(&Post{}, "id = ?", id) // the comments go by their foreign key
		deleted = res.RowsAffected == 1
		return res.Error
	})
	return deleted, err
}

// Comment finds a comment by id.
func (s *Store) Comment(ctx context.Context, id string) (*Comment, error) {
	var row Comment
	err := s.DB(ctx).First(&row, "id = ?", id).Error
	return &row, err
}

// CommentByClientID finds the comment that an author made with a client id.
func (s *Store) CommentByClientID(ctx context.Context, authorID, clientID string) (*Comment, error) {
	var row Comment
	err := s.DB(ctx).First(&row, "author_id = ? AND client_id = ?", authorID, clientID).Error
	return &row, err
}

// Comments lists a page of a post's comments, the oldest first unless the page says otherwise.
func (s *Store) Comments(ctx context.Context, postID string, page Page) ([]Comment, *string, error) {
	var rows []Comment
	err := s.DB(ctx).Scopes(page.In("post_id", postID, false)).Find(&rows).Error
	rows, next := Cut(page, rows, func(c Comment) string { return c.ID })
	return rows, next, err
}

// DeleteComment removes a comment with everything tied to it, and tells whether it was there.
func (s *Store) DeleteComment(ctx context.Context, id string) (deleted bool, err error) {
	err = s.Tx(ctx, func(tx *Store) error {
		for _, row := range []any{&Reaction{}, &Attachment{}} {
			if err := tx.DB(ctx).Where("entry_kind = ? AND entry_id = ?", EntryComment, id).Delete(row).Error; err != nil {
				return err
			}
		}
		res := tx.DB(ctx).Delete(&Comment{}, "id = ?", id)
		deleted = res.RowsAffected == 1
		return res.Error
	})
	return deleted, err
}

// CommentCounts counts the comments under each of some posts; a post without any is missing from the answer.
func (s *Store) CommentCounts(ctx context.Context, postIDs []string) (map[string]int, error) {
	var rows []struct {
		PostID string
		N      int
	}
	err := s.DB(ctx).Model(&Comment{}).Select("post_id, count(*) AS n").Where("post_id IN ?", postIDs).Group("post_id").Find(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.PostID] = r.N
	}
	return counts, err
}

// Reactions lists the reactions of some entries by entry id, in the order they were made.
func (s *Store) Reactions(ctx context.Context, kind string, entryIDs []string) (map[string][]Reaction, error) {
	var rows []Reaction
	err := s.DB(ctx).Where("entry_kind = ? AND entry_id IN ?", kind, entryIDs).Order("created_at, emoji, user_id").Find(&rows).Error
	byEntry := make(map[string][]Reaction)
	for _, r := range rows {
		byEntry[r.EntryID] = append(byEntry[r.EntryID], r)
	}
	return byEntry, err
}

// AddReaction stores a reaction and tells whether it is new.
func (s *Store) AddReaction(ctx context.Context, r Reaction) (bool, error) {
	res := s.DB(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&r)
	return res.RowsAffected == 1, res.Error
}

// RemoveReaction deletes a reaction and tells whether it was there.
func (s *Store) RemoveReaction(ctx context.Context, r Reaction) (bool, error) {
	res := s.DB(ctx).Delete(&r) // by the whole primary key
	return res.RowsAffected == 1, res.Error
}

// IsEntry tells whether an id is that of a post or comment of a channel.
func (s *Store) IsEntry(ctx context.Context, channelID, id string) (bool, error) {
	var found bool
	err := s.DB(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM posts WHERE id = @id AND channel_id = @channel)
		OR EXISTS (SELECT 1 FROM comments WHERE id = @id AND channel_id = @channel)`,
		map[string]any{"id": id, "channel": channelID}).Scan(&found).Error
	return found, err
}

// MarkRead moves a member's read mark forward and tells whether it moved.
func (s *Store) MarkRead(ctx context.Context, channelID, userID, upTo string) (bool, error) {
	res := s.DB(ctx).Model(&Member{}).
		Where("channel_id = ? AND user_id = ? AND (last_read_id IS NULL OR last_read_id < ?)", channelID, userID, upTo).
		Update("last_read_id", upTo)
	return res.RowsAffected == 1, res.Error
}

// MaxUnread is where counting stops.
const MaxUnread = 999

// UnreadCounts tells for each of a user's channels how many posts and comments by others are newer than the user's read
// mark, at most MaxUnread.
func (s *Store) UnreadCounts(ctx context.Context, userID string) (map[string]int, error) {
	// The limits within let each index range be read no further than needed; for the pairs see Page.In.
	var rows []struct {
		ChannelID string
		N         int
	}
	err := s.DB(ctx).Raw(`SELECT m.channel_id,
		(SELECT count(*) FROM (SELECT 1 FROM posts p
			WHERE (p.channel_id, p.id) > (m.channel_id, COALESCE(m.last_read_id, '')) AND (p.channel_id, p.id) < (m.channel_id, @end)
			AND p.author_id <> m.user_id ORDER BY p.channel_id, p.id LIMIT @max) AS p) +
		(SELECT count(*) FROM (SELECT 1 FROM comments c
			WHERE (c.channel_id, c.id) > (m.channel_id, COALESCE(m.last_read_id, '')) AND (c.channel_id, c.id) < (m.channel_id, @end)
			AND c.author_id <> m.user_id ORDER BY c.channel_id, c.id LIMIT @max) AS c) AS n
		FROM members m WHERE m.user_id = @user`, map[string]any{"user": userID, "max": MaxUnread, "end": afterAllIDs}).Scan(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.ChannelID] = min(r.N, MaxUnread)
	}
	return counts, err
}

// LatestEntries gives the newest post or comment of each of a user's channels that has any.
func (s *Store) LatestEntries(ctx context.Context, userID string) (map[string]*string, error) {
	var rows []struct {
		ChannelID     string
		Post, Comment *string
	}
	err := s.DB(ctx).Raw(`SELECT m.channel_id,
		(SELECT p.id FROM posts p WHERE (p.channel_id, p.id) > (m.channel_id, '') AND (p.channel_id, p.id) < (m.channel_id, @end)
			ORDER BY p.channel_id DESC, p.id DESC LIMIT 1) AS post,
		(SELECT c.id FROM comments c WHERE (c.channel_id, c.id) > (m.channel_id, '') AND (c.channel_id, c.id) < (m.channel_id, @end)
			ORDER BY c.channel_id DESC, c.id DESC LIMIT 1) AS comment
		FROM members m WHERE m.user_id = @user`, map[string]any{"user": userID, "end": afterAllIDs}).Scan(&rows).Error
	latest := make(map[string]*string, len(rows))
	for _, r := range rows {
		if r.Post == nil || (r.Comment != nil && *r.Comment > *r.Post) {
			r.Post = r.Comment
		}
		if r.Post != nil {
			latest[r.ChannelID] = r.Post
		}
	}
	return latest, err
}

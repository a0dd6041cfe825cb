package models

import (
	"context"
	"time"
)

// FoundEntry is a post, a comment or a message as search reads it.
type FoundEntry struct {
	ID        string
	Scope     string // its channel or conversation
	PostID    string // of a comment
	AuthorID  string
	Body      string
	CreatedAt time.Time
}

var foundEntry = map[string]string{
	EntryPost:    "SELECT id, channel_id AS scope, '' AS post_id, author_id, body, created_at FROM posts WHERE id IN ?",
	EntryComment: "SELECT id, channel_id AS scope, post_id, author_id, body, created_at FROM comments WHERE id IN ?",
	EntryMessage: "SELECT id, conversation_id AS scope, '' AS post_id, author_id, body, created_at FROM messages WHERE deleted_at IS NULL AND id IN ?",
}

// FoundEntries reads entries of one kind by id; those that are gone are missing from the answer.
func (s *Store) FoundEntries(ctx context.Context, kind string, ids []string) (map[string]FoundEntry, error) {
	var rows []FoundEntry
	if len(ids) > 0 {
		if err := s.DB(ctx).Raw(foundEntry[kind], ids).Scan(&rows).Error; err != nil {
			return nil, err
		}
	}
	byID := make(map[string]FoundEntry, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	return byID, nil
}

// ScopeNames gives the names of some channels, and of some conversations the user that is not the given one, by id.
func (s *Store) ScopeNames(ctx context.Context, userID string, ids []string) (channels map[string]string, peers map[string]string, err error) {
	var rows []struct{ ID, Name string }
	channels, peers = map[string]string{}, map[string]string{}
	if err = s.DB(ctx).Raw("SELECT id, name FROM channels WHERE id IN ?", ids).Scan(&rows).Error; err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		channels[r.ID] = r.Name
	}
	rows = nil
	err = s.DB(ctx).Raw(`SELECT id, CASE WHEN first_id = ? THEN second_id ELSE first_id END AS name FROM conversations WHERE id IN ?`, userID, ids).Scan(&rows).Error
	for _, r := range rows {
		peers[r.ID] = r.Name
	}
	return channels, peers, err
}

// ReadableScope tells whether an id is that of a channel or conversation that a user may read.
func (s *Store) ReadableScope(ctx context.Context, userID, id string) (bool, error) {
	var found bool
	err := s.DB(ctx).Raw("SELECT @id IN ("+readableScopes+")", map[string]any{"id": id, "user": userID}).Scan(&found).Error
	return found, err
}

// Acquaintances finds people that share a channel or a conversation with a user, whose name contains one of the texts,
// without regard to case, or whose address is exactly one. Names that begin so come first.
func (s *Store) Acquaintances(ctx context.Context, userID, text, folded string, limit int) ([]User, error) {
	var rows []User
	email := text
	text, folded = likeEscape.Replace(text), likeEscape.Replace(folded)
	err := s.DB(ctx).Raw(`SELECT u.* FROM users u WHERE u.deleted_at IS NULL
		AND (lower(u.name) LIKE @text ESCAPE '!' OR lower(u.name) LIKE @folded ESCAPE '!' OR u.email = @email)
		AND (EXISTS (SELECT 1 FROM members mine JOIN members theirs ON theirs.channel_id = mine.channel_id
				WHERE mine.user_id = @me AND theirs.user_id = u.id)
			OR EXISTS (SELECT 1 FROM conversation_members mine JOIN conversation_members theirs ON theirs.conversation_id = mine.conversation_id
				WHERE mine.user_id = @me AND theirs.user_id = u.id))
		ORDER BY CASE WHEN lower(u.name) LIKE @start ESCAPE '!' THEN 0 ELSE 1 END, u.name, u.id LIMIT @limit`,
		map[string]any{"me": userID, "text": "%" + text + "%", "folded": "%" + folded + "%", "start": text + "%", "email": email, "limit": limit}).
		Scan(&rows).Error
	return rows, err
}

// ConversationsWith lists the conversations of a user with some others.
func (s *Store) ConversationsWith(ctx context.Context, userID string, others []string) ([]string, error) {
	var ids []string
	err := s.DB(ctx).Raw(`SELECT mine.conversation_id FROM conversation_members mine
		JOIN conversation_members theirs ON theirs.conversation_id = mine.conversation_id
		WHERE mine.user_id = ? AND theirs.user_id IN ? AND theirs.user_id <> mine.user_id`, userID, others).Scan(&ids).Error
	return ids, err
}

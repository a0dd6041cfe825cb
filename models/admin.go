package models

import (
	"context"
	"strings"
	"time"
)

// AllUsers lists a page of all accounts but the deleted ones, oldest first: those whose name or address contains the text, if there is one.
func (s *Store) AllUsers(ctx context.Context, text string, page Page) ([]User, *string, error) {
	db := s.DB(ctx).Where("deleted_at IS NULL")
	if text != "" {
		like := "%" + likeEscape.Replace(strings.ToLower(text)) + "%"
		db = db.Where("lower(email) LIKE ? ESCAPE '!' OR lower(name) LIKE ? ESCAPE '!'", like, like)
	}
	var rows []User
	err := db.Scopes(page.Scope("id", false)).Find(&rows).Error
	rows, next := Cut(page, rows, func(u User) string { return u.ID })
	return rows, next, err
}

// LockUser finds an account inside a transaction that changes who administers: only one such runs at a time.
func (s *Store) LockUser(ctx context.Context, id string) (*User, error) {
	if err := s.lockUsers(ctx); err != nil {
		return nil, err
	}
	return s.User(ctx, id)
}

// LastSeen tells when each of some users last used a session.
func (s *Store) LastSeen(ctx context.Context, userIDs []string) (map[string]time.Time, error) {
	var rows []Session
	err := s.DB(ctx).Where(`user_id IN ? AND last_used_at = (SELECT max(latest.last_used_at) FROM sessions latest
		WHERE latest.user_id = sessions.user_id)`, userIDs).Find(&rows).Error
	seen := make(map[string]time.Time, len(rows))
	for _, r := range rows {
		seen[r.UserID] = r.LastUsedAt
	}
	return seen, err
}

// ChannelCounts counts the channels of each of some users.
func (s *Store) ChannelCounts(ctx context.Context, userIDs []string) (map[string]int, error) {
	var rows []struct {
		UserID string
		N      int
	}
	err := s.DB(ctx).Model(&Member{}).Select("user_id, count(*) AS n").Where("user_id IN ?", userIDs).Group("user_id").Find(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.UserID] = r.N
	}
	return counts, err
}

// AllChannels lists a page of all channels, oldest first.
func (s *Store) AllChannels(ctx context.Context, page Page) ([]Channel, *string, error) {
	var rows []Channel
	err := s.DB(ctx).Scopes(page.Scope("id", false)).Find(&rows).Error
	rows, next := Cut(page, rows, func(c Channel) string { return c.ID })
	return rows, next, err
}

// Storage is what one user's files take.
type Storage struct {
	OwnerID string
	Bytes   int64
	Files   int
}

// StorageOf tells what each of some users' files take, or with no ids those of the users with most.
func (s *Store) StorageOf(ctx context.Context, limit int, userIDs ...string) ([]Storage, error) {
	db := s.DB(ctx).Model(&File{}).Select("owner_id, SUM(size) AS bytes, count(*) AS files").Group("owner_id")
	if len(userIDs) > 0 {
		db = db.Where("owner_id IN ?", userIDs)
	}
	var rows []Storage
	return rows, db.Order("bytes DESC, owner_id").Limit(limit).Find(&rows).Error
}

// PeopleWith counts those whose files take at least so many bytes.
func (s *Store) PeopleWith(ctx context.Context, bytes int64) (n int64, err error) {
	heavy := s.DB(ctx).Model(&File{}).Select("owner_id").Group("owner_id").Having("SUM(size) >= ?", bytes)
	return n, s.DB(ctx).Table("(?) AS heavy", heavy).Count(&n).Error
}

// StoredBytes tells what all files take on the disk, where equal ones lie once, and how many there are.
func (s *Store) StoredBytes(ctx context.Context) (total Storage, err error) {
	err = s.DB(ctx).Raw(`SELECT (SELECT COALESCE(SUM(size), 0) FROM (SELECT DISTINCT sha256, size FROM files) AS blobs) AS bytes,
		(SELECT count(*) FROM files) AS files`).Scan(&total).Error
	return total, err
}

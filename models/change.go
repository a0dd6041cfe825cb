package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Change is an entry of the log of durable events: that something in a scope changed, not what it said. Seq counts from 1
// in each scope, without a gap.
type Change struct {
	Scope      string `gorm:"primaryKey"`
	Seq        int64  `gorm:"primaryKey"`
	Type       string // the event
	EntityKind string
	EntityID   string
	At         time.Time
}

// Record gives a change the next number of its scope and keeps it. The scope stays locked until the end of the
// transaction, so numbers appear in their order. Therefore it comes last in a transaction, after all other rows that are written or locked,
// and of several scopes the ones that sort first come first: two transactions that lock in different orders would wait for
// each other for ever. Any other order of scopes is refused.
func (s *Store) Record(ctx context.Context, c Change) (seq int64, err error) {
	if err := s.inTurn(c.Scope); err != nil {
		return 0, err
	}
	if s.Postgres() { // in one go: the shorter the scope is locked, the better
		err = s.DB(ctx).Raw(`WITH next AS (`+takeNumber+`) INSERT INTO changes (scope, seq, type, entity_kind, entity_id, at)
			SELECT ?, seq, ?, ?, ?, ? FROM next RETURNING seq`, c.Scope, c.Scope, c.Type, c.EntityKind, c.EntityID, c.At).Scan(&seq).Error
		return seq, err
	}
	if err := s.DB(ctx).Raw(takeNumber, c.Scope).Scan(&seq).Error; err != nil {
		return 0, err
	}
	return seq, s.DB(ctx).Exec("INSERT INTO changes (scope, seq, type, entity_kind, entity_id, at) VALUES (?, ?, ?, ?, ?, ?)",
		c.Scope, seq, c.Type, c.EntityKind, c.EntityID, c.At).Error
}

// inTurn refuses a scope that would be locked out of order.
func (s *Store) inTurn(scope string) error {
	if s.transaction == nil {
		return fmt.Errorf("a change of %s is recorded outside a transaction", scope)
	}
	locked := s.transaction.scopes
	if slices.Contains(locked, scope) {
		return nil
	}
	if n := len(locked); n > 0 && scope < locked[n-1] {
		return fmt.Errorf("a change of %s is recorded after one of %s", scope, locked[n-1])
	}
	s.transaction.scopes = append(locked, scope)
	return nil
}

const takeNumber = "INSERT INTO scopes (scope, seq) VALUES (?, 1) ON CONFLICT (scope) DO UPDATE SET seq = scopes.seq + 1 RETURNING seq"

// RecordLast is Record for one change in each of many scopes, at once, when all else of the transaction is done. numbered gets their
// numbers by scope before the commit.
func (s *Store) RecordLast(ctx context.Context, changes []Change, numbered func(seqs map[string]int64)) error {
	if s.transaction == nil {
		return errors.New("changes are recorded outside a transaction")
	}
	s.transaction.last = append(s.transaction.last, func() error {
		seqs, err := s.recordEach(ctx, changes)
		if err == nil {
			numbered(seqs)
		}
		return err
	})
	return nil
}

func (s *Store) recordEach(ctx context.Context, changes []Change) (map[string]int64, error) {
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Scope, b.Scope) })
	seqs := make(map[string]int64, len(changes))
	for some := range slices.Chunk(changes, recordBatch) {
		for _, c := range some {
			if err := s.inTurn(c.Scope); err != nil {
				return nil, err
			}
		}
		var rows []struct {
			Scope string
			Seq   int64
		}
		err := s.DB(ctx).Raw("INSERT INTO scopes (scope, seq) VALUES "+strings.TrimSuffix(strings.Repeat("(?, 1), ", len(some)), ", ")+
			" ON CONFLICT (scope) DO UPDATE SET seq = scopes.seq + 1 RETURNING scope, seq", scopeNames(some)...).Scan(&rows).Error
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			seqs[r.Scope] = r.Seq
		}
		for i := range some {
			some[i].Seq = seqs[some[i].Scope]
		}
		if err := s.DB(ctx).Create(&some).Error; err != nil {
			return nil, err
		}
	}
	return seqs, nil
}

// recordBatch changes are recorded by one statement.
const recordBatch = 100

func scopeNames(changes []Change) []any {
	names := make([]any, len(changes))
	for i, c := range changes {
		names[i] = c.Scope
	}
	return names
}

// Seqs gives the newest number of each of some scopes; one that never changed is missing.
func (s *Store) Seqs(ctx context.Context, scopes ...string) (map[string]int64, error) {
	return s.seqs(s.DB(ctx).Table("scopes").Where("scope IN ?", scopes))
}

// Heads gives the newest number of each scope that a user may follow.
func (s *Store) Heads(ctx context.Context, userID string) (map[string]int64, error) {
	return s.seqs(s.DB(ctx).Table("scopes").Where(`scope IN (SELECT 'channel:' || channel_id FROM members WHERE user_id = @user
		UNION ALL SELECT 'conversation:' || conversation_id FROM conversation_members WHERE user_id = @user
		UNION ALL SELECT 'user:' || CAST(@user AS TEXT))`, map[string]any{"user": userID}))
}

func (s *Store) seqs(query *gorm.DB) (map[string]int64, error) {
	var rows []struct {
		Scope string
		Seq   int64
	}
	err := query.Select("scope, seq").Find(&rows).Error
	seqs := make(map[string]int64, len(rows))
	for _, r := range rows {
		seqs[r.Scope] = r.Seq
	}
	return seqs, err
}

// Changes lists those of a scope after a number, oldest first.
func (s *Store) Changes(ctx context.Context, scope string, after int64, limit int) ([]Change, error) {
	var rows []Change
	err := s.DB(ctx).Where("scope = ? AND seq > ?", scope, after).Order("seq").Limit(limit).Find(&rows).Error
	return rows, err
}

// DropChanges deletes some of the changes made before an instant and tells how many.
func (s *Store) DropChanges(ctx context.Context, before time.Time, limit int) (int64, error) {
	old := s.DB(ctx).Model(&Change{}).Select("scope, seq").Where("at < ?", before).Limit(limit)
	res := s.DB(ctx).Where("(scope, seq) IN (?)", old).Delete(&Change{})
	return res.RowsAffected, res.Error
}

// LastChangeOf finds the newest change of an entity in a scope; ErrNotFound when it was dropped.
func (s *Store) LastChangeOf(ctx context.Context, scope, kind, id string) (*Change, error) {
	var row Change
	err := s.DB(ctx).Where("scope = ? AND entity_kind = ? AND entity_id = ?", scope, kind, id).Order("seq DESC").Take(&row).Error
	return &row, err
}

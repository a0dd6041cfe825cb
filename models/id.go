package models

import (
	"context"
	"encoding/binary"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// ahead is by how many milliseconds ids go before the clock.
var ahead atomic.Int64

// NewID makes a UUIDv7: unique, and sorted after all that this process has made, and after the entries that Open found, whatever
// happens to the clock.
func NewID() string {
	id := uuid.Must(uuid.NewV7()) // goes on within a process when the clock is set back
	setMillis(&id, millis(id)+ahead.Load())
	return id.String()
}

// ParseID accepts a UUID in its usual form of 36 characters and returns it in lower case, as ids are stored; else "".
func ParseID(text string) (string, bool) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return "", false
	}
	return id.String(), true
}

// millis is the time that a UUIDv7 begins with, in milliseconds since 1970 (RFC 9562, section 5.7).
func millis(id uuid.UUID) int64 { return int64(binary.BigEndian.Uint64(id[:8]) >> 16) }

func setMillis(id *uuid.UUID, ms int64) {
	binary.BigEndian.PutUint64(id[:8], uint64(ms)<<16|uint64(binary.BigEndian.Uint16(id[6:8])))
}

// mostAhead is no clock's error any more.
const mostAhead = 100 * 365 * 24 * time.Hour

// resumeIDs has new ids follow those of the entries that are there. The clock may have been set back since they were written: what is new
// would stand before what is old, and count as read.
func (s *Store) resumeIDs(ctx context.Context, log *slog.Logger) error {
	newest, _, err := s.NewestEntry(ctx)
	if err != nil || newest == "" {
		return err
	}
	id, err := uuid.Parse(newest)
	if err != nil || id.Version() != 7 {
		return nil
	}
	by := millis(id) + 1 - millis(uuid.Must(uuid.NewV7()))
	if by <= 0 || by > mostAhead.Milliseconds() {
		return nil
	}
	if by > time.Minute.Milliseconds() {
		log.Warn("the clock is behind the newest entry: is it right? New entries come after the old ones all the same", "newest", time.UnixMilli(millis(id)).UTC())
	}
	for former := ahead.Load(); former < by && !ahead.CompareAndSwap(former, by); former = ahead.Load() {
	}
	return nil
}

// NewestEntry finds the id that sorts last among posts, comments and messages, and the latest time at which one was written; "" when there are
// none.
func (s *Store) NewestEntry(ctx context.Context) (id string, at time.Time, err error) {
	for _, table := range []string{"posts", "comments", "messages"} {
		var last struct {
			ID        string
			CreatedAt time.Time
		}
		if err := s.DB(ctx).Table(table).Select("id, created_at").Order("id DESC").Limit(1).Find(&last).Error; err != nil {
			return "", time.Time{}, err
		}
		id = max(id, last.ID)
		if last.CreatedAt.After(at) {
			at = last.CreatedAt
		}
	}
	return id, at, nil
}

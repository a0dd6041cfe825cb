package models

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"lectern/internal/fulltext"
)

// SearchDoc is what the index has of an entry, or of a file that hangs on one. At orders all by time, see SearchKey.
type SearchDoc struct {
	At      int64 `gorm:"primaryKey"`
	Kind    string
	EntryID string
	FileID  string // empty for the entry itself
	Scope   string // the channel or the conversation
	Words   string // a fulltext.Stream, or in PostgreSQL the tsvector of one
}

// SearchKey is the place in the index's order of an instant: milliseconds since 1970 and 12 bits more.
func SearchKey(at time.Time) int64 { return at.UnixMilli() << 12 }

// searchKey is that of an entry: the time in its id, a UUIDv7, and the 12 bits that follow there.
func searchKey(id string) int64 {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return 0
	}
	bits := binary.BigEndian.Uint64(parsed[:8])
	return int64(bits>>16<<12 | bits&0xFFF)
}

// SearchQuery is what SearchDocs looks for: entries that have all of the terms and, of each group, one.
type SearchQuery struct {
	UserID        string
	Scopes        []string // only these, of those that the user may read; none: all of them
	Terms         []fulltext.Term
	Groups        [][]fulltext.Term
	Before, After int64 // keys, exclusive and inclusive; 0: no limit
	Limit         int
}

// readableScopes are the channels and conversations of a user.
const readableScopes = `SELECT channel_id FROM members WHERE user_id = @user
	UNION ALL SELECT conversation_id FROM conversation_members WHERE user_id = @user`

// fewDocs is how many rows are rather looked through one by one than found by their words: a user's who has few.
const fewDocs = 4000

// recentDocs is how many of the newest rows PostgreSQL looks through for words that are common. It cannot read its index of
// words from new to old, and what is not among these is rare enough to be sorted.
const recentDocs = 4000

// SearchDocs finds the newest rows of the index that a user may read, without their words.
//
// Neither database can walk "the newest of mine with this word" alone. Who has few rows, or looks into a small place, has
// them all looked at. Else SQLite walks the word's rows from new to old, and PostgreSQL looks through the newest rows, then
// gathers those of the word: a word that the newest do not have is rare.
func (s *Store) SearchDocs(ctx context.Context, q SearchQuery) (rows []SearchDoc, err error) {
	few, err := s.fewDocs(ctx, q)
	if err != nil {
		return nil, err
	}
	switch {
	case few && s.Postgres():
		err = s.matching(s.DB(ctx).Table("(?) AS search_docs", s.mine(ctx, q)), q).Find(&rows).Error
	case few:
		err = s.matching(s.mine(ctx, q), q).Find(&rows).Error
	case !s.Postgres():
		err = s.walked(ctx, q).Find(&rows).Error
	default:
		newest := s.between(s.DB(ctx).Table("search_docs"), q).Order("at DESC").Limit(recentDocs)
		err = s.matching(s.readable(s.DB(ctx).Table("(?) AS search_docs", newest), q), q).Find(&rows).Error
		if err == nil && len(rows) < q.Limit {
			rows = nil
			err = s.gathered(ctx, q).Find(&rows).Error
		}
	}
	return rows, err
}

const searchColumns = "search_docs.at, search_docs.kind, search_docs.entry_id, search_docs.file_id, search_docs.scope"

// fewDocs tells whether the query's user may read only few rows.
func (s *Store) fewDocs(ctx context.Context, q SearchQuery) (bool, error) {
	var n int64
	err := s.DB(ctx).Table("(?) AS mine", s.mine(ctx, q).Select("1").Limit(fewDocs+1)).Count(&n).Error
	return n <= fewDocs, err
}

// mine are the rows that the user may read, within the time; in PostgreSQL at most one more than few. That one is led along
// the index of scopes by a join for each, since its statistics cannot tell how many rows somebody has.
func (s *Store) mine(ctx context.Context, q SearchQuery) *gorm.DB {
	if !s.Postgres() {
		return s.between(s.readable(s.DB(ctx).Table("search_docs"), q), q)
	}
	scopes := s.DB(ctx).Table("(?) AS readable (scope)", s.DB(ctx).Raw(readableScopes, map[string]any{"user": q.UserID}))
	if len(q.Scopes) > 0 {
		scopes = scopes.Where("scope IN ?", q.Scopes)
	}
	of := s.between(s.DB(ctx).Table("search_docs").Where("search_docs.scope = mine.scope"), q).Order("at DESC").Limit(fewDocs + 1)
	return s.DB(ctx).Table("(?) AS mine CROSS JOIN LATERAL (?) AS search_docs", scopes, of).Select("search_docs.*").Limit(fewDocs + 1)
}

// gathered has PostgreSQL find the rows by their words first, whatever it thinks of that.
func (s *Store) gathered(ctx context.Context, q SearchQuery) *gorm.DB {
	found := s.between(s.DB(ctx).Table("search_docs").Select(searchColumns), q)
	if text := expression(q, tsPhrase, " & ", " | "); text != "" {
		found = found.Where("search_docs.words @@ CAST(CAST(? AS text) AS tsquery)", text)
	}
	mine := s.readable(s.DB(ctx).Table("found AS search_docs"), q).Select(searchColumns).Order("search_docs.at DESC").Limit(q.Limit)
	return s.DB(ctx).Raw("WITH found AS MATERIALIZED (?) ?", found, mine)
}

func (s *Store) readable(db *gorm.DB, q SearchQuery) *gorm.DB {
	db = db.Where("search_docs.scope IN ("+readableScopes+")", map[string]any{"user": q.UserID})
	if len(q.Scopes) > 0 {
		db = db.Where("search_docs.scope IN ?", q.Scopes)
	}
	return db
}

func (s *Store) between(db *gorm.DB, q SearchQuery) *gorm.DB {
	if q.Before > 0 {
		db = db.Where("search_docs.at < ?", q.Before)
	}
	if q.After > 0 {
		db = db.Where("search_docs.at >= ?", q.After)
	}
	return db
}

// matching keeps the rows with the terms, newest first.
func (s *Store) matching(db *gorm.DB, q SearchQuery) *gorm.DB {
	db = db.Select(searchColumns).Order("search_docs.at DESC").Limit(q.Limit)
	if s.Postgres() {
		if text := expression(q, tsPhrase, " & ", " | "); text != "" {
			db = db.Where("search_docs.words @@ CAST(CAST(? AS text) AS tsquery)", text)
		}
		return db
	}
	for _, group := range groups(q) {
		var some []string
		var texts []any
		for _, term := range group {
			some, texts = append(some, "instr(search_docs.words, ?) > 0"), append(texts, term.Text())
		}
		db = db.Where(strings.Join(some, " OR "), texts...)
	}
	return db
}

// walked reads SQLite's index of words from new to old. The time is also said to the index, which begins there.
func (s *Store) walked(ctx context.Context, q SearchQuery) *gorm.DB {
	text := expression(q, ftsPhrase, " AND ", " OR ")
	if text == "" {
		return s.matching(s.readable(s.between(s.DB(ctx).Table("search_docs NOT INDEXED"), q), q), q)
	}
	db := s.DB(ctx).Table("search_words CROSS JOIN search_docs").Where("search_docs.at = search_words.rowid AND search_words MATCH ?", text)
	if q.Before > 0 {
		db = db.Where("search_words.rowid < ?", q.Before)
	}
	if q.After > 0 {
		db = db.Where("search_words.rowid >= ?", q.After)
	}
	return s.readable(db, q).Select(searchColumns).Order("search_words.rowid DESC").Limit(q.Limit)
}

// groups are the query's conditions: of each, one term must be there.
func groups(q SearchQuery) [][]fulltext.Term {
	all := q.Groups
	for _, term := range q.Terms {
		all = append(all[:len(all):len(all)], []fulltext.Term{term})
	}
	return all
}

// expression writes the conditions in the language of a database.
func expression(q SearchQuery, phrase func(fulltext.Term) string, and, or string) string {
	var all []string
	for _, group := range groups(q) {
		var some []string
		for _, term := range group {
			some = append(some, phrase(term))
		}
		all = append(all, "("+strings.Join(some, or)+")")
	}
	return strings.Join(all, and)
}

// ftsPhrase writes a term for FTS5. The words have no quotes: they are letters and digits.
func ftsPhrase(t fulltext.Term) string {
	text := `"` + strings.Join(t.Words, " ") + `"`
	if t.Prefix {
		text += " *"
	}
	return text
}

// tsPhrase writes a term for a tsquery.
func tsPhrase(t fulltext.Term) string {
	text := "'" + strings.Join(t.Words, "' <-> '") + "'"
	if t.Prefix {
		text += ":*"
	}
	return text
}

// TakeSearchChanges removes some of the newest rows of the queue, and gives the ids of their entries by kind. It must be in a
// transaction; another one that takes some waits for its end.
func (s *Store) TakeSearchChanges(ctx context.Context, limit int) (map[string][]string, int, error) {
	if s.Postgres() {
		if err := s.DB(ctx).Exec("SELECT pg_advisory_xact_lock(?)", searchLock).Error; err != nil {
			return nil, 0, err
		}
	}
	var rows []struct {
		N        int64
		Kind, ID string
	}
	if err := s.DB(ctx).Table("search_queue").Order("n DESC").Limit(limit).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, 0, err
	}
	taken, ids, seen := make([]int64, len(rows)), map[string][]string{}, map[string]bool{}
	for i, r := range rows {
		taken[i] = r.N
		if !seen[r.ID] {
			ids[r.Kind], seen[r.ID] = append(ids[r.Kind], r.ID), true
		}
	}
	return ids, len(rows), s.DB(ctx).Exec("DELETE FROM search_queue WHERE n IN ?", taken).Error
}

// searchLock is the number of the advisory lock under which the index is written.
const searchLock = 0x6c656374 // "lect"

// SearchQueued tells whether something waits to be indexed.
func (s *Store) SearchQueued(ctx context.Context) (bool, error) {
	var waits bool
	err := s.DB(ctx).Raw("SELECT EXISTS (SELECT 1 FROM search_queue)").Scan(&waits).Error
	return waits, err
}

// WaitingSearch counts what waits to be indexed.
func (s *Store) WaitingSearch(ctx context.Context) (n int64, err error) {
	err = s.DB(ctx).Table("search_queue").Count(&n).Error
	return n, err
}

// PutSearchDocs makes the index have exactly these rows of some entries. A row that is there keeps its place.
func (s *Store) PutSearchDocs(ctx context.Context, entryIDs []string, docs []SearchDoc) error {
	var before []SearchDoc
	if err := s.DB(ctx).Select("at, entry_id, file_id").Find(&before, "entry_id IN ?", entryIDs).Error; err != nil {
		return err
	}
	place := map[[2]string]int64{}
	for _, d := range before {
		place[[2]string{d.EntryID, d.FileID}] = d.At
	}
	for _, d := range docs {
		key := [2]string{d.EntryID, d.FileID}
		at, known := place[key]
		delete(place, key)
		var err error
		if known {
			err = s.DB(ctx).Exec("UPDATE search_docs SET words = "+s.words()+" WHERE at = ?", s.stored(d.Words), at).Error
		} else {
			err = s.addSearchDoc(ctx, d)
		}
		if err != nil {
			return err
		}
	}
	for _, at := range place {
		if err := s.DB(ctx).Delete(&SearchDoc{}, "at = ?", at).Error; err != nil {
			return err
		}
	}
	return nil
}

// addSearchDoc finds a free place at the entry's time or right after it.
func (s *Store) addSearchDoc(ctx context.Context, d SearchDoc) error {
	for at := searchKey(d.EntryID); ; at++ {
		res := s.DB(ctx).Exec("INSERT INTO search_docs (at, kind, entry_id, file_id, scope, words) VALUES (?, ?, ?, ?, ?, "+s.words()+
			") ON CONFLICT (at) DO NOTHING", at, d.Kind, d.EntryID, d.FileID, d.Scope, s.stored(d.Words))
		if res.Error != nil || res.RowsAffected == 1 {
			return res.Error
		}
	}
}

func (s *Store) words() string {
	if s.Postgres() {
		return "CAST(CAST(? AS text) AS tsvector)"
	}
	return "?"
}

// maxLexemePosition is the last place in a text that a tsvector knows.
const maxLexemePosition = 16383

// stored is a stream as the database keeps it.
func (s *Store) stored(stream string) string {
	if !s.Postgres() {
		return stream
	}
	var out strings.Builder
	for i, word := range strings.Fields(stream) {
		fmt.Fprintf(&out, "'%s':%d ", word, min(i+1, maxLexemePosition))
	}
	return out.String()
}

package services

import (
	"context"
	"strings"
	"time"

	"lectern/internal/fulltext"
	"lectern/models"
)

// How the index is written: so many entries at a time, since nobody else can write to SQLite meanwhile, and looked for so
// often. A search looks too, so that it finds what was written before it, but waits for fewer.
const (
	indexBatch    = 200
	indexAtSearch = 50
	indexEvery    = 2 * time.Second
	indexPause    = 200 * time.Millisecond // at least: who waits for SQLite looks ten times a second
)

// Run brings the index up to date until ctx ends. After an upgrade everything written before waits for it, the newest first: then
// it works half of the time, so that people can write meanwhile.
func (s *Search) Run(ctx context.Context, did Did) {
	every(ctx, indexEvery, did, func(ctx context.Context) error {
		return s.CatchUp(ctx, func(took time.Duration) {
			select {
			case <-ctx.Done():
			case <-time.After(max(took, indexPause)):
			}
		})
	})
}

// CatchUp works off all that waits, and pauses after each full batch.
func (s *Search) CatchUp(ctx context.Context, pause func(took time.Duration)) error {
	for {
		start := time.Now()
		if n, err := s.index(ctx, indexBatch); err != nil || n < indexBatch {
			return err
		}
		pause(time.Since(start))
	}
}

// index works off the newest of what waits, at most so many, and tells how many changes it took.
func (s *Search) index(ctx context.Context, most int) (taken int, err error) {
	if waits, err := s.store.SearchQueued(ctx); err != nil || !waits {
		return 0, err
	}
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		var changed map[string][]string
		if changed, taken, err = tx.TakeSearchChanges(ctx, most); err != nil {
			return err
		}
		for kind, ids := range changed {
			docs, err := searchDocs(ctx, tx, kind, ids)
			if err != nil {
				return err
			}
			if err := tx.PutSearchDocs(ctx, ids, docs); err != nil {
				return err
			}
		}
		return nil
	})
	return taken, err
}

// searchDocs makes the rows of some entries and their files.
func searchDocs(ctx context.Context, tx *models.Store, kind string, ids []string) ([]models.SearchDoc, error) {
	entries, err := tx.FoundEntries(ctx, kind, ids)
	if err != nil {
		return nil, err
	}
	files, err := tx.EntryFiles(ctx, kind, ids)
	if err != nil {
		return nil, err
	}
	var docs []models.SearchDoc
	for _, id := range ids {
		entry, there := entries[id]
		if !there || (entry.Body == "" && len(files[id]) == 0) {
			continue
		}
		doc := models.SearchDoc{Kind: kind, EntryID: id, Scope: entry.Scope}
		where := []string{markBy(entry.AuthorID), markIn(entry.Scope)}
		marks := append([]string{markKind(kind)}, where...)
		if fulltext.HasLink(entry.Body) {
			marks = append(marks, markHas("link"))
		}
		for _, name := range fileMarks(files[id]...) {
			marks = append(marks, markHas(name))
		}
		doc.Words = fulltext.Stream(fulltext.Tokens(searchText(entry.Body)), marks...)
		docs = append(docs, doc)
		for _, file := range files[id] {
			doc.FileID = file.ID
			marks := append([]string{markKind("file")}, where...)
			for _, name := range fileMarks(file) {
				marks = append(marks, markHas(name))
			}
			doc.Words = fulltext.Stream(fulltext.Tokens(fulltext.Normal(file.Name)), marks...)
			docs = append(docs, doc)
		}
	}
	return docs, nil
}

// searchText is the part of a body that is searched: what its readers see, on one line.
func searchText(body string) string {
	return fulltext.Normal(strings.Join(strings.Fields(fulltext.Plain(body)), " "))
}

// fileMarks are what an entry with these files has.
func fileMarks(files ...models.File) (names []string) {
	if len(files) > 0 {
		names = []string{"file"}
	}
	for _, f := range files {
		if strings.HasPrefix(f.ContentType, "image/") {
			return append(names, "image")
		}
	}
	return names
}

// The marks that the index has beside words.
func markKind(kind string) string { return fulltext.Mark("kind" + kind) }
func markHas(what string) string  { return fulltext.Mark("has" + what) }
func markBy(userID string) string { return fulltext.Mark("by" + userID) }
func markIn(scope string) string  { return fulltext.Mark("in" + scope) }

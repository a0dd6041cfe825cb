// Package backup writes everything that an installation keeps into one archive while the server runs, and brings it back
// into an empty one, on either database.
//
// The archive is a gzipped tar: manifest.json first, then the rows of each table as lines of JSON, the uploaded files, the
// secrets of the data folder, and end.json last, without which it is not whole. What can be made again (the search index)
// is left out.
package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lectern/models"
)

const format = 1

// Names in the archive, in their order.
const (
	manifestName  = "manifest.json"
	tablesFolder  = "tables/"
	filesFolder   = "files/"
	secretsFolder = "secrets/"
	endName       = "end.json"
)

// chunkBytes is how much of a table is gathered in memory before it is written.
const chunkBytes = 1 << 20

// maxSecret is the size of the largest file beside the database that is taken for a secret.
const maxSecret = 64 << 10

// ErrNothing: there is nothing to write into an archive.
var ErrNothing = errors.New("there is no installation here: the database has no schema yet")

// Manifest says what an archive is.
type Manifest struct {
	Format   int       `json:"format"`
	MadeAt   time.Time `json:"made_at"`
	Version  string    `json:"version"`  // of the program
	Schema   int64     `json:"schema"`   // the newest migration
	Database string    `json:"database"` // "sqlite" or "postgresql"
	Tables   []Table   `json:"tables"`   // in an order in which rows point back only
}

// Table is one whose rows are in the archive, each as a list in the order of Columns.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// Summary counts what an archive has. Bytes are those of the files. Missing files have a row, but their bytes were not there.
type Summary struct {
	Rows    map[string]int `json:"rows"`
	Files   int            `json:"files"`
	Bytes   int64          `json:"bytes"`
	Missing []string       `json:"missing"` // SHA-256
}

// TotalRows adds up the tables.
func (s Summary) TotalRows() (n int) {
	for _, rows := range s.Rows {
		n += rows
	}
	return n
}

// Write makes an archive of a store and its data folder as they are at one moment. The server may go on working.
func Write(ctx context.Context, store *models.Store, dataDir, version string, out io.Writer) (Summary, error) {
	schema, err := store.Schema(ctx)
	if err != nil {
		return Summary{}, err
	}
	if schema.Current == 0 {
		return Summary{}, ErrNothing
	}
	snap, err := takeSnapshot(ctx, store)
	if err != nil {
		return Summary{}, fmt.Errorf("take a snapshot of the database: %w", err)
	}
	defer snap.close()
	held, err := holdFiles(ctx, snap, dataDir)
	if err != nil {
		return Summary{}, fmt.Errorf("hold the files: %w", err)
	}
	defer held.release()
	tables, err := snap.tables(ctx)
	if err != nil {
		return Summary{}, err
	}
	zipped := gzip.NewWriter(out)
	w := &writer{tar: tar.NewWriter(zipped), at: time.Now().UTC(), sum: Summary{Rows: map[string]int{}, Missing: held.missing}}
	manifest := Manifest{Format: format, MadeAt: w.at, Version: version, Schema: schema.Current, Database: snap.kind(), Tables: tables}
	if err := w.json(manifestName, manifest); err != nil {
		return w.sum, err
	}
	for _, table := range tables {
		if err := w.table(ctx, snap, table); err != nil {
			return w.sum, fmt.Errorf("table %s: %w", table.Name, err)
		}
	}
	for _, sha256 := range held.blobs {
		if err := w.file(filesFolder+sha256, held.path(sha256)); err != nil {
			return w.sum, fmt.Errorf("file %s: %w", sha256, err)
		}
	}
	if err := w.secrets(dataDir); err != nil {
		return w.sum, fmt.Errorf("secrets: %w", err)
	}
	if err := w.json(endName, w.sum); err != nil {
		return w.sum, err
	}
	return w.sum, errors.Join(w.tar.Close(), zipped.Close())
}

type writer struct {
	tar *tar.Writer
	at  time.Time
	sum Summary
}

func (w *writer) entry(name string, content []byte) error {
	err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: w.at})
	if err != nil {
		return err
	}
	_, err = w.tar.Write(content)
	return err
}

func (w *writer) json(name string, v any) error {
	content, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return w.entry(name, append(content, '\n'))
}

// table writes the rows of a table in pieces, so that no table has to fit into memory.
func (w *writer) table(ctx context.Context, snap *snapshot, table Table) error {
	var lines bytes.Buffer
	piece := 0
	flush := func() error {
		if lines.Len() == 0 {
			return nil
		}
		piece++
		err := w.entry(fmt.Sprintf("%s%s/%06d.jsonl", tablesFolder, table.Name, piece), lines.Bytes())
		lines.Reset()
		return err
	}
	encode := json.NewEncoder(&lines)
	encode.SetEscapeHTML(false)
	for row, err := range snap.rows(ctx, table) {
		if err != nil {
			return err
		}
		if err := encode.Encode(row); err != nil {
			return err
		}
		w.sum.Rows[table.Name]++
		if lines.Len() >= chunkBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

func (w *writer) file(name, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: w.at}); err != nil {
		return err
	}
	n, err := io.Copy(w.tar, file)
	w.sum.Files, w.sum.Bytes = w.sum.Files+1, w.sum.Bytes+n
	return err
}

// secrets writes the small files that lie beside the database.
func (w *writer) secrets(dataDir string) error {
	names, err := secretNames(dataDir)
	if err != nil {
		return err
	}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(dataDir, name))
		if err != nil {
			return err
		}
		if err := w.entry(secretsFolder+name, content); err != nil {
			return err
		}
	}
	return nil
}

func secretNames(dataDir string) ([]string, error) {
	entries, err := os.ReadDir(dataDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		if info.Mode().IsRegular() && info.Size() > 0 && info.Size() <= maxSecret && isSecret(e.Name()) && !isArchive(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// isArchive tells whether a name is that of an archive, whole or just being written: one in the data folder is no part of the next.
func isArchive(name string) bool {
	return strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".part")
}

// isSecret tells whether a name in the data folder is neither the database's, nor hidden, nor half written.
func isSecret(name string) bool {
	return filepath.Base(name) == name && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, models.SQLiteName) &&
		!strings.HasSuffix(name, ".new") && name != models.LockName
}

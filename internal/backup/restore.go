package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lectern/internal/durable"
	"lectern/models"
)

// ErrNotEmpty: there is something at the place where an archive should be restored.
var ErrNotEmpty = errors.New("there is an installation with accounts here already; a backup is restored into an empty one")

// ErrNotWhole: the archive ends too early, or is none.
var ErrNotWhole = errors.New("this is not a whole backup")

// Restore brings an archive back into an empty store and data folder, which may be of the other kind of database, and
// migrates it to what this program needs.
func Restore(ctx context.Context, store *models.Store, dataDir string, in io.Reader, log *slog.Logger) (Manifest, Summary, error) {
	r, err := openArchive(in)
	if err != nil {
		return Manifest{}, Summary{}, err
	}
	if err := empty(ctx, store, r.manifest); err != nil {
		return r.manifest, Summary{}, err
	}
	if err := store.MigrateTo(ctx, r.manifest.Schema, log); err != nil {
		return r.manifest, Summary{}, err
	}
	into := &target{store: store, dataDir: dataDir, secrets: map[string][]byte{}}
	if err := into.begin(ctx); err != nil {
		return r.manifest, Summary{}, err
	}
	sum, err := r.read(ctx, into)
	if err := into.end(err); err != nil {
		return r.manifest, sum, err
	}
	return r.manifest, sum, store.Migrate(ctx, log)
}

// Verify reads an archive to its end and checks that everything is there and every file is what its name says.
func Verify(ctx context.Context, in io.Reader) (Manifest, Summary, error) {
	r, err := openArchive(in)
	if err != nil {
		return Manifest{}, Summary{}, err
	}
	sum, err := r.read(ctx, nowhere{})
	return r.manifest, sum, err
}

// empty tells whether nobody uses a store, which may be newer than the archive only if it has nothing.
func empty(ctx context.Context, store *models.Store, manifest Manifest) error {
	schema, err := store.Schema(ctx)
	if err != nil {
		return err
	}
	if manifest.Schema > schema.Newest {
		return &models.NewerSchemaError{Schema: models.Schema{Current: manifest.Schema, Newest: schema.Newest}}
	}
	if schema.Current == 0 {
		return nil
	}
	var users int64
	if err := store.DB(ctx).Table("users").Count(&users).Error; err != nil {
		return err
	}
	if users > 0 {
		return ErrNotEmpty
	}
	if schema.Current > manifest.Schema {
		return fmt.Errorf("the database is empty, but its schema (%d) is newer than the backup's (%d): restore into a new database", schema.Current, manifest.Schema)
	}
	return nil
}

// sink takes what an archive has.
type sink interface {
	row(ctx context.Context, table Table, row []any) error
	file(sha256 string, content io.Reader) error
	secret(name string, content []byte) error
}

// nowhere only looks.
type nowhere struct{}

func (nowhere) row(context.Context, Table, []any) error { return nil }

func (nowhere) file(_ string, content io.Reader) error {
	_, err := io.Copy(io.Discard, content)
	return err
}

func (nowhere) secret(string, []byte) error { return nil }

type reader struct {
	unzipped *gzip.Reader
	tar      *tar.Reader
	manifest Manifest
	tables   map[string]Table
}

func openArchive(in io.Reader) (*reader, error) {
	unzipped, err := gzip.NewReader(bufio.NewReaderSize(in, 1<<16))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWhole, err)
	}
	r := &reader{unzipped: unzipped, tar: tar.NewReader(unzipped), tables: map[string]Table{}}
	header, err := r.tar.Next()
	if err != nil || header.Name != manifestName {
		return nil, ErrNotWhole
	}
	if err := json.NewDecoder(io.LimitReader(r.tar, chunkBytes)).Decode(&r.manifest); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWhole, err)
	}
	if r.manifest.Format != format {
		return nil, fmt.Errorf("this backup has format %d, this program reads %d", r.manifest.Format, format)
	}
	for _, table := range r.manifest.Tables {
		r.tables[table.Name] = table
	}
	return r, nil
}

// read gives everything to a sink and compares the counts with those at the end.
func (r *reader) read(ctx context.Context, into sink) (sum Summary, err error) {
	sum = Summary{Rows: map[string]int{}, Missing: []string{}}
	for {
		header, err := r.tar.Next()
		if err != nil {
			return sum, fmt.Errorf("%w: it ends too early (%w)", ErrNotWhole, err)
		}
		if header.Name == endName {
			return sum, r.compare(&sum)
		}
		if err := r.entry(ctx, header, into, &sum); err != nil {
			return sum, fmt.Errorf("%s: %w", header.Name, err)
		}
	}
}

func (r *reader) entry(ctx context.Context, header *tar.Header, into sink, sum *Summary) error {
	if rest, ok := strings.CutPrefix(header.Name, tablesFolder); ok {
		name, _, _ := strings.Cut(rest, "/")
		table, known := r.tables[name]
		if !known {
			return fmt.Errorf("%w: the manifest does not name this table", ErrNotWhole)
		}
		n, err := r.rows(ctx, table, into)
		sum.Rows[name] += n
		return err
	}
	if name, ok := strings.CutPrefix(header.Name, filesFolder); ok {
		sum.Files, sum.Bytes = sum.Files+1, sum.Bytes+header.Size
		return checkedFile(name, r.tar, into)
	}
	if name, ok := strings.CutPrefix(header.Name, secretsFolder); ok && isSecret(name) {
		if header.Size > maxSecret {
			return fmt.Errorf("%w: no secret is so large", ErrNotWhole)
		}
		content, err := io.ReadAll(r.tar)
		if err != nil {
			return err
		}
		return into.secret(name, content)
	}
	return fmt.Errorf("%w: unknown entry", ErrNotWhole)
}

func (r *reader) rows(ctx context.Context, table Table, into sink) (n int, err error) {
	decode := json.NewDecoder(r.tar)
	decode.UseNumber()
	for {
		var row []any
		if err := decode.Decode(&row); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
		if len(row) != len(table.Columns) {
			return n, fmt.Errorf("%w: a row has %d values for %d columns", ErrNotWhole, len(row), len(table.Columns))
		}
		if err := into.row(ctx, table, row); err != nil {
			return n, err
		}
		n++
	}
}

// checkedFile passes a file on and makes sure that its bytes have the hash that is its name.
func checkedFile(name string, content io.Reader, into sink) error {
	if raw, err := hex.DecodeString(name); err != nil || len(raw) != sha256.Size {
		return fmt.Errorf("%w: not the name of a file", ErrNotWhole)
	}
	hash := sha256.New()
	if err := into.file(name, io.TeeReader(content, hash)); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != name {
		return fmt.Errorf("%w: the file was damaged", ErrNotWhole)
	}
	return nil
}

func (r *reader) compare(sum *Summary) error {
	var said Summary
	if err := json.NewDecoder(r.tar).Decode(&said); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWhole, err)
	}
	if !maps.Equal(said.Rows, sum.Rows) || said.Files != sum.Files || said.Bytes != sum.Bytes {
		return fmt.Errorf("%w: it should have %d rows and %d files and has %d and %d", ErrNotWhole, said.TotalRows(), said.Files, sum.TotalRows(), sum.Files)
	}
	sum.Missing = said.Missing
	if _, err := r.tar.Next(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows its end", ErrNotWhole)
	}
	if _, err := io.Copy(io.Discard, r.unzipped); err != nil { // to the checksum of all
		return fmt.Errorf("%w: it was damaged (%w)", ErrNotWhole, err)
	}
	return nil
}

// target is an empty installation.
type target struct {
	store   *models.Store
	dataDir string
	tx      *sql.Tx
	conn    *sql.Conn
	columns map[string][]column
	insert  *sql.Stmt
	current string // the table of insert
	kinds   []string
	secrets map[string][]byte // written last: one that is there may still be needed
}

func (t *target) begin(ctx context.Context) error {
	db, err := t.store.SQL()
	if err != nil {
		return err
	}
	if t.conn, err = db.Conn(ctx); err != nil {
		return err
	}
	if t.tx, err = t.conn.BeginTx(ctx, nil); err != nil {
		return err
	}
	t.columns = map[string][]column{}
	catalog := &catalog{q: t.tx, postgres: t.store.Postgres()}
	tables, err := catalog.tables(ctx)
	for _, table := range tables {
		if err == nil {
			t.columns[table.Name], err = catalog.columns(ctx, table.Name)
		}
	}
	return err
}

// end commits, or takes everything back after an error.
func (t *target) end(err error) error {
	defer t.conn.Close()
	for name, content := range t.secrets {
		if err == nil {
			err = durable.Write(filepath.Join(t.dataDir, name), bytes.NewReader(content))
		}
	}
	if err != nil {
		return errors.Join(err, t.tx.Rollback())
	}
	return t.tx.Commit()
}

func (t *target) row(ctx context.Context, table Table, row []any) error {
	if t.current != table.Name {
		if err := t.prepare(ctx, table); err != nil {
			return err
		}
	}
	for i, v := range row {
		var err error
		if row[i], err = native(t.kinds[i], v); err != nil {
			return fmt.Errorf("column %s: %w", table.Columns[i], err)
		}
	}
	_, err := t.insert.ExecContext(ctx, row...)
	return err
}

func (t *target) prepare(ctx context.Context, table Table) (err error) {
	if len(table.Columns) == 0 { // else its name is one that the database has, as its columns are
		return fmt.Errorf("%w: a table without columns", ErrNotWhole)
	}
	t.kinds = nil
	places := make([]string, len(table.Columns))
	for i, name := range table.Columns {
		at := slices.IndexFunc(t.columns[table.Name], func(c column) bool { return c.name == name })
		if at < 0 {
			return fmt.Errorf("%w: this database has no column %s.%s", ErrNotWhole, table.Name, name)
		}
		t.kinds = append(t.kinds, t.columns[table.Name][at].kind)
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	if t.insert != nil {
		_ = t.insert.Close()
	}
	t.insert, err = t.tx.PrepareContext(ctx, `INSERT INTO "`+table.Name+`" ("`+strings.Join(table.Columns, `", "`)+`") VALUES (`+strings.Join(places, ", ")+`)`)
	t.current = table.Name
	return err
}

// native turns what JSON carried into what a column of this kind takes.
func native(kind string, v any) (any, error) {
	if number, ok := v.(json.Number); ok {
		return nativeNumber(kind, number)
	}
	text, ok := v.(string)
	if !ok {
		return v, nil // null, true, false
	}
	switch {
	case strings.HasPrefix(kind, "timestamp"), kind == "datetime":
		return time.Parse(time.RFC3339Nano, text)
	case kind == "bytea", kind == "blob":
		return base64.StdEncoding.DecodeString(text)
	}
	return text, nil
}

func nativeNumber(kind string, number json.Number) (any, error) {
	if kind == "boolean" {
		return number != "0", nil
	}
	if kind == "real" || kind == "double precision" || strings.ContainsAny(number.String(), ".eE") {
		return number.Float64()
	}
	return number.Int64()
}

func (t *target) file(sha256 string, content io.Reader) error {
	path := blobPath(t.dataDir, sha256)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return durable.Write(path, content)
}

func (t *target) secret(name string, content []byte) error {
	t.secrets[name] = content
	return nil
}

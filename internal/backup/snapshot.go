package backup

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"lectern/models"
)

// snapshot reads one state of the database, however long it takes, and keeps no writer waiting.
type snapshot struct {
	*catalog
	conn *sql.Conn
}

func takeSnapshot(ctx context.Context, store *models.Store) (*snapshot, error) {
	db, err := store.SQL()
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	begin := "BEGIN DEFERRED"
	if store.Postgres() {
		begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	}
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		_ = conn.Close()
		return nil, err
	}
	s := &snapshot{catalog: &catalog{q: conn, postgres: store.Postgres()}, conn: conn}
	var users int // the state is that of the first read
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM users").Scan(&users); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *snapshot) close() {
	_, _ = s.conn.ExecContext(context.Background(), "ROLLBACK")
	_ = s.conn.Close()
}

func (s *snapshot) kind() string {
	if s.postgres {
		return "postgresql"
	}
	return "sqlite"
}

// blobs lists the SHA-256 of every file.
func (s *snapshot) blobs(ctx context.Context) ([]string, error) {
	return texts(ctx, s.conn, "SELECT DISTINCT sha256 FROM files ORDER BY sha256")
}

// rows yields a table's rows, the older ids first, as values that JSON can carry.
func (s *snapshot) rows(ctx context.Context, table Table) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		order := ""
		if slices.Contains(table.Columns, "id") {
			order = ` ORDER BY "id"`
		}
		rows, err := s.conn.QueryContext(ctx, `SELECT "`+strings.Join(table.Columns, `", "`)+`" FROM "`+table.Name+`"`+order)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		values := make([]any, len(table.Columns))
		targets := make([]any, len(values))
		for i := range values {
			targets[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(targets...); err != nil {
				yield(nil, err)
				return
			}
			for i, v := range values {
				values[i] = portable(v)
			}
			if !yield(values, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// portable is a value as JSON has it; what it was is told by the column that it goes into.
func portable(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	default:
		return v
	}
}

// querier is a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// catalog asks a database what tables it has.
type catalog struct {
	q        querier
	postgres bool
}

// derived tells which tables are made again from the others, or belong to the migrations.
func derived(table string) bool {
	return table == "goose_db_version" || strings.HasPrefix(table, "sqlite_") || strings.HasPrefix(table, "search_")
}

// tables lists the tables, those that others point at first.
func (c *catalog) tables(ctx context.Context) ([]Table, error) {
	query := "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
	if c.postgres {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
	}
	names, err := texts(ctx, c.q, query)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, derived)
	parents := map[string][]string{}
	for _, name := range names {
		if parents[name], err = c.parents(ctx, name); err != nil {
			return nil, err
		}
	}
	ordered, err := parentsFirst(names, parents)
	if err != nil {
		return nil, err
	}
	var tables []Table
	for _, name := range ordered {
		types, err := c.columns(ctx, name)
		if err != nil {
			return nil, err
		}
		table := Table{Name: name}
		for _, column := range types {
			table.Columns = append(table.Columns, column.name)
		}
		tables = append(tables, table)
	}
	return tables, nil
}

func (c *catalog) parents(ctx context.Context, table string) ([]string, error) {
	query := `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)`
	if c.postgres {
		query = `SELECT DISTINCT p.relname FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
			WHERE k.contype = 'f' AND t.relname = $1 AND t.relnamespace = current_schema()::regnamespace`
	}
	return texts(ctx, c.q, query, table)
}

type column struct{ name, kind string }

// columns lists a table's columns with their types in lower case. Generated ones are not listed.
func (c *catalog) columns(ctx context.Context, table string) ([]column, error) {
	query := "SELECT name, lower(type) FROM pragma_table_info(?) ORDER BY cid"
	if c.postgres {
		query = `SELECT column_name, data_type FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`
	}
	rows, err := c.q.QueryContext(ctx, query, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []column
	for rows.Next() {
		var one column
		if err := rows.Scan(&one.name, &one.kind); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// parentsFirst orders names so that each comes after those that it points at; pointing at itself does not count.
func parentsFirst(names []string, parents map[string][]string) ([]string, error) {
	var ordered []string
	placed := map[string]bool{}
	for len(ordered) < len(names) {
		before := len(ordered)
		for _, name := range names {
			ready := !slices.ContainsFunc(parents[name], func(p string) bool { return p != name && !placed[p] })
			if !placed[name] && ready {
				placed[name], ordered = true, append(ordered, name)
			}
		}
		if len(ordered) == before {
			return nil, fmt.Errorf("the tables point at each other in a circle")
		}
	}
	return ordered, nil
}

func texts(ctx context.Context, q querier, query string, args ...any) ([]string, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

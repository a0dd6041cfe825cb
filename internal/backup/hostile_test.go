package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/backup"
	"lectern/internal/testenv"
)

// crafted is an archive with anything in it.
func crafted(t *testing.T, manifest backup.Manifest, entries ...tar.Header) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	w := tar.NewWriter(zipped)
	put := func(header tar.Header, content []byte) {
		header.Mode, header.Size = 0o777, int64(len(content))
		if header.Typeflag == tar.TypeSymlink {
			header.Size, content = 0, nil
		}
		require.NoError(t, w.WriteHeader(&header))
		_, err := w.Write(content)
		require.NoError(t, err)
	}
	head, err := json.Marshal(manifest)
	require.NoError(t, err)
	put(tar.Header{Name: "manifest.json"}, head)
	for _, entry := range entries {
		put(entry, []byte("[]\n"))
	}
	require.NoError(t, w.Close())
	require.NoError(t, zipped.Close())
	return out.Bytes()
}

func TestAHostileBackupReachesNothingElse(t *testing.T) {
	manifest := backup.Manifest{Format: 1, MadeAt: time.Now(), Schema: 1, Database: "sqlite"}
	injected := `users" DEFAULT VALUES; CREATE TABLE pwned (a); --`
	withTable := func(table backup.Table) backup.Manifest {
		with := manifest
		with.Tables = []backup.Table{table}
		return with
	}
	for name, archive := range map[string][]byte{
		"a secret outside":        crafted(t, manifest, tar.Header{Name: "secrets/../../pwned"}),
		"a secret with a path":    crafted(t, manifest, tar.Header{Name: "secrets//etc/pwned"}),
		"a hidden secret":         crafted(t, manifest, tar.Header{Name: "secrets/.env"}),
		"the database as secret":  crafted(t, manifest, tar.Header{Name: "secrets/lectern.db-wal"}),
		"a file outside":          crafted(t, manifest, tar.Header{Name: "files/../../pwned"}),
		"a file with a wide name": crafted(t, manifest, tar.Header{Name: "files/" + string(bytes.Repeat([]byte("A"), 64))}),
		"a link out":              crafted(t, manifest, tar.Header{Name: "pwned", Typeflag: tar.TypeSymlink, Linkname: "/etc"}),
		"a table of no schema":    crafted(t, withTable(backup.Table{Name: "pwned", Columns: []string{"id"}}), tar.Header{Name: "tables/pwned/000001.jsonl"}),
		"a table that is SQL":     crafted(t, withTable(backup.Table{Name: injected}), tar.Header{Name: "tables/" + injected + "/000001.jsonl"}),
		"the table of migrations": crafted(t, withTable(backup.Table{Name: "goose_db_version", Columns: []string{"id"}}), tar.Header{Name: "tables/goose_db_version/1.jsonl"}),
	} {
		for kind, place := range kinds {
			t.Run(name+", "+kind, func(t *testing.T) {
				around := t.TempDir()
				dataDir := filepath.Join(around, "deep", "data")
				require.NoError(t, os.MkdirAll(dataDir, 0o700))
				store := open(t, place(t), dataDir)
				_, _, err := backup.Restore(t.Context(), store, dataDir, bytes.NewReader(archive), testenv.Log(t))
				require.ErrorIs(t, err, backup.ErrNotWhole)
				require.NotContains(t, err.Error(), "syntax", "no text of the archive is run")
				require.NoError(t, filepath.WalkDir(around, func(path string, entry fs.DirEntry, err error) error {
					require.NotContains(t, entry.Name(), "pwned")
					require.NotEqual(t, ".env", entry.Name())
					return err
				}))
				require.False(t, store.DB(t.Context()).Migrator().HasTable("pwned"))
			})
		}
	}
}

package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestABackupIsItsOwnersAlone: what lies at the place, left by a crash or laid there by somebody else, is neither followed nor kept.
func TestABackupIsItsOwnersAlone(t *testing.T) {
	for name, lay := range map[string]func(t *testing.T, part, other string){
		"a link elsewhere":      func(t *testing.T, part, other string) { require.NoError(t, os.Symlink(other, part)) },
		"a file open to anyone": func(t *testing.T, part, _ string) { require.NoError(t, os.WriteFile(part, []byte("half"), 0o666)) },
	} {
		t.Run(name, func(t *testing.T) {
			dir, public := t.TempDir(), t.TempDir()
			archive, other := filepath.Join(public, "a.tar.gz"), filepath.Join(public, "other")
			require.NoError(t, os.WriteFile(other, []byte("untouched"), 0o644))
			lay(t, archive+".part", other)
			want(t, dir, "", "migrate", "up")
			want(t, dir, "", "backup", "--to", archive)
			info, err := os.Lstat(archive)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode(), "a plain file of its owner")
			text, err := os.ReadFile(other)
			require.NoError(t, err)
			require.Equal(t, "untouched", string(text))
		})
	}
}

package main_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheDatabaseIsNotForOthersOnTheMachine, also in a folder that was made for all, and where an earlier version has made it so.
func TestTheDatabaseIsNotForOthersOnTheMachine(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // which has other rights
	}
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	database := filepath.Join(dir, "lectern.db")
	others := func() os.FileMode {
		info, err := os.Stat(database)
		require.NoError(t, err)
		return info.Mode().Perm() & 0o007
	}
	want(t, dir, "", "migrate", "up")
	require.Zero(t, others())
	require.NoError(t, os.Chmod(database, 0o644))
	want(t, dir, "", "migrate", "up")
	require.Zero(t, others())
}

package durable_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"lectern/internal/durable"
)

func TestAFileIsReplacedAsAWholeOrStays(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "secret")
	require.NoError(t, durable.Write(path, strings.NewReader("first")))
	require.NoError(t, durable.Write(path, strings.NewReader("second")))
	broken := errors.New("the source breaks off")
	require.ErrorIs(t, durable.Write(path, io.MultiReader(strings.NewReader("thi"), iotest.ErrReader(broken))), broken)

	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "second", string(content))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing half-written stays")
}

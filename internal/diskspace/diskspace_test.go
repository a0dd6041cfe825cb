package diskspace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/diskspace"
)

func TestOf(t *testing.T) {
	s, err := diskspace.Of(t.TempDir())
	require.NoError(t, err)
	require.NotZero(t, s.Free)
	require.GreaterOrEqual(t, s.Total, s.Free)
	_, err = diskspace.Of(t.TempDir() + "/missing")
	require.Error(t, err)
}

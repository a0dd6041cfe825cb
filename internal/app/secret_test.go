package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
)

func TestSecretsRotate(t *testing.T) {
	cfg := config.Config{DataDir: t.TempDir()}
	path := filepath.Join(cfg.DataDir, "jwt_secret")
	require.ErrorContains(t, RotateKeys(cfg), "first start")

	first, err := tokenSecrets(cfg)
	require.NoError(t, err)
	require.Len(t, first, 1)
	again, err := tokenSecrets(cfg)
	require.NoError(t, err)
	require.Equal(t, first, again)
	for range keptSecrets - 1 {
		require.NoError(t, RotateKeys(cfg))
	}
	rotated, err := tokenSecrets(cfg)
	require.NoError(t, err)
	require.Len(t, rotated, keptSecrets)
	require.Equal(t, first[0], rotated[keptSecrets-1])
	require.NoError(t, RotateKeys(cfg))
	rotated, err = tokenSecrets(cfg)
	require.NoError(t, err)
	require.Len(t, rotated, keptSecrets)
	require.NotContains(t, rotated, first[0], "the oldest is forgotten")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	cfg.JWTSecret = strings.Repeat("configured ", 4)
	configured, err := tokenSecrets(cfg)
	require.NoError(t, err)
	require.Equal(t, append([][]byte{[]byte(cfg.JWTSecret)}, rotated...), configured, "those in the file still check tokens")
	require.ErrorContains(t, RotateKeys(cfg), "jwt_secret")

	cfg.JWTSecret = ""
	for _, bad := range []string{"", "\n\n", "short\n", string(first[0]) + "\nshort\n"} {
		require.NoError(t, os.WriteFile(path, []byte(bad), 0o600))
		_, err = tokenSecrets(cfg)
		require.ErrorContains(t, err, path)
		require.Error(t, RotateKeys(cfg))
	}
}

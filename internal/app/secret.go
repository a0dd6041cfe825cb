package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lectern/internal/config"
)

// tokenSecret is the configured secret, or the one kept in the data folder, made at the first start.
func tokenSecret(cfg config.Config) ([]byte, error) {
	if cfg.JWTSecret != "" {
		return []byte(cfg.JWTSecret), nil
	}
	path := filepath.Join(cfg.DataDir, "jwt_secret")
	raw, err := os.ReadFile(path)
	switch secret := strings.TrimSpace(string(raw)); {
	case err == nil && len(secret) < 32:
		return nil, fmt.Errorf("%s has fewer than 32 characters", path)
	case err == nil:
		return []byte(secret), nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	secret := rand.Text() + rand.Text() // 260 bits
	return []byte(secret), os.WriteFile(path, []byte(secret+"\n"), 0o600)
}

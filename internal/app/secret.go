package app

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"lectern/internal/config"
	"lectern/internal/durable"
)

// keptSecrets is how many secrets the file has at most. Access tokens live for minutes only, so one older than the last
// would do; another one bears two rotations at once.
const keptSecrets = 3

// tokenSecrets are the configured secret, if any, and those in the data folder, one per line. The first makes tokens, the
// others still check them. Without any, one is made and kept.
func tokenSecrets(cfg config.Config) ([][]byte, error) {
	secrets, err := readSecrets(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	if cfg.JWTSecret != "" {
		return append([][]byte{[]byte(cfg.JWTSecret)}, secrets...), nil
	}
	if len(secrets) > 0 {
		return secrets, nil
	}
	secrets = [][]byte{newSecret()}
	return secrets, writeSecrets(cfg.DataDir, secrets)
}

// RotateKeys puts a new secret before those in the data folder. A running server takes it up when it starts again; nobody
// is signed out by that.
func RotateKeys(cfg config.Config) error {
	if cfg.JWTSecret != "" {
		return fmt.Errorf("jwt_secret is in the configuration: change it there, and put the old one as a line into %s, so that nobody is signed out",
			secretsPath(cfg.DataDir))
	}
	secrets, err := readSecrets(cfg.DataDir)
	if err != nil {
		return err
	}
	if len(secrets) == 0 {
		return fmt.Errorf("there is no %s yet: the server makes it at its first start", secretsPath(cfg.DataDir))
	}
	secrets = append([][]byte{newSecret()}, secrets...)
	return writeSecrets(cfg.DataDir, secrets[:min(len(secrets), keptSecrets)])
}

func newSecret() []byte { return []byte(rand.Text() + rand.Text()) } // 260 bits

func secretsPath(dir string) string { return filepath.Join(dir, "jwt_secret") }

func readSecrets(dir string) ([][]byte, error) {
	raw, err := os.ReadFile(secretsPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var secrets [][]byte
	for line := range bytes.Lines(raw) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if len(line) < 32 {
			return nil, fmt.Errorf("%s has a line of fewer than 32 characters", secretsPath(dir))
		}
		secrets = append(secrets, line)
	}
	if len(secrets) == 0 {
		return nil, fmt.Errorf("%s is empty: bring it back from a backup, or delete it, and everybody signs in anew", secretsPath(dir))
	}
	return secrets, nil
}

func writeSecrets(dir string, secrets [][]byte) error {
	return durable.Write(secretsPath(dir), bytes.NewReader(append(bytes.Join(secrets, []byte("\n")), '\n')))
}

package config_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
)

func TestReadmeListsEverySetting(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for _, s := range config.Settings {
		if strings.HasPrefix(s.Key, "rate_") && s.Key != "rate_limits" {
			continue // one row for all of them
		}
		require.True(t, strings.Contains(string(readme), "`"+s.Env()+"`"), "README.md needs a row for %s", s.Env())
	}
}

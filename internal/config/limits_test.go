package config_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
)

// TestEveryLimitIsDocumented: each setting that limits stands in docs/limits.md with its default.
func TestEveryLimitIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/limits.md")
	require.NoError(t, err)
	def := regexp.MustCompile(`\(default ([0-9.:]+)\)$`)
	for _, s := range config.Settings {
		if s.Key == "rate_limits" || !strings.HasPrefix(s.Key, "rate_") && !strings.Contains(s.Key, "max_") && !strings.Contains(s.Key, "quota") {
			continue
		}
		found := def.FindStringSubmatch(s.Usage)
		require.NotNil(t, found, s.Key)
		require.Regexp(t, "(?m)^.*`"+s.Env()+"`.*`"+regexp.QuoteMeta(found[1])+"`", string(page))
	}
}

package config_test

import (
	"log/slog"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
)

func TestOperationSettings(t *testing.T) {
	load := func(environ ...string) (config.Config, error) {
		return config.Load(config.Sources{Dir: t.TempDir(), Environ: environ})
	}
	cfg, err := load("LECTERN_LOG_LEVEL=warn, media=debug,http=ERROR", "LECTERN_METRICS_NETWORKS=10.0.0.0/8", "LECTERN_METRICS_TOKEN=0123456789abcdef",
		"LECTERN_TRACES_URL=http://localhost:4318/v1/traces", "LECTERN_TRACES_RATIO=0.25")
	require.NoError(t, err)
	require.Equal(t, slog.LevelDebug, cfg.LogLevels.Of("media"))
	require.Equal(t, slog.LevelError, cfg.LogLevels.Of("http"))
	require.Equal(t, slog.LevelWarn, cfg.LogLevels.Of("calls"))
	require.Equal(t, slog.LevelWarn, cfg.LogLevels.Of(""))
	require.Equal(t, config.Metrics{Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Token: "0123456789abcdef"}, cfg.Metrics)
	require.Equal(t, config.Tracing{URL: "http://localhost:4318/v1/traces", Ratio: 0.25}, cfg.Tracing)
	for variable, says := range map[string]string{
		"LECTERN_LOG_LEVEL=loud":          "debug, info, warn or error",
		"LECTERN_LOG_LEVEL=info,warn":     "only the first",
		"LECTERN_LOG_LEVEL=info,sfu=warn": "there is no part sfu",
		"LECTERN_LOG_LEVEL=media=":        "debug, info",
		"LECTERN_METRICS_TOKEN=short":     "16 characters",
		"LECTERN_METRICS_NETWORKS=x":      "networks are expected",
		"LECTERN_TRACES_URL=localhost":    "http://",
		"LECTERN_TRACES_RATIO=1.1":        "from 0 to 1",
		"LECTERN_TRACES_RATIO=NaN":        "from 0 to 1",
	} {
		_, err := load(variable)
		require.ErrorContains(t, err, says, variable)
	}
}

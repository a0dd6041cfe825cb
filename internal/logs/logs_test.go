package logs_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/logs"
)

func TestEachPartHasItsLevel(t *testing.T) {
	var out bytes.Buffer
	log := logs.New(&out, false, func(component string) slog.Level {
		return map[string]slog.Level{"media": slog.LevelDebug, "http": slog.LevelError}[component] // others: info
	})
	log.Debug("no")
	log.Info("general")
	logs.Of(log, "media").With("room", 1).WithGroup("g").Debug("media", "x", 1)
	logs.Of(log, "http").Warn("no")
	logs.Of(log, "http").With("request_id", "r").Error("http")
	logs.Of(log, "calls").Debug("no")
	logs.Of(log, "calls").Info("calls")
	var said []string
	for line := range strings.Lines(out.String()) {
		var entry struct{ Msg, Component string }
		require.NoError(t, json.Unmarshal([]byte(line), &entry))
		said = append(said, entry.Component+" "+entry.Msg)
	}
	require.Equal(t, []string{" general", "media media", "http http", "calls calls"}, said)

	out.Reset()
	logs.New(&out, true, func(string) slog.Level { return slog.LevelInfo }).Info("for people")
	require.Contains(t, out.String(), `level=INFO msg="for people"`)
}

package app_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/app"
	"lectern/internal/testenv"
)

var metricIn = regexp.MustCompile(`\b(?:lectern|go|process)_[a-z0-9_]+`)

// TestTheDashboardKnowsTheMetrics reads the dashboard for Grafana: each metric that a panel asks for must exist.
func TestTheDashboardKnowsTheMetrics(t *testing.T) {
	cfg := quiet(t)
	cfg.TURNPort = freePort(t) // the relay has its own
	a, err := app.New(t.Context(), cfg, slog.New(slog.DiscardHandler), app.WithPasswordParams(testenv.CheapPasswords))
	require.NoError(t, err)
	t.Cleanup(func() {
		over, end := context.WithCancel(context.Background())
		end()
		require.NoError(t, a.Run(over))
	})
	exist := a.MetricNames()
	var dashboard struct {
		Panels []struct {
			Type, Title string
			Targets     []struct{ Expr string }
		}
	}
	file, err := os.ReadFile("../../deploy/grafana/lectern.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(file, &dashboard))
	shown := 0
	for _, panel := range dashboard.Panels {
		require.Equal(t, panel.Type != "row", len(panel.Targets) > 0, panel.Title)
		for _, target := range panel.Targets {
			names := metricIn.FindAllString(target.Expr, -1)
			require.NotEmpty(t, names, target.Expr)
			for _, name := range names {
				of := name
				for _, part := range []string{"_bucket", "_sum", "_count"} {
					if base, cut := strings.CutSuffix(name, part); cut && exist[base] {
						of = base
					}
				}
				if strings.HasPrefix(name, "process_") && runtime.GOOS != "linux" && !exist[of] {
					continue // not told on every system
				}
				require.True(t, exist[of], "%s asks for %s, which nothing exports", panel.Title, name)
				shown++
			}
		}
	}
	require.Greater(t, shown, 40)
}

// TestMetricsOfARunningServer asks a server that has just come up.
func TestMetricsOfARunningServer(t *testing.T) {
	address := start(t, quiet(t))
	text := func() string {
		res := get(t, http.DefaultClient, "http://"+address+"/metrics")
		require.Equal(t, http.StatusOK, res.StatusCode)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return string(body)
	}
	require.Eventually(t, func() bool { return strings.Contains(text(), `lectern_job_seconds_count{task="search_index"}`) },
		10*time.Second, 20*time.Millisecond, "a job has had its turn")
	page := text()
	for _, line := range []string{
		`lectern_build_info{version="dev"} 1`, "lectern_sockets 0", "lectern_meetings 0", `lectern_calls{state="ringing"} 0`,
		`lectern_playbacks{state="playing"} 0`, "lectern_storage_bytes 0", `lectern_queue_length{queue="push"} 0`,
		`lectern_job_failures_total{task="search_index"} 0`,
	} {
		require.True(t, strings.Contains(page, line+"\n"), line)
	}
	for _, name := range []string{`lectern_database_seconds_count{operation="query"}`, `lectern_disk_bytes{kind="free"}`, `go_sql_open_connections{db_name="lectern"}`} {
		require.True(t, strings.Contains(page, name), name)
	}
}

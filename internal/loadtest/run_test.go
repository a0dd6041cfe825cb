package loadtest_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/loadtest"
	"lectern/internal/testenv"
	"lectern/internal/wire"
)

// administered is a server that is somebody's.
func administered(t *testing.T) *testenv.Env {
	t.Helper()
	env := testenv.Start(t)
	env.Register(t, "Admin")
	return env
}

func run(t *testing.T, o loadtest.Options) *loadtest.Report {
	t.Helper()
	report, err := loadtest.Run(t.Context(), o, t.Logf)
	require.NoError(t, err)
	require.Empty(t, report.Errors)
	require.True(t, report.Whole())
	return report
}

func TestALectureIsMeasured(t *testing.T) {
	env := administered(t)
	o := loadtest.Defaults()
	o.Server, o.Subscribers, o.Duration, o.Ramp, o.SettleSeconds, o.PID = env.URL, 3, 2*time.Second, 0, 0.5, os.Getpid()
	o.Accounts = filepath.Join(t.TempDir(), "accounts")
	r := run(t, o)
	require.Equal(t, 4, r.Joined)
	require.Positive(t, r.SentVideo)
	require.Positive(t, r.Received)
	require.Positive(t, r.Video)
	require.Positive(t, r.JoinMedian)
	require.Positive(t, r.DelayP50)
	require.LessOrEqual(t, r.DelayP50, r.DelayP99)
	require.Positive(t, r.PacketMicros)
	var page bytes.Buffer
	r.Print(&page)
	require.Contains(t, page.String(), "4 of 4")

	// The accounts of the first run do for a room whose members all send, in layers.
	o.Publishers, o.Subscribers, o.Simulcast, o.View, o.Duration = 2, 0, true, true, time.Second
	require.Equal(t, 2, run(t, o).Joined)
}

func TestAnEmptyInstallationGetsNoAdministratorFromATest(t *testing.T) {
	env := testenv.Start(t)
	o := loadtest.ChatDefaults()
	o.Server = env.URL
	_, err := loadtest.RunChat(t.Context(), o, t.Logf)
	require.ErrorContains(t, err, "create-user")
	var info wire.ServerInfo
	env.Anonymous().Do(t, "GET", "/api/v1/server", nil).Decode(t, &info)
	require.True(t, info.FirstAccount)
}

func TestBadTargetsAndOptionsAreRefused(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.ivf")
	require.NoError(t, os.WriteFile(bad, []byte("no pictures at all, in a file of some length"), 0o600))
	for name, c := range map[string]struct {
		change func(*loadtest.Options)
		want   string
	}{
		"another machine":     {func(o *loadtest.Options) { o.Server = "http://192.0.2.1:8080" }, "--i-own-this-server"},
		"another, IPv6":       {func(o *loadtest.Options) { o.Server = "https://[2001:db8::1]" }, "--i-own-this-server"},
		"no server":           {func(o *loadtest.Options) { o.Server = "" }, "--server"},
		"not an address":      {func(o *loadtest.Options) { o.Server = "localhost:8080" }, "--server"},
		"a path":              {func(o *loadtest.Options) { o.Server = "http://localhost/x" }, "--server"},
		"nobody sends":        {func(o *loadtest.Options) { o.Publishers = 0 }, "--publishers"},
		"nobody receives":     {func(o *loadtest.Options) { o.Subscribers = 0 }, "--subscribers"},
		"too many":            {func(o *loadtest.Options) { o.Subscribers = 100_000 }, "--publishers and --subscribers"},
		"no time":             {func(o *loadtest.Options) { o.Duration = 0 }, "--duration"},
		"a password only":     {func(o *loadtest.Options) { o.Password = "x" }, "--email"},
		"layers of a file":    {func(o *loadtest.Options) { o.Simulcast, o.Video = true, "none" }, "--simulcast"},
		"no such file":        {func(o *loadtest.Options) { o.Video = bad + "x" }, "--video"},
		"not a video":         {func(o *loadtest.Options) { o.Video = bad }, "--video"},
		"no such process":     {func(o *loadtest.Options) { o.PID = 1 << 30 }, "--pid"},
		"prepared for nobody": {func(o *loadtest.Options) { o.Prepare = true }, "--accounts"},
	} {
		o := loadtest.Defaults()
		o.Server = "http://127.0.0.1:1"
		c.change(&o)
		_, err := loadtest.Run(context.Background(), o, t.Logf)
		require.ErrorContains(t, err, c.want, name)
	}
}

func TestATalkativeClassIsMeasured(t *testing.T) {
	env := administered(t)
	o := loadtest.ChatDefaults()
	o.Server, o.Sockets, o.Rate, o.Duration, o.Ramp, o.PID = env.URL, 25, 20, 2*time.Second, 0, os.Getpid()
	r, err := loadtest.RunChat(t.Context(), o, t.Logf)
	require.NoError(t, err)
	require.True(t, r.Whole(), r)
	require.EqualValues(t, 40, r.Posts)
	require.EqualValues(t, 40*25, r.Deliveries)
	require.Positive(t, r.DelayP50)
	require.LessOrEqual(t, r.DelayP50, r.DelayMost)
	require.Positive(t, r.DeliveryMicros)
	var page bytes.Buffer
	r.Print(&page)
	require.Contains(t, page.String(), "1000; 0 lost, 0 doubled")
}

func TestRequestsAreMeasured(t *testing.T) {
	env := administered(t)
	o := loadtest.APIDefaults()
	o.Server, o.Workers, o.WindowsPer, o.Duration, o.PID = env.URL, 2, 1, time.Second, os.Getpid()
	r, err := loadtest.RunAPI(t.Context(), o, t.Logf)
	require.NoError(t, err)
	require.Len(t, r.Kinds, 7)
	for _, kind := range r.Kinds {
		require.Positive(t, kind.PerCPUSecond, kind.Name)
		require.LessOrEqual(t, kind.P50, kind.P99, kind.Name)
	}
	require.Greater(t, r.Reads, 0.0)
	require.Greater(t, r.Writes, 0.0)
	require.Equal(t, 9, strings.Count(r.Row(), "\n")+1)
}

func TestBadOptionsOfTheOthersAreRefused(t *testing.T) {
	for want, change := range map[string]func(*loadtest.ChatOptions){
		"--i-own-this-server": func(o *loadtest.ChatOptions) { o.Server = "http://192.0.2.1:8080" },
		"--sockets":           func(o *loadtest.ChatOptions) { o.Sockets = 0 },
		"--rate":              func(o *loadtest.ChatOptions) { o.Rate = 0.01 },
		"--ramp":              func(o *loadtest.ChatOptions) { o.Ramp = -1 },
		"--windows":           func(o *loadtest.ChatOptions) { o.WindowsPer = 21 },
		"--duration":          func(o *loadtest.ChatOptions) { o.Duration = time.Millisecond; o.Rate = 5000 },
	} {
		o := loadtest.ChatDefaults()
		o.Server = "http://127.0.0.1:1"
		change(&o)
		_, err := loadtest.RunChat(t.Context(), o, t.Logf)
		require.ErrorContains(t, err, want)
	}
	for want, change := range map[string]func(*loadtest.APIOptions){
		"--i-own-this-server": func(o *loadtest.APIOptions) { o.Server = "http://192.0.2.1:8080" },
		"--workers":           func(o *loadtest.APIOptions) { o.Workers = 0 },
		"--pid":               func(o *loadtest.APIOptions) { o.PID = 1 << 30 },
	} {
		o := loadtest.APIDefaults()
		o.Server = "http://127.0.0.1:1"
		change(&o)
		_, err := loadtest.RunAPI(t.Context(), o, t.Logf)
		require.ErrorContains(t, err, want)
	}
}

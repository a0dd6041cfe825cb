package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/app"
	"lectern/internal/config"
	"lectern/internal/testenv"
)

// The test binary is also the server, so that it can be killed as a process, and has the race detector when the test has it.
const (
	envListen   = "LECTERN_DELIVERY_LISTEN"
	envDataDir  = "LECTERN_DELIVERY_DATA_DIR"
	envDatabase = "LECTERN_DELIVERY_DATABASE_URL"
)

func TestMain(m *testing.M) {
	if os.Getenv(envListen) == "" {
		os.Exit(m.Run())
	}
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	cfg := config.Default()
	cfg.Listen, cfg.DataDir, cfg.DatabaseURL = os.Getenv(envListen), os.Getenv(envDataDir), os.Getenv(envDatabase)
	cfg.ICEUDPPort, cfg.ICETCPPort, cfg.TURNPort = 0, 0, -1
	cfg.RateLimits = false
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := app.New(ctx, cfg, log, app.WithPasswordParams(testenv.CheapPasswords))
	if err != nil {
		return err
	}
	return a.Run(ctx)
}

// server is a Lectern that is stopped, killed and started on the same data and the same port.
type server struct {
	t       *testing.T
	listen  string
	env     []string
	process *exec.Cmd
	said    *lines
}

func startServer(t *testing.T, databaseURL string) *server {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &server{t: t, listen: free.Addr().String(), said: &lines{}}
	require.NoError(t, free.Close())
	s.env = append(os.Environ(), envListen+"="+s.listen, envDataDir+"="+t.TempDir(), envDatabase+"="+databaseURL)
	s.start()
	t.Cleanup(func() {
		s.stop(syscall.SIGTERM)
		said := s.said.String()
		require.NotContains(t, said, "DATA RACE", "the server said: %s", said)
		require.NotContains(t, said, "panic", "the server said: %s", said)
		if t.Failed() {
			t.Log("the server said last: " + said[max(0, len(said)-2000):])
		}
	})
	return s
}

func (s *server) start() {
	s.process = exec.Command(os.Args[0])
	s.process.Env, s.process.Stderr = s.env, s.said
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(s.t, s.process.Start())
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		res, err := http.Get("http://" + s.listen + "/healthz")
		if err == nil {
			_ = res.Body.Close()
			return
		}
		require.True(s.t, time.Now().Before(deadline), "the server does not answer: %v; it said: %s", err, s.said)
	}
}

func (s *server) stop(how syscall.Signal) {
	_ = s.process.Process.Signal(how)
	_ = s.process.Wait()
}

// restart ends the server, with SIGKILL as a power cut does, and starts it again.
func (s *server) restart(how syscall.Signal) {
	s.stop(how)
	s.start()
}

// lines keeps what a process says.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

package delivery

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// binary builds the program once, without the race detector: SQLite in pure Go is ten times slower with it, and what is proven here
// is what a machine keeps. Races of the same code are looked for by the tests of controllers and services.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "lectern-delivery-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "lectern")
	if out, err := exec.Command("go", "build", "-o", path, "lectern").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
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
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "LECTERN_") {
			s.env = append(s.env, pair)
		}
	}
	s.env = append(s.env, "LECTERN_LISTEN="+s.listen, "LECTERN_DATA_DIR="+t.TempDir(), "LECTERN_DATABASE_URL="+databaseURL, "LECTERN_LOG_LEVEL=warn",
		"LECTERN_RATE_LIMITS=off", "LECTERN_ICE_UDP_PORT=0", "LECTERN_ICE_TCP_PORT=0", "LECTERN_TURN_PORT=off")
	s.start()
	t.Cleanup(func() {
		s.stop(syscall.SIGTERM)
		said := s.said.String()
		require.NotContains(t, said, "panic", "the server said: %s", said)
		if t.Failed() {
			t.Log("the server said last: " + said[max(0, len(said)-2000):])
		}
	})
	return s
}

func (s *server) start() {
	path, err := binary()
	require.NoError(s.t, err)
	s.process = exec.Command(path, "serve")
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

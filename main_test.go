package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
)

// binary builds the program once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "lectern-bin-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "lectern")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: string(out), Err: err}
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

// lectern prepares a run in an empty folder, with nothing of this process's LECTERN_ variables.
func lectern(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = t.TempDir()
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "LECTERN_") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(append(cmd.Env, "LECTERN_ICE_UDP_PORT=0", "LECTERN_ICE_TCP_PORT=0"), env...)
	return cmd
}

func TestHelpAndVersion(t *testing.T) {
	for _, row := range []struct {
		args []string
		says string
	}{
		{nil, "serve"},
		{[]string{"--help"}, "serve"},
		{[]string{"serve", "--help"}, "--data-dir"},
		{[]string{"version"}, "lectern "},
	} {
		out, err := lectern(t, nil, row.args...).Output()
		require.NoError(t, err)
		require.Contains(t, string(out), row.says)
	}
}

func TestAStartThatFailsSaysWhyInOneLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() })         // after the parallel runs
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
	require.NoError(t, err)
	t.Cleanup(func() { _ = silent.Close() })
	free := "LECTERN_LISTEN=127.0.0.1:0"
	for _, row := range []struct {
		name string
		env  []string
		args []string
		says string
	}{
		{"port in use", []string{"LECTERN_LISTEN=" + taken.Addr().String()}, []string{"serve"}, "address already in use"},
		{"bad value", []string{free, "LECTERN_LOG_LEVEL=loud"}, []string{"serve"}, "LECTERN_LOG_LEVEL"},
		{"unknown variable", []string{free, "LECTERN_DATADIR=x"}, []string{"serve"}, "did you mean LECTERN_DATA_DIR?"},
		{"unknown flag", nil, []string{"serve", "--listne=x"}, "--listne"},
		{"unknown command", nil, []string{"server"}, "server"},
		{"bad flag", nil, []string{"serve", "--listen=8080"}, "--listen"},
		{"no such file", nil, []string{"serve", "--config=none.toml"}, "none.toml"},
		{"data folder is a file", []string{free, "LECTERN_DATA_DIR=/dev/null/x"}, []string{"serve"}, "data_dir"},
		{"database refuses", []string{free, "LECTERN_DATABASE_URL=postgres://u:topsecret@127.0.0.1:1/n"}, []string{"serve"}, "database"},
		{"database is silent", []string{free, "LECTERN_DATABASE_URL=postgres://u:topsecret@" + silent.Addr().String() + "/n"}, []string{"serve"}, "database"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			cmd := lectern(t, row.env, row.args...)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			start := time.Now()
			err := cmd.Run()
			require.Error(t, err)
			require.Equal(t, 1, cmd.ProcessState.ExitCode())
			require.Less(t, time.Since(start), 30*time.Second, "who waits for it is told, in the time that a person waits")
			require.Empty(t, stdout.String())
			require.Contains(t, stderr.String(), row.says)
			require.Equal(t, 1, strings.Count(stderr.String(), "\n"), "one line: %s", stderr.String())
			require.NotContains(t, stderr.String(), "topsecret")
			require.NotContains(t, stderr.String(), "goroutine")
		})
	}
}

// running is a started server.
type running struct {
	cmd  *exec.Cmd
	url  string
	done chan struct{} // closed at the end of its log
}

// serve starts the server and waits for the line that says where it listens.
func serve(t *testing.T, dir string) *running {
	t.Helper()
	return started(t, lectern(t, []string{"LECTERN_LISTEN=127.0.0.1:0", "LECTERN_DATA_DIR=" + dir}, "serve"))
}

// started starts a server as prepared.
func started(t *testing.T, cmd *exec.Cmd) *running {
	t.Helper()
	log, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	r := &running{cmd: cmd, done: make(chan struct{})}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "listening on "); ok {
			r.url, _, _ = strings.Cut(url, `"`)
			break
		}
	}
	require.NotEmpty(t, r.url, "the server did not start")
	go func() {
		defer close(r.done)
		for lines.Scan() {
			t.Log(lines.Text())
		}
	}()
	return r
}

// stop sends SIGTERM and waits.
func (r *running) stop(t *testing.T) {
	t.Helper()
	start := time.Now()
	require.NoError(t, r.cmd.Process.Signal(syscall.SIGTERM))
	<-r.done
	require.NoError(t, r.cmd.Wait(), "exit code 0")
	require.Less(t, time.Since(start), 10*time.Second)
}

func TestStartStopAndStartAgain(t *testing.T) {
	dir := t.TempDir()
	first := serve(t, dir)
	res, err := http.Get(first.url + "/readyz")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, 200, res.StatusCode)

	body, err := json.Marshal(wire.RegisterRequest{Email: "ada@example.org", Password: "seven blue buses", Name: "Ada"})
	require.NoError(t, err)
	res, err = http.Post(first.url+"/api/v1/auth/register", "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	var session wire.Session
	require.NoError(t, json.NewDecoder(res.Body).Decode(&session))
	require.NoError(t, res.Body.Close())

	socket := dial(t, first.url, session.AccessToken)
	first.stop(t)
	var event struct{ Type string }
	require.NoError(t, socket.ReadJSON(&event))
	require.Equal(t, wire.EventServerRestarting, event.Type)
	_, _, err = socket.ReadMessage()
	require.True(t, websocket.IsCloseError(err, websocket.CloseServiceRestart), "%v", err)

	secret, err := os.Stat(filepath.Join(dir, "jwt_secret"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), secret.Mode().Perm())

	out, err := lectern(t, []string{"LECTERN_DATA_DIR=" + dir}, "admin", "rotate-keys").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "Start the server again")

	second := serve(t, dir)
	req, err := http.NewRequest("GET", second.url+"/api/v1/me", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+session.AccessToken)
	res, err = http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, 200, res.StatusCode, "one stays signed in over a restart and a new key")
	second.stop(t)
}

// dial opens a socket and authenticates it.
func dial(t *testing.T, url, token string) *websocket.Conn {
	t.Helper()
	socket, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(url, "http")+"/ws", nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = socket.Close() })
	require.NoError(t, socket.SetReadDeadline(time.Now().Add(20*time.Second)))
	require.NoError(t, socket.WriteJSON(map[string]any{"type": "auth", "id": "1", "data": wire.AuthCommand{AccessToken: token}}))
	var ack struct{ Type string }
	require.NoError(t, socket.ReadJSON(&ack))
	require.Equal(t, "ack", ack.Type)
	return socket
}

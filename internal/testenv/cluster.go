package testenv

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// script runs PostgreSQL for as long as this process holds its standard input, whatever ends it.
const script = `"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit="$3" \
	-c full_page_writes=off -c max_connections=300 -c timezone=UTC >>"$2/log" 2>&1 </dev/null &
cat >/dev/null
kill -INT $! 2>/dev/null
wait
[ -e "$2/keep" ] || rm -rf "$2"`

// Cluster is a PostgreSQL server that can be stopped and started.
type Cluster struct {
	URL string

	bin, dir string
	as       *syscall.Credential
	commit   string // synchronous_commit: "on" when what was committed must outlive a crash of the server
	run      *exec.Cmd
	lifeline io.WriteCloser // the script's standard input, kept so that the garbage collector does not close it
}

// newCluster makes one that does not run yet.
func newCluster(commit string) (*Cluster, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(found) == 0 {
		return nil, errors.New("PostgreSQL is not installed (apt install postgresql); LECTERN_TEST_DATABASE_URL names another server for most tests")
	}
	bin := found[len(found)-1]
	dir, err := os.MkdirTemp("/tmp", "lectern-pg-") // a socket's path must be short
	if err != nil {
		return nil, err
	}
	as, err := credential(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(bin+"/initdb", "--no-sync", "-A", "trust", "-U", "lectern", "-E", "UTF8", "--locale=C.UTF-8", dir+"/data")
	initdb.Dir, initdb.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as}
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	return &Cluster{URL: "postgres://lectern@/postgres?host=" + dir, bin: bin, dir: dir, as: as, commit: commit}, nil
}

func (c *Cluster) start() error {
	c.run = exec.Command("sh", "-c", script, "postgres", c.bin, c.dir, c.commit)
	c.run.Dir, c.run.SysProcAttr = c.dir, &syscall.SysProcAttr{Credential: c.as, Setsid: true}
	var err error
	if c.lifeline, err = c.run.StdinPipe(); err != nil {
		return err
	}
	if err := c.run.Start(); err != nil {
		return err
	}
	return waitFor(c.URL, c.dir+"/log")
}

// StartCluster starts a PostgreSQL server of the test's own, which keeps what it has committed.
func StartCluster(t testing.TB) *Cluster {
	t.Helper()
	c, err := newCluster("on")
	require.NoError(t, err)
	require.NoError(t, c.start())
	t.Cleanup(func() {
		_ = c.lifeline.Close()
		_ = c.run.Wait()
		require.NoError(t, os.RemoveAll(c.dir))
	})
	return c
}

// Start starts the server again and waits until it answers.
func (c *Cluster) Start(t testing.TB) {
	t.Helper()
	require.NoError(t, c.start())
	require.NoError(t, os.Remove(c.dir+"/keep"))
}

// Stop ends the server: with SIGQUIT at once, as a crash does, with SIGINT in order, dropping its connections.
func (c *Cluster) Stop(t testing.TB, how syscall.Signal) {
	t.Helper()
	text, err := os.ReadFile(c.dir + "/data/postmaster.pid")
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(c.dir+"/keep", nil, 0o600))
	require.NoError(t, syscall.Kill(pid, how))
	require.NoError(t, c.lifeline.Close())
	_ = c.run.Wait() // the script's code is the server's, and that is not 0 after a crash
}

package testenv

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/models"
)

// cluster starts PostgreSQL once per test process.
var cluster = sync.OnceValues(startCluster)

// script runs PostgreSQL for as long as this process holds its standard input, whatever ends it.
const script = `"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
	-c full_page_writes=off -c max_connections=300 -c timezone=UTC >"$2/log" 2>&1 </dev/null &
cat >/dev/null
kill -INT $!
wait
rm -rf "$2"`

// running is the server: its URL, and its standard input, kept so that the garbage collector does not close it.
type running struct {
	url      string
	lifeline io.WriteCloser
}

func startCluster() (running, error) {
	if given := os.Getenv("LECTERN_TEST_DATABASE_URL"); given != "" {
		return running{url: given}, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(found) == 0 {
		return running{}, fmt.Errorf("PostgreSQL is not installed (apt install postgresql); or set LECTERN_TEST_DATABASE_URL")
	}
	bin := found[len(found)-1]
	dir, err := os.MkdirTemp("/tmp", "lectern-pg-") // a socket's path must be short
	if err != nil {
		return running{}, err
	}
	as, err := credential(dir)
	if err != nil {
		return running{}, err
	}
	initdb := exec.Command(bin+"/initdb", "--no-sync", "-A", "trust", "-U", "lectern", "-E", "UTF8", "--locale=C.UTF-8", dir+"/data")
	initdb.Dir, initdb.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as}
	if out, err := initdb.CombinedOutput(); err != nil {
		return running{}, fmt.Errorf("initdb: %w: %s", err, out)
	}
	run := exec.Command("sh", "-c", script, "postgres", bin, dir)
	run.Dir, run.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as, Setsid: true}
	lifeline, err := run.StdinPipe()
	if err != nil {
		return running{}, err
	}
	if err := run.Start(); err != nil {
		return running{}, err
	}
	at := "postgres://lectern@/postgres?host=" + dir
	return running{at, lifeline}, waitFor(at, dir+"/log")
}

// credential: PostgreSQL refuses to run as root, so then it is the user postgres, to whom the folder is given.
func credential(dir string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, int(uid), int(gid))
}

// waitFor asks until the server answers.
func waitFor(at, log string) error {
	db, err := sql.Open("pgx", at)
	if err != nil {
		return err
	}
	defer db.Close()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); ; <-tick.C {
		err := db.Ping()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(log)
			return fmt.Errorf("PostgreSQL does not answer: %w: %s", err, said)
		}
	}
}

// Postgres makes an empty database for one test and returns its URL.
func Postgres(t testing.TB) string {
	t.Helper()
	server, err := cluster()
	require.NoError(t, err)
	db, err := sql.Open("pgx", server.url)
	require.NoError(t, err)
	name := "lectern_test_" + models.NewID()
	_, err = db.Exec(`CREATE DATABASE "` + name + `"`)
	require.NoError(t, err)
	t.Cleanup(func() {
		defer db.Close()
		_, err := db.ExecContext(context.Background(), `DROP DATABASE "`+name+`" WITH (FORCE)`)
		require.NoError(t, err)
	})
	u, err := url.Parse(server.url)
	require.NoError(t, err)
	u.Path = "/" + name
	return u.String()
}

package testenv

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/user"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/models"
)

// envDatabase names a server that is there already.
const envDatabase = "LECTERN_TEST_DATABASE_URL"

// shared starts PostgreSQL once per test process.
var shared = sync.OnceValues(startShared)

func startShared() (*Cluster, error) {
	if given := os.Getenv(envDatabase); given != "" {
		return &Cluster{URL: given}, nil
	}
	c, err := newCluster("off")
	if err != nil {
		return nil, err
	}
	return c, c.start()
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
	return createDatabase(t, "")
}

// createDatabase makes a database for one test, a copy of another one if that is named.
func createDatabase(t testing.TB, from string) string {
	t.Helper()
	server, err := shared()
	require.NoError(t, err)
	db, err := sql.Open("pgx", server.URL)
	require.NoError(t, err)
	name := "lectern_test_" + models.NewID()
	create := `CREATE DATABASE "` + name + `"`
	if from != "" {
		create += " TEMPLATE " + from
	}
	_, err = db.Exec(create)
	require.NoError(t, err)
	t.Cleanup(func() {
		defer db.Close()
		_, err := db.ExecContext(context.Background(), `DROP DATABASE "`+name+`" WITH (FORCE)`)
		require.NoError(t, err)
	})
	u, err := url.Parse(server.URL)
	require.NoError(t, err)
	u.Path = "/" + name
	return u.String()
}

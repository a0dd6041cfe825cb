package main_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
)

// ask runs a command on a data folder and answers everything that it said.
func ask(t *testing.T, dir, input string, args ...string) (string, error) {
	t.Helper()
	cmd := lectern(t, []string{"LECTERN_DATA_DIR=" + dir}, args...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// want is ask for what must succeed.
func want(t *testing.T, dir, input string, args ...string) string {
	t.Helper()
	out, err := ask(t, dir, input, args...)
	require.NoError(t, err, out)
	return out
}

func signIn(t *testing.T, url, email, password string) int {
	t.Helper()
	body, err := json.Marshal(wire.LoginRequest{Email: email, Password: password})
	require.NoError(t, err)
	res, err := http.Post(url+"/api/v1/auth/login", "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode
}

func TestTheOperatorMakesAccounts(t *testing.T) {
	dir := t.TempDir()
	out, err := ask(t, dir, "", "admin", "create-user", "ada@example.org")
	require.Error(t, err)
	require.Contains(t, out, "lectern migrate up")
	require.NotContains(t, want(t, dir, "", "migrate", "up"), "pending")

	made := want(t, dir, "", "admin", "create-user", "ada@example.org", "--name", "Ada", "--admin")
	_, password, _ := strings.Cut(strings.TrimSpace(made), "shown again: ")
	require.NotEmpty(t, password)
	want(t, dir, "seven blue buses\n", "admin", "create-user", "bob@example.org", "--password-stdin")
	for _, row := range []struct{ input, email, says string }{
		{"", "ada@example.org", "already an account"},
		{"", "nobody", "email:"},
		{"short\n", "eve@example.org", "password:"},
	} {
		args := []string{"admin", "create-user", row.email}
		if row.input != "" {
			args = append(args, "--password-stdin")
		}
		out, err := ask(t, dir, row.input, args...)
		require.Error(t, err, row.email)
		require.Contains(t, out, row.says)
	}
	list := want(t, dir, "", "admin", "list")
	require.Regexp(t, `ada@example\.org +Ada +admin +open`, list)
	require.Regexp(t, `bob@example\.org +bob +user +open`, list)

	server := serve(t, dir) // the commands work beside it, too
	require.Equal(t, http.StatusOK, signIn(t, server.url, "ada@example.org", password))
	require.Equal(t, http.StatusOK, signIn(t, server.url, "bob@example.org", "seven blue buses"))
	want(t, dir, "nine green ships\n", "admin", "reset-password", "bob@example.org", "--password-stdin")
	require.Equal(t, http.StatusUnauthorized, signIn(t, server.url, "bob@example.org", "seven blue buses"))
	require.Equal(t, http.StatusOK, signIn(t, server.url, "bob@example.org", "nine green ships"))
	out, err = ask(t, dir, "", "admin", "reset-password", "nobody@example.org")
	require.Error(t, err)
	require.Contains(t, out, "no such account")
	server.stop(t)
}

func TestABackupOfARunningServerIsRestoredElsewhere(t *testing.T) {
	dir, archive := t.TempDir(), filepath.Join(t.TempDir(), "a.tar.gz")
	out, err := ask(t, t.TempDir(), "", "backup", "--to", archive)
	require.Error(t, err)
	require.Contains(t, out, "no installation here")
	require.NoFileExists(t, archive)

	want(t, dir, "", "migrate", "up")
	want(t, dir, "seven blue buses\n", "admin", "create-user", "ada@example.org", "--password-stdin")
	server := serve(t, dir)
	require.Contains(t, want(t, dir, "", "backup", "--to", archive), "rows, 0 files")
	server.stop(t)
	info, err := os.Stat(archive)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Contains(t, want(t, dir, "", "backup", "verify", archive), "whole: made ")

	out, err = ask(t, dir, "", "restore", archive)
	require.Error(t, err)
	require.Contains(t, out, "with accounts", "the place is not empty: %s", out)
	elsewhere := t.TempDir()
	requireDamagedLeavesNothing(t, archive, elsewhere)
	want(t, elsewhere, "", "restore", archive)
	second := serve(t, elsewhere)
	require.Equal(t, http.StatusOK, signIn(t, second.url, "ada@example.org", "seven blue buses"))
	out, err = ask(t, elsewhere, "", "restore", archive)
	require.Error(t, err)
	require.Contains(t, out, "another Lectern is running")
	second.stop(t)
}

// requireDamagedLeavesNothing restores half an archive into an empty folder and into one that does not exist.
func requireDamagedLeavesNothing(t *testing.T, archive, folder string) {
	t.Helper()
	whole, err := os.ReadFile(archive)
	require.NoError(t, err)
	half, absent := filepath.Join(t.TempDir(), "half.tar.gz"), filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.WriteFile(half, whole[:len(whole)/2], 0o600))
	kept := filepath.Join(folder, "jwt_secret")
	require.NoError(t, os.WriteFile(kept, []byte("theirs"), 0o600))
	for _, into := range []string{folder, absent} {
		out, err := ask(t, into, "", "restore", half)
		require.Error(t, err)
		require.Contains(t, out, "not a whole backup")
	}
	require.NoDirExists(t, absent)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.NoError(t, os.Remove(kept))
}

func TestTwoServersDoNotShareADataFolder(t *testing.T) {
	dir := t.TempDir()
	first := serve(t, dir)
	out, err := lectern(t, []string{"LECTERN_LISTEN=127.0.0.1:0", "LECTERN_DATA_DIR=" + dir}, "serve").CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "another Lectern is running on this data folder")
	require.NoError(t, first.cmd.Process.Kill()) // the system lets go of the folder for it
	<-first.done
	serve(t, dir).stop(t)
}

func TestADatabaseOfANewerVersionIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	want(t, dir, "", "migrate", "up")
	store, err := models.Connect(t.Context(), "", dir)
	require.NoError(t, err)
	require.NoError(t, store.DB(t.Context()).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)").Error)
	require.NoError(t, store.Close())
	for _, args := range [][]string{{"serve", "--listen=127.0.0.1:0"}, {"migrate", "up"}, {"migrate", "status"}} {
		out, err := ask(t, dir, "", args...)
		require.Error(t, err, args)
		require.Contains(t, out, "a newer Lectern has worked with this database")
	}
}

func TestTheSettingsAreCheckedAndShownWithoutSecrets(t *testing.T) {
	env := []string{"LECTERN_TURN_SECRET=hunter2", "LECTERN_PUBLIC_URL=http://class.example"}
	out, err := lectern(t, env, "config", "check").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "warning: ")
	require.Contains(t, string(out), "in order")
	out, err = lectern(t, env, "config", "print", "--listen=:1").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), `listen = ":1"  # --listen`)
	require.Contains(t, string(out), `turn_secret = "********"  # LECTERN_TURN_SECRET`)
	require.NotContains(t, string(out), "hunter2")
	_, err = lectern(t, []string{"LECTERN_LOG_LEVEL=loud"}, "config", "check").CombinedOutput()
	require.Error(t, err)
}

func TestHealthcheckAsksTheServerOfThisMachine(t *testing.T) {
	server := serve(t, t.TempDir())
	address := "LECTERN_LISTEN=" + strings.TrimPrefix(server.url, "http://")
	out, err := lectern(t, []string{address}, "healthcheck").CombinedOutput()
	require.NoError(t, err, string(out))
	server.stop(t)
	_, err = lectern(t, []string{address}, "healthcheck").CombinedOutput()
	require.Error(t, err)
}

// TestAPlaceWithoutAnInstallationStaysEmpty: commands that were not told the settings of the server say so and make nothing.
func TestAPlaceWithoutAnInstallationStaysEmpty(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, args := range [][]string{{"backup", "--to", filepath.Join(t.TempDir(), "a.tar.gz")}, {"admin", "list"}, {"admin", "rotate-keys"}, {"migrate", "status"}} {
		out, err := ask(t, dir, "", args...)
		require.Error(t, err, args)
		require.Contains(t, out, "there is no installation here", args)
		require.NoDirExists(t, dir, args)
	}
}

// TestRootLeavesNoFilesThatTheServerCannotRead, which runs as another user.
func TestRootLeavesNoFilesThatTheServerCannotRead(t *testing.T) {
	if os.Geteuid() != 0 {
		return // nobody else can make files for another user, nor tell this test
	}
	dir, archive := t.TempDir(), filepath.Join(t.TempDir(), "a.tar.gz")
	want(t, dir, "", "migrate", "up")
	want(t, dir, "seven blue buses\n", "admin", "create-user", "ada@example.org", "--password-stdin")
	want(t, dir, "", "backup", "--to", archive)
	elsewhere := t.TempDir()
	const nobody = 65534
	for _, place := range []string{dir, elsewhere} {
		require.NoError(t, os.Chown(place, nobody, nobody))
	}
	for _, try := range []struct{ dir, command string }{{elsewhere, "restore " + archive}, {elsewhere, "migrate up"}, {dir, "admin rotate-keys"}} {
		out, err := ask(t, try.dir, "", strings.Fields(try.command)...)
		require.Error(t, err, try.command)
		require.Contains(t, out, "run this as nobody", try.command)
	}
	entries, err := os.ReadDir(elsewhere)
	require.NoError(t, err)
	require.Empty(t, entries)
}

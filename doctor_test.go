package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheDoctorFindsAServerThatDoesNotRun(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "jwt_secret"), []byte("a secret that is long enough for tokens\n"), 0o600))
	env := []string{"LECTERN_DATA_DIR=" + dir, "LECTERN_LISTEN=127.0.0.1:1", "LECTERN_TURN_PORT=off"}
	cmd := lectern(t, env, "doctor", "--json")
	out, err := cmd.Output()
	require.Error(t, err)
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	var report struct {
		Checks []struct{ Name, Status, Detail, Mend string }
	}
	require.NoError(t, json.Unmarshal(out, &report))
	broken := map[string]string{}
	for _, c := range report.Checks {
		if c.Status == "fail" {
			broken[c.Name] = c.Mend
		}
	}
	require.Contains(t, broken["server"], "lectern serve")

	disk := lectern(t, env, "doctor", "disk")
	out, err = disk.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "1 ok, 0 to look at, 0 broken")
	database := lectern(t, env, "doctor", "database")
	_, err = database.CombinedOutput()
	require.Error(t, err)
	require.Equal(t, 1, database.ProcessState.ExitCode())

	out, err = lectern(t, env, "doctor").CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "fail  server")
	require.Contains(t, string(out), "→ start it with")
}

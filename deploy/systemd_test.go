package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheUnitsOfSystemd has systemd itself read the units, with another program in place of the one that is not installed here, and
// judge what they leave open to whoever should break in.
func TestTheUnitsOfSystemd(t *testing.T) {
	files, err := filepath.Glob("systemd/lectern*.[st]*")
	require.NoError(t, err)
	require.Len(t, files, 3)
	dir, units := t.TempDir(), []string{}
	for _, file := range files {
		unit, err := os.ReadFile(file)
		require.NoError(t, err)
		path := filepath.Join(dir, filepath.Base(file))
		write(t, path, strings.ReplaceAll(string(unit), "/usr/local/bin/lectern", "/bin/true"), 0o644)
		units = append(units, path)
	}
	out, err := exec.Command("systemd-analyze", append([]string{"verify"}, units...)...).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Empty(t, string(out))
	for _, unit := range units {
		if strings.HasSuffix(unit, ".service") {
			out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", unit).CombinedOutput()
			require.NoError(t, err, string(out))
		}
	}
}

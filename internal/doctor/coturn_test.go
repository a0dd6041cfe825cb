package doctor_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/app"
	"lectern/internal/config"
	"lectern/internal/doctor"
	"lectern/internal/testenv"
	"lectern/internal/wire"
)

// coturn runs the real one until the test ends, with the secret given, and returns its port.
func coturn(t *testing.T, secret string) int {
	t.Helper()
	dir, port := t.TempDir(), freePort(t)
	said, err := os.Create(filepath.Join(dir, "log"))
	require.NoError(t, err)
	cmd := exec.Command("turnserver", "-n", "--no-cli", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--allow-loopback-peers",
		"--listening-port="+strconv.Itoa(port), "--use-auth-secret", "--static-auth-secret="+secret, "--realm=lectern", "--no-tls", "--no-dtls",
		"--log-file=stdout", "--pidfile="+filepath.Join(dir, "pid"), "--userdb="+filepath.Join(dir, "db"))
	cmd.Stdout, cmd.Stderr = said, said
	require.NoError(t, cmd.Start(), "coturn is not installed (make bootstrap)")
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = said.Close()
	})
	at := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	}, 20*time.Second, 20*time.Millisecond, "coturn does not answer: see %s", said.Name())
	return port
}

func TestAnExternalCoturnByItsSharedSecret(t *testing.T) {
	const secret = "shared by the two servers"
	host := net.JoinHostPort("127.0.0.1", strconv.Itoa(coturn(t, secret)))
	env := testenv.Start(t, func(c *config.Config) {
		c.STUNURLs = []string{"stun:" + host}
		c.TURNURLs = []string{"turn:" + host + "?transport=udp", "turn:" + host + "?transport=tcp"}
		c.TURNSecret = secret
	})

	// What browsers get works.
	var told wire.ICEServers
	env.Register(t, "Ada").Do(t, "GET", "/api/v1/ice-servers", nil).Decode(t, &told)
	report := doctor.Examine(t.Context(), doctor.Patient{Config: env.Config, ICE: told.ICEServers}, doctor.STUN, doctor.TURN)
	require.Len(t, report.Checks, 3)
	for _, check := range report.Checks {
		require.Equal(t, doctor.OK, check.Status, check.Detail)
	}

	// And the operator is told when the two do not share it.
	wrong := env.Config
	wrong.TURNSecret = "another one"
	reach, err := app.ReachOf(wrong)
	require.NoError(t, err)
	refused := found(t, doctor.Examine(t.Context(), doctor.Patient{Config: wrong, ICE: reach.ICE}, doctor.TURN), "turn")
	require.Equal(t, doctor.Fail, refused.Status)
	require.Contains(t, refused.Mend, "static-auth-secret")
}

// Package deploy tests what brings Lectern to a machine and what stands in front of it there, with a real SSH server and a
// real nginx. Only docker is a stand-in: it records what it was asked, keeps a database's schema and an image in a
// folder, and fails where a test says so.
package deploy_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// docker is the stand-in. Its folder has: calls (what it was asked), schema, running (an image), and fail (patterns of calls that
// fail, one in a line). An image "…:N" knows schema N and refuses a newer one, as Lectern does.
const docker = `#!/bin/sh
cd "$STAND_IN" || exit 9
echo "IMAGE=${IMAGE-} docker $*" >>calls
if [ -s fail ] && echo "$*" | grep -q -f fail; then echo "stand-in: told to fail: $*" >&2; exit 1; fi
knows=${IMAGE##*:}
schema=$(cat schema)
case "$*" in
*"migrate status") echo "schema $schema of $knows"; n=$schema; while [ "$n" -lt "$knows" ]; do n=$((n + 1)); echo "pending $n.sql"; done ;;
*"migrate up") [ "$schema" -le "$knows" ] || exit 1; echo "$knows" >schema ;;
*"backup --to -") echo "archive of schema $schema" ;;
*"restore -") sed 's/.*schema //' >schema ;;
*"createdb"*) echo 0 >schema ;;
*"stop lectern"*) echo none >running ;;
*" down") echo none >running ;;
*"up -d --no-build --remove-orphans --wait") [ "$schema" -le "$knows" ] || exit 1; echo "$IMAGE" >running ;;
esac
`

// place is a machine to deploy to: a folder as the home of an SSH server's one user.
type place struct {
	home, standIn string
	env           []string
}

// newPlace runs an SSH server for the test's own user, and a web server that is well while an image runs.
func newPlace(t *testing.T) *place {
	t.Helper()
	sshd, err := exec.LookPath("sshd")
	if err != nil {
		sshd = "/usr/sbin/sshd"
	}
	dir := t.TempDir()
	p := &place{home: filepath.Join(dir, "home"), standIn: filepath.Join(dir, "docker")}
	bin := filepath.Join(dir, "bin")
	for _, d := range []string{p.home, p.standIn, bin} {
		require.NoError(t, os.MkdirAll(d, 0o755))
	}
	write(t, filepath.Join(bin, "docker"), docker, 0o755)
	write(t, filepath.Join(p.standIn, "schema"), "0\n", 0o644)
	for _, key := range []string{"host", "client"} {
		run(t, exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, key)))
	}
	port := strconv.Itoa(freePort(t))
	me, err := user.Current()
	require.NoError(t, err)
	write(t, filepath.Join(dir, "sshd_config"), strings.Join([]string{
		"Port " + port, "ListenAddress 127.0.0.1", "HostKey " + filepath.Join(dir, "host"), "PidFile none", "UsePAM no",
		"AuthorizedKeysFile " + filepath.Join(dir, "client.pub"), "StrictModes no", "PasswordAuthentication no", "PermitRootLogin yes",
		"PermitUserEnvironment no", "AllowUsers " + me.Username,
		"ForceCommand cd " + p.home + " && PATH=" + bin + ":$PATH STAND_IN=" + p.standIn + ` sh -c "$SSH_ORIGINAL_COMMAND"`, "",
	}, "\n"), 0o600)
	if os.Geteuid() == 0 {
		require.NoError(t, os.MkdirAll("/run/sshd", 0o755)) // where Debian's sshd wants to be
	}
	server := exec.Command(sshd, "-D", "-e", "-f", filepath.Join(dir, "sshd_config"))
	log, err := os.Create(filepath.Join(dir, "sshd.log"))
	require.NoError(t, err)
	server.Stderr = log
	require.NoError(t, server.Start(), "the tests need Debian's openssh-server")
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait(); _ = log.Close() })
	waitForPort(t, port)

	hostKey, err := os.ReadFile(filepath.Join(dir, "host.pub"))
	require.NoError(t, err)
	write(t, filepath.Join(dir, "known_hosts"), "[127.0.0.1]:"+port+" "+string(hostKey), 0o644)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if running := p.read(t, "running"); running == "" || running == "none" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(site.Close)
	p.env = append(os.Environ(), "STAGING_HOST=ssh://"+me.Username+"@127.0.0.1:"+port, "STAGING_URL="+site.URL, "DEPLOY_TRIES=1",
		"STAGING_KNOWN_HOSTS="+filepath.Join(dir, "known_hosts"), "STAGING_SSH_KEY="+filepath.Join(dir, "client"),
		"CI_REGISTRY=registry.example", "CI_DEPLOY_USER=robot", "CI_DEPLOY_PASSWORD=s3cret")
	return p
}

// deploy runs staging.sh for an image, and answers what it said.
func (p *place) deploy(image string) (string, error) {
	return p.say("./staging.sh", "IMAGE="+image)
}

// say runs a script, and answers what it said.
func (p *place) say(script string, env ...string) (string, error) {
	cmd := exec.Command(script)
	cmd.Env = append(p.env, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (p *place) read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(p.standIn, name))
	if os.IsNotExist(err) {
		return ""
	}
	require.NoError(t, err)
	return strings.TrimSpace(string(content))
}

// asked are the calls since the last time, without those that log in.
func (p *place) asked(t *testing.T) []string {
	t.Helper()
	calls := strings.Split(p.read(t, "calls"), "\n")
	require.NoError(t, os.Remove(filepath.Join(p.standIn, "calls")))
	require.Contains(t, calls[0], "docker login --username robot --password-stdin registry.example")
	return calls[1:]
}

func (p *place) failOn(t *testing.T, pattern string) {
	t.Helper()
	write(t, filepath.Join(p.standIn, "fail"), pattern+"\n", 0o644)
}

func TestStaging(t *testing.T) {
	p := newPlace(t)
	out, err := p.deploy("registry.example/lectern:1")
	require.Error(t, err)
	require.Contains(t, out, "lectern/.env is missing")

	write(t, filepath.Join(p.home, "lectern", ".env"), "POSTGRES_PASSWORD=x\n", 0o600)
	out, err = p.deploy("registry.example/lectern:1")
	require.NoError(t, err, out)
	require.Equal(t, "registry.example/lectern:1", p.read(t, "running"))
	require.Equal(t, "1", p.read(t, "schema"))
	require.Equal(t, []string{
		"IMAGE=registry.example/lectern:1 docker compose --file docker-compose.new.yml pull --quiet",
		"IMAGE=registry.example/lectern:1 docker compose --file docker-compose.new.yml up -d --no-build --wait postgres",
		"IMAGE=registry.example/lectern:1 docker compose --file docker-compose.new.yml run --rm -T --no-deps lectern migrate status",
		"IMAGE=registry.example/lectern:1 docker compose --file docker-compose.new.yml run --rm -T --no-deps lectern migrate up",
		"IMAGE=registry.example/lectern:1 docker compose --file docker-compose.new.yml up -d --no-build --remove-orphans --wait",
	}, p.asked(t))
	ours, err := os.ReadFile("../docker-compose.yml")
	require.NoError(t, err)
	theirs, err := os.ReadFile(filepath.Join(p.home, "lectern", "docker-compose.yml"))
	require.NoError(t, err)
	require.Equal(t, string(ours), string(theirs))

	t.Run("an update without a migration changes no data and needs no archive", func(t *testing.T) {
		out, err := p.deploy("registry.example/other:1")
		require.NoError(t, err, out)
		require.Equal(t, "registry.example/other:1", p.read(t, "running"))
		for _, call := range p.asked(t) {
			require.NotContains(t, call, "backup")
		}
	})
	t.Run("an image that cannot be had leaves everything as it is", func(t *testing.T) {
		p.failOn(t, "pull")
		_, err := p.deploy("registry.example/lectern:2")
		require.Error(t, err)
		require.Len(t, p.asked(t), 1)
		require.Equal(t, "registry.example/other:1", p.read(t, "running"))
	})
	t.Run("a version that does not come up gives way to the one before, with its data", func(t *testing.T) {
		p.failOn(t, "new.yml up -d --no-build --remove-orphans")
		out, err := p.deploy("registry.example/lectern:2")
		require.Error(t, err)
		require.Contains(t, out, "does not become healthy")
		require.Contains(t, out, "registry.example/other:1 runs again")
		require.Equal(t, "registry.example/other:1", p.read(t, "running"))
		require.Equal(t, "1", p.read(t, "schema"))
		calls := p.asked(t)
		stopped := index(calls, "IMAGE=registry.example/other:1 docker compose --file docker-compose.yml stop lectern")
		saved := index(calls, "IMAGE=registry.example/other:1 docker compose --file docker-compose.yml run --rm -T --no-deps lectern backup --to -")
		migrated := index(calls, "IMAGE=registry.example/lectern:2 docker compose --file docker-compose.new.yml run --rm -T --no-deps lectern migrate up")
		restored := index(calls, "IMAGE=registry.example/other:1 docker compose --file docker-compose.yml run --rm -T --no-deps lectern restore -")
		require.IsIncreasing(t, []int{-1, stopped, saved, migrated, restored})
	})
	t.Run("an archive that cannot be made ends it before the migration", func(t *testing.T) {
		p.failOn(t, "backup")
		_, err := p.deploy("registry.example/lectern:2")
		require.Error(t, err)
		require.Equal(t, "registry.example/other:1", p.read(t, "running"))
		require.Equal(t, -1, index(p.asked(t), "migrate up"))
	})
	t.Run("an update with a migration", func(t *testing.T) {
		require.NoError(t, os.Remove(filepath.Join(p.standIn, "fail")))
		out, err := p.deploy("registry.example/lectern:2")
		require.NoError(t, err, out)
		require.Equal(t, "registry.example/lectern:2", p.read(t, "running"))
		require.Equal(t, "2", p.read(t, "schema"))
		require.NotContains(t, out, "s3cret")
		archive, err := os.Stat(filepath.Join(p.home, "lectern", "before.tar.gz"))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), archive.Mode().Perm(), "it has the secrets of the place")
	})
	t.Run("another machine of that name is refused", func(t *testing.T) {
		env := p.env
		defer func() { p.env = env }()
		none := filepath.Join(t.TempDir(), "known_hosts")
		write(t, none, "", 0o644)
		p.env = append(p.env, "STAGING_KNOWN_HOSTS="+none)
		out, err := p.deploy("registry.example/lectern:2")
		require.Error(t, err)
		require.Contains(t, out, "Host key verification failed")
	})
	t.Run("the name of an image is no command", func(t *testing.T) {
		out, err := p.deploy("lectern:1; touch pwned")
		require.Error(t, err)
		require.Contains(t, out, "not the name of an image")
	})
}

func TestStopping(t *testing.T) {
	p := newPlace(t)
	out, err := p.say("./stop.sh")
	require.NoError(t, err, out)
	require.Equal(t, "nothing is deployed there: there is nothing to stop\n", out)
	require.Empty(t, p.read(t, "calls"))

	require.NoError(t, os.Mkdir(filepath.Join(p.home, "lectern"), 0o755))
	write(t, filepath.Join(p.home, "lectern", ".env"), "POSTGRES_PASSWORD=x\n", 0o600)
	p.failOn(t, "migrate up")
	_, err = p.deploy("registry.example/lectern:1")
	require.Error(t, err)
	p.asked(t)
	out, err = p.say("./stop.sh")
	require.NoError(t, err, out)
	require.Equal(t, "IMAGE=none docker compose --file docker-compose.new.yml down", p.read(t, "calls"), "PostgreSQL runs already")
	require.NoError(t, os.Remove(filepath.Join(p.standIn, "calls")))

	p.failOn(t, "none of these")
	_, err = p.deploy("registry.example/lectern:1")
	require.NoError(t, err)
	p.asked(t)
	out, err = p.say("./stop.sh")
	require.NoError(t, err, out)
	require.Equal(t, "IMAGE=registry.example/lectern:1 docker compose --file docker-compose.yml down", p.read(t, "calls"))
	require.Equal(t, "none", p.read(t, "running"))

	p.failOn(t, "down")
	_, err = p.say("./stop.sh")
	require.Error(t, err, "what does not stop is no success")
}

func index(calls []string, part string) int {
	for i, call := range calls {
		if strings.Contains(call, part) {
			return i
		}
	}
	return -1
}

func write(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(content), mode))
}

func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func waitForPort(t *testing.T, port string) {
	t.Helper()
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, patience, tick)
}

// How long something may take to answer, and how often it is asked.
const (
	patience = 15 * time.Second
	tick     = 20 * time.Millisecond
)

package deploy_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/ws/wstest"
)

// behindNginx runs Lectern and, before it, a real nginx with our sample; only names, ports and paths differ from the file.
// It answers nginx's HTTPS address and a client that trusts its certificate and comes from 127.0.0.2.
func behindNginx(t *testing.T) (address string, client *http.Client) {
	t.Helper()
	dir := t.TempDir()
	plain, secure := strconv.Itoa(freePort(t)), strconv.Itoa(freePort(t))
	address = "https://localhost:" + secure
	env := testenv.Start(t, func(c *config.Config) {
		c.PublicURL = address
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	run(t, exec.Command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
		"-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", filepath.Join(dir, "privkey.pem"), "-out", filepath.Join(dir, "fullchain.pem")))
	sample, err := os.ReadFile("nginx/lectern.conf")
	require.NoError(t, err)
	site := strings.NewReplacer(
		"class.example;", "localhost;", "/etc/letsencrypt/live/class.example/", dir+"/", "[::]:443", "[::1]:"+secure, "[::]:80", "[::1]:"+plain,
		"listen 443", "listen 127.0.0.1:"+secure, "listen 80", "listen 127.0.0.1:"+plain, "127.0.0.1:8080", strings.TrimPrefix(env.URL, "http://"),
	).Replace(string(sample))
	write(t, filepath.Join(dir, "nginx.conf"), "daemon off; master_process off; pid "+dir+"/pid; error_log "+dir+"/error.log;\nevents {}\nhttp {\naccess_log off;\n"+
		"client_body_temp_path "+dir+"/b; proxy_temp_path "+dir+"/p; fastcgi_temp_path "+dir+"/f; uwsgi_temp_path "+dir+"/u; scgi_temp_path "+dir+"/s;\n"+site+"}\n", 0o600)
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		nginx = "/usr/sbin/nginx"
	}
	run(t, exec.Command(nginx, "-t", "-q", "-p", dir, "-e", dir+"/error.log", "-c", filepath.Join(dir, "nginx.conf")))
	server := exec.Command(nginx, "-p", dir, "-e", dir+"/error.log", "-c", filepath.Join(dir, "nginx.conf"))
	require.NoError(t, server.Start(), "the tests need Debian's nginx")
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	waitForPort(t, secure)

	pem, err := os.ReadFile(filepath.Join(dir, "fullchain.pem"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(pem))
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(address)
			return dialer.DialContext(ctx, "tcp4", "127.0.0.1:"+port)
		}}
	t.Cleanup(transport.CloseIdleConnections)
	t.Run("plain HTTP leads to HTTPS", func(t *testing.T) {
		noFollow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		answer, err := noFollow.Get("http://127.0.0.1:" + plain + "/channels?x=1")
		require.NoError(t, err)
		defer answer.Body.Close()
		require.Equal(t, http.StatusMovedPermanently, answer.StatusCode)
		require.Equal(t, "https://127.0.0.1/channels?x=1", answer.Header.Get("Location"))
	})
	return address, &http.Client{Transport: transport}
}

func TestBehindNginx(t *testing.T) {
	address, client := behindNginx(t)
	env := testenv.Client{URL: address, HTTP: client}
	var session wire.Session
	env.Do(t, http.MethodPost, "/api/v1/auth/register", wire.RegisterRequest{Email: "ada@example.org", Password: testenv.Password, Name: "Ada"}).
		Want(t, http.StatusCreated).Decode(t, &session)
	env.Token = session.AccessToken

	t.Run("the address is the client's, whatever it says itself", func(t *testing.T) {
		forged := http.Header{"X-Forwarded-For": {"203.0.113.99"}, "X-Real-Ip": {"203.0.113.98"}, "Forwarded": {"for=203.0.113.97"}}
		env.Send(t, http.MethodPost, "/api/v1/auth/login", wire.LoginRequest{Email: "ada@example.org", Password: testenv.Password}, forged).Want(t, http.StatusOK)
		answer := env.Do(t, http.MethodGet, "/api/v1/me/sessions", nil).Want(t, http.StatusOK)
		require.Contains(t, string(answer.Body), `"127.0.0.2"`)
		require.NotContains(t, string(answer.Body), "203.0.113")
	})
	t.Run("the socket passes", func(t *testing.T) {
		socket := wstest.DialTLS(t, address, client.Transport.(*http.Transport))
		var ack wire.AuthAck
		socket.Call(t, "auth", wire.AuthCommand{AccessToken: session.AccessToken}, &ack)
		require.Equal(t, session.User.ID, ack.UserID)
		var pong wire.ClockPong
		socket.Call(t, "clock.ping", wire.ClockPing{T0: 1}, &pong)
		require.Positive(t, pong.T1)
	})
	t.Run("a large upload passes, and parts of it come back", func(t *testing.T) {
		body, kind := upload(t, "film.bin", strings.Repeat("0123456789abcdef", 1<<18)) // 4 MiB: more than nginx takes by itself
		var file wire.File
		env.Send(t, http.MethodPost, "/api/v1/files", body, http.Header{"Content-Type": {kind}}).Want(t, http.StatusCreated).Decode(t, &file)
		part := env.Send(t, http.MethodGet, file.URL, nil, http.Header{"Range": {"bytes=1048576-1048591"}}).Want(t, http.StatusPartialContent)
		require.Equal(t, "0123456789abcdef", string(part.Body))
	})
	t.Run("browsers are told to come by HTTPS only", func(t *testing.T) {
		require.NotEmpty(t, env.Do(t, http.MethodGet, "/healthz", nil).Want(t, http.StatusOK).Header.Get("Strict-Transport-Security"))
	})
}

// upload is a multipart form with one file.
func upload(t *testing.T, name, content string) (body io.Reader, contentType string) {
	t.Helper()
	const boundary = "lectern-boundary"
	quoted, err := json.Marshal(name)
	require.NoError(t, err)
	return strings.NewReader("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=" + string(quoted) +
		"\r\nContent-Type: application/octet-stream\r\n\r\n" + content + "\r\n--" + boundary + "--\r\n"), "multipart/form-data; boundary=" + boundary
}

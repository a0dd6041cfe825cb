package app_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/stretchr/testify/require"

	"lectern/internal/app"
	"lectern/internal/certificate/certtest"
	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/ws/wstest"
)

// start runs an app until the test ends.
func start(t *testing.T, cfg config.Config, opts ...app.Option) (address string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	a, err := app.New(ctx, cfg, slog.New(slog.DiscardHandler), append(opts, app.WithPasswordParams(testenv.CheapPasswords))...)
	if err != nil {
		stop()
		require.NoError(t, err)
	}
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(func() { stop(); require.NoError(t, <-done) })
	return a.Addr()
}

// quiet is a configuration that takes no port which others may want.
func quiet(t *testing.T) config.Config {
	cfg := config.Default()
	cfg.Listen, cfg.DataDir = "127.0.0.1:0", t.TempDir()
	cfg.ICEUDPPort, cfg.ICETCPPort, cfg.TURNPort, cfg.RateLimits = 0, 0, -1, false
	return cfg
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// clientTo reaches any name at one address and trusts some roots.
func clientTo(t *testing.T, address string, roots *x509.CertPool) *http.Client {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

func get(t *testing.T, client *http.Client, address string) *http.Response {
	t.Helper()
	res, err := client.Get(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func TestHTTPSWithACertificateOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	cfg := quiet(t)
	cfg.PublicURL = "https://class.example"
	cfg.TLS.Cert, cfg.TLS.Key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	plain := "127.0.0.1:" + strconv.Itoa(freePort(t))
	cfg.TLS.Redirect = plain
	roots := x509.NewCertPool()
	roots.AddCert(certtest.Write(t, cfg.TLS.Cert, cfg.TLS.Key, "class.example"))
	address := start(t, cfg)

	client := clientTo(t, address, roots)
	res := get(t, client, "https://class.example/readyz")
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, 2, res.ProtoMajor)
	require.NotEmpty(t, res.Header.Get("Strict-Transport-Security"))
	wstest.DialTLS(t, "https://class.example", client.Transport.(*http.Transport))

	noFollow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+plain+"/channels/1?post=2", nil)
	require.NoError(t, err)
	req.Host = "evil.example"
	led, err := noFollow.Do(req)
	require.NoError(t, err)
	defer led.Body.Close()
	require.Equal(t, http.StatusMovedPermanently, led.StatusCode)
	require.Equal(t, "https://class.example/channels/1?post=2", led.Header.Get("Location"))

	answer, err := (&http.Client{}).Get("http://" + address + "/readyz")
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, http.StatusBadRequest, answer.StatusCode, "plain HTTP on the HTTPS port")
}

func TestABadCertificateStopsTheStart(t *testing.T) {
	cfg := quiet(t)
	cfg.TLS.Cert, cfg.TLS.Key = "/nowhere/cert.pem", "/nowhere/key.pem"
	_, err := app.New(t.Context(), cfg, slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "tls_cert")
}

func TestACertificateThatBrowsersRefuseIsInTheLog(t *testing.T) {
	for want, from := range map[string]time.Time{"has expired on": time.Now().Add(-2 * certtest.Lasts), "counts only from": time.Now().Add(certtest.Lasts)} {
		dir := t.TempDir()
		cfg := quiet(t)
		cfg.PublicURL = "https://class.example"
		cfg.TLS.Cert, cfg.TLS.Key, cfg.TLS.Redirect = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), ""
		cfg.TURNPort, cfg.TURNTLSPort, cfg.PublicIP = freePort(t), freePort(t), netip.MustParseAddr("127.0.0.1")
		roots := x509.NewCertPool()
		roots.AddCert(certtest.WriteBetween(t, cfg.TLS.Cert, cfg.TLS.Key, from, from.Add(certtest.Lasts), "class.example"))
		var lines bytes.Buffer
		ctx, stop := context.WithCancel(t.Context())
		a, err := app.New(ctx, cfg, slog.New(slog.NewTextHandler(&lines, nil)), app.WithPasswordParams(testenv.CheapPasswords))
		require.NoError(t, err, "who starts it can still renew it")
		require.Equal(t, 1, strings.Count(lines.String(), want), "once, though the relay has it, too: %s", lines.String())
		require.Contains(t, lines.String(), "setting=tls_cert")
		stop()
		require.NoError(t, a.Run(ctx))
	}
}

// TestTheCertificateIsFetched has a real ACME authority (Pebble) on this machine, which finds class.test by a DNS server of
// its own and asks Lectern's HTTPS port for the proof.
func TestTheCertificateIsFetched(t *testing.T) {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	port := freePort(t)
	quietly := log.New(io.Discard, "", 0)
	names := "127.0.0.1:" + strconv.Itoa(freePort(t))
	dns, err := challtestsrv.New(challtestsrv.Config{DNSOneAddrs: []string{names}, Log: quietly})
	require.NoError(t, err)
	dns.SetDefaultDNSIPv4("127.0.0.1")
	dns.SetDefaultDNSIPv6("")
	go dns.Run()
	t.Cleanup(dns.Shutdown)
	store := db.NewMemoryStore()
	authority := ca.New(quietly, store, "", 0, 1, map[string]ca.Profile{"default": {Description: "default", ValidityPeriod: 86400 * 90}})
	front := wfe.New(quietly, store, va.New(quietly, freePort(t), port, true, names, store), authority, true, false, 1, 1)
	directory := httptest.NewTLSServer(front.Handler())
	t.Cleanup(directory.Close)

	cfg := quiet(t)
	cfg.Listen = "127.0.0.1:" + strconv.Itoa(port)
	cfg.PublicURL = "https://class.test"
	cfg.TLS = config.TLS{ACME: true, ACMEDirectory: directory.URL + wfe.DirectoryPath}
	address := start(t, cfg, app.WithAuthorityClient(directory.Client()))

	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(authority.GetRootCert(0).PEM()))
	client := clientTo(t, address, roots)
	require.Equal(t, http.StatusOK, get(t, client, "https://class.test/readyz").StatusCode)
	_, err = client.Get("https://other.test/readyz")
	require.Error(t, err, "no certificate is asked for another name")
	kept, err := filepath.Glob(filepath.Join(cfg.DataDir, "acme", "class.test*"))
	require.NoError(t, err)
	require.NotEmpty(t, kept, "it is kept for the next start")
}

package controllers_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/controllers"
	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// TestForgedAddresses: anybody can write X-Forwarded-For; only a trusted proxy is believed.
func TestForgedAddresses(t *testing.T) {
	for _, row := range []struct {
		name, proxies, header string
		believed              bool
	}{
		{"no proxy", "", "X-Forwarded-For", false},
		{"no proxy, the other header", "", "X-Real-IP", false},
		{"another proxy", "10.0.0.0/8", "X-Forwarded-For", false},
		{"this proxy", "127.0.0.0/8", "X-Forwarded-For", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			env := testenv.Start(t, func(c *config.Config) {
				c.RateLimits = true
				if row.proxies != "" {
					c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(row.proxies)}
				}
			})
			store, err := models.Open(t.Context(), "", env.Config.DataDir, testenv.Log(t))
			require.NoError(t, err)
			defer store.Close()
			from := func(address string) http.Header {
				return http.Header{http.CanonicalHeaderKey(row.header): {address}}
			}

			body := wire.RegisterRequest{Email: "ada@example.org", Password: testenv.Password, Name: "Ada"}
			env.Anonymous().Send(t, "POST", "/api/v1/auth/register", body, from("203.0.113.7")).Want(t, 201)
			var session models.Session
			require.NoError(t, store.DB(t.Context()).Take(&session).Error)
			want := "127.0.0.1"
			if row.believed {
				want = "203.0.113.7"
			}
			require.Equal(t, want, session.IP)

			limited := false // more sign-ins of different people than one address may try
			for i := range 130 {
				body := wire.LoginRequest{Email: fmt.Sprintf("p%d@example.org", i), Password: "wrong password"}
				limited = limited || env.Anonymous().Send(t, "POST", "/api/v1/auth/login", body, from(fmt.Sprintf("203.0.113.%d", i))).Status == 429
			}
			require.Equal(t, !row.believed, limited)
		})
	}
}

// TestAnIPv6NetworkIsOneAddress: who has one address there has a whole /64, and must not try a password from each.
func TestAnIPv6NetworkIsOneAddress(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) {
		c.RateLimits, c.TrustedProxies = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		c.Rates.Credentials = config.Rate{PerSecond: 0.001, Burst: 3}
	})
	from := func(address string) int {
		body := wire.LoginRequest{Email: models.NewID() + "@example.org", Password: "wrong password"}
		return env.Anonymous().Send(t, "POST", "/api/v1/auth/login", body, http.Header{"X-Forwarded-For": {address}}).Status
	}
	for i := range 3 {
		require.Equal(t, 401, from(fmt.Sprintf("2001:db8:0:1::%x", i)))
	}
	require.Equal(t, 429, from("2001:db8:0:1:ffff::1"))
	require.Equal(t, 401, from("2001:db8:0:2::1"))
}

// TestAForgedAddressBehindAProxy: what the client wrote itself stands before what the proxy added, and does not count.
func TestAForgedAddressBehindAProxy(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	store, err := models.Open(t.Context(), "", env.Config.DataDir, testenv.Log(t))
	require.NoError(t, err)
	defer store.Close()
	body := wire.RegisterRequest{Email: "ada@example.org", Password: testenv.Password, Name: "Ada"}
	env.Anonymous().Send(t, "POST", "/api/v1/auth/register", body, http.Header{"X-Forwarded-For": {"198.51.100.1, 203.0.113.7"}}).Want(t, 201)
	var session models.Session
	require.NoError(t, store.DB(t.Context()).Take(&session).Error)
	require.Equal(t, "203.0.113.7", session.IP)
}

// TestASlowBodyIsGivenUp: who sends a body drop by drop does not hold a connection for ever.
func TestASlowBodyIsGivenUp(t *testing.T) {
	controllers.HurryBodies(t, 50*time.Millisecond)
	env := testenv.Start(t)
	conn, err := net.Dial("tcp", env.App.Addr())
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"))
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(wstest.Patience)))
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	require.True(t, res.Close)
}

// TestAStalledUploadLeavesNothing: who stops in the middle of a file neither holds a connection for ever nor leaves a part.
func TestAStalledUploadLeavesNothing(t *testing.T) {
	controllers.HurryUploads(t, 50*time.Millisecond)
	env := testenv.Start(t)
	ada := env.Register(t, "Ada")
	conn, err := net.Dial("tcp", env.App.Addr())
	require.NoError(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST /api/v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 100000\r\n"+
		"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"+
		"the beginning", ada.Token)
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(wstest.Patience)))
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	require.True(t, res.Close)
	left, err := os.ReadDir(filepath.Join(env.Config.DataDir, "incoming"))
	require.NoError(t, err)
	require.Empty(t, left)
	upload(t, ada, "a.txt", "the next one")
}

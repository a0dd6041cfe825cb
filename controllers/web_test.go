package controllers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"lectern/controllers"
	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/ws/wstest"
)

func TestHealthReadinessMetricsAndSwagger(t *testing.T) {
	env := testenv.Start(t)
	nobody := env.Anonymous()
	nobody.Do(t, "GET", "/healthz", nil).Want(t, 200)
	nobody.Do(t, "GET", "/readyz", nil).Want(t, 200)
	page := nobody.Do(t, "GET", "/metrics", nil).Want(t, 200)
	for _, part := range []string{`lectern_http_requests_total{method="GET",route="/readyz",status="200"} 1`, "go_goroutines", "lectern_sockets 0"} {
		require.Contains(t, string(page.Body), part)
	}
	require.Contains(t, string(nobody.Do(t, "GET", "/swagger/doc.json", nil).Want(t, 200).Body), `"/channels/{id}"`)
	ui := nobody.Do(t, "GET", "/swagger", nil).Want(t, 200)
	require.Contains(t, string(ui.Body), "swagger-ui")
	require.Contains(t, ui.Header.Get("Content-Security-Policy"), "script-src 'self' 'unsafe-inline'")
}

// TestSocketsAsRequests: an open socket counts as an upgrade that has been answered, whatever it will last; a refused one as what it was told.
func TestSocketsAsRequests(t *testing.T) {
	env := testenv.Start(t)
	ada := env.Register(t, "Ada")
	nobody := env.Anonymous()
	nobody.Do(t, "GET", "/ws", nil).Want(t, 400)
	socket := wstest.Connect(t, env.URL, ada.Token)
	for _, part := range []string{
		`lectern_http_requests_total{method="GET",route="/ws",status="101"} 1`, `lectern_http_requests_total{method="GET",route="/ws",status="400"} 1`,
		`lectern_http_request_seconds_count{method="GET",route="/ws"} 2`, "lectern_sockets 1",
	} {
		require.Eventually(t, func() bool {
			return strings.Contains(string(nobody.Do(t, "GET", "/metrics", nil).Want(t, 200).Body), part)
		}, wstest.Patience, 10*time.Millisecond, part)
	}
	require.Empty(t, socket.Fence(t))
}

// TestWhoMayReadMetrics: programs on this machine, but not whoever comes through a proxy on it.
func TestWhoMayReadMetrics(t *testing.T) {
	const token = "a token of metrics"
	for _, row := range []struct {
		name    string
		config  func(*config.Config)
		header  http.Header
		allowed bool
	}{
		{"this machine", nil, nil, true},
		{"a proxy that nobody knows", nil, http.Header{"X-Forwarded-For": {"127.0.0.1"}}, false},
		{"a trusted proxy", func(c *config.Config) { c.TrustedProxies = loopback }, http.Header{"X-Forwarded-For": {"203.0.113.7"}}, false},
		{"one of the networks behind it", func(c *config.Config) {
			c.TrustedProxies, c.Metrics.Networks = loopback, []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}
		}, http.Header{"X-Forwarded-For": {"203.0.113.7"}}, true},
		{"with the token", func(c *config.Config) { c.Metrics.Token = token },
			http.Header{"X-Forwarded-For": {"203.0.113.7"}, "Authorization": {"Bearer " + token}}, true},
		{"with another", func(c *config.Config) { c.Metrics.Token = token },
			http.Header{"X-Forwarded-For": {"203.0.113.7"}, "Authorization": {"Bearer x"}}, false},
		{"with none where there is none", nil, http.Header{"X-Forwarded-For": {"203.0.113.7"}, "Authorization": {"Bearer "}}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			env := testenv.Start(t, func(c *config.Config) {
				if row.config != nil {
					row.config(c)
				}
			})
			answer := env.Anonymous().Send(t, "GET", "/metrics", nil, row.header)
			if row.allowed {
				answer.Want(t, http.StatusOK)
				return
			}
			require.Equal(t, "forbidden", answer.Want(t, http.StatusForbidden).Problem(t).Code)
			require.NotContains(t, string(answer.Body), "lectern_")
		})
	}
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func TestEveryAnswerHasSecurityHeaders(t *testing.T) {
	env := testenv.Start(t)
	tls := testenv.Start(t, func(c *config.Config) { c.PublicURL = "https://class.example" })
	for _, path := range []string{"/", "/api/v1/me", "/api/v1/nothing", "/healthz"} {
		require.Equal(t, "max-age=31536000", tls.Anonymous().Do(t, "GET", path, nil).Header.Get("Strict-Transport-Security"))
		h := env.Anonymous().Do(t, "GET", path, nil).Header
		require.Equal(t, "strict-origin-when-cross-origin", h.Get("Referrer-Policy"), path)
		require.Empty(t, h.Get("Strict-Transport-Security"), "without TLS the promise could not be kept")
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Opener-Policy"))
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		policy := h.Get("Content-Security-Policy")
		require.Contains(t, policy, "frame-src https://www.youtube.com https://www.youtube-nocookie.com", path)
		require.NotContains(t, policy, "script-src 'self' 'unsafe-inline'", path)
	}
}

func TestOnlyAllowedPagesShowAMeetingInAFrame(t *testing.T) {
	for _, row := range []struct {
		origins      []string
		path, policy string
		frameOptions string
	}{
		{nil, "/embed/meeting/7", "frame-ancestors 'self'", "SAMEORIGIN"},
		{[]string{"https://moodle.example"}, "/embed/meeting/7", "frame-ancestors 'self' https://moodle.example", ""},
		{[]string{"https://a.example", "https://b.example"}, "/embed/meeting/7", "frame-ancestors 'self' https://a.example https://b.example", ""},
		{[]string{"https://moodle.example"}, "/meeting/7", "frame-ancestors 'self'", "SAMEORIGIN"},
		{[]string{"https://moodle.example"}, "/embedded", "frame-ancestors 'self'", "SAMEORIGIN"},
		{[]string{"https://moodle.example"}, "/api/v1/me", "frame-ancestors 'self'", "SAMEORIGIN"},
	} {
		r := controllers.Router(controllers.Deps{Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(), EmbedOrigins: row.origins})
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest("GET", row.path, nil))
		require.True(t, strings.HasSuffix(w.Header().Get("Content-Security-Policy"), "; "+row.policy), row.path)
		require.Equal(t, row.frameOptions, w.Header().Get("X-Frame-Options"), row.path)
	}
}

func TestWebApp(t *testing.T) {
	script := strings.Repeat("console.log('lectern');\n", 100)
	app := fstest.MapFS{
		"index.html":            {Data: []byte("<!doctype html><title>Lectern</title>")},
		"favicon.svg":           {Data: []byte("<svg/>")},
		"assets/index-abc12.js": {Data: []byte(script)},
	}
	for _, row := range []struct {
		method, path, encoding string
		status                 int
		kind, cache, body      string
	}{
		{"GET", "/", "", 200, "text/html; charset=utf-8", "no-cache", "<title>Lectern"},
		{"GET", "/channels/7?x=1", "", 200, "text/html; charset=utf-8", "no-cache", "<title>Lectern"},
		{"GET", "/../../etc/passwd", "", 200, "text/html; charset=utf-8", "no-cache", "<title>Lectern"},
		{"GET", "/favicon.svg", "", 200, "image/svg+xml", "no-cache", "<svg/>"},
		{"GET", "/assets/index-abc12.js", "", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "lectern"},
		{"GET", "/assets/index-abc12.js", "gzip, br", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "lectern"},
		{"GET", "/assets/old.js", "", 404, "application/problem+json", "", "not_found"},
		{"GET", "/api/nothing", "", 404, "application/problem+json", "no-store", "not_found"},
		{"POST", "/", "", 404, "application/problem+json", "", "not_found"},
	} {
		t.Run(row.method+" "+row.path+" "+row.encoding, func(t *testing.T) {
			r := controllers.Router(controllers.Deps{Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(), Web: app})
			w, req := httptest.NewRecorder(), httptest.NewRequest(row.method, row.path, nil)
			req.Header.Set("Accept-Encoding", row.encoding)
			r.ServeHTTP(w, req)
			require.Equal(t, row.status, w.Code)
			require.Equal(t, row.kind, w.Header().Get("Content-Type"))
			require.Equal(t, row.cache, w.Header().Get("Cache-Control"))
			body := io.Reader(w.Body)
			if row.encoding != "" {
				require.Equal(t, "gzip", w.Header().Get("Content-Encoding"))
				require.Less(t, w.Body.Len(), len(script)/2)
				unzipped, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
				require.NoError(t, err)
				body = unzipped
			}
			text, err := io.ReadAll(body)
			require.NoError(t, err)
			require.Contains(t, string(text), row.body)
			if row.status != http.StatusOK {
				return
			}
			again := httptest.NewRequest(row.method, row.path, nil)
			again.Header.Set("Accept-Encoding", row.encoding)
			again.Header.Set("If-None-Match", w.Header().Get("ETag"))
			w = httptest.NewRecorder()
			r.ServeHTTP(w, again)
			require.Equal(t, http.StatusNotModified, w.Code)
		})
	}
}

func TestWebAppInBrotli(t *testing.T) {
	app := fstest.MapFS{
		"index.html":         {Data: []byte("<!doctype html>")},
		"assets/react.js":    {Data: []byte(strings.Repeat("console.log('lectern');\n", 100))},
		"assets/react.js.br": {Data: []byte("as the build packed it")},
	}
	r := controllers.Router(controllers.Deps{Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(), Web: app})
	for offers, coding := range map[string]string{"gzip, deflate, br, zstd": "br", "br;q=1.0, gzip": "br", "gzip": "gzip", "brand": "", "": ""} {
		w, req := httptest.NewRecorder(), httptest.NewRequest("GET", "/assets/react.js", nil)
		req.Header.Set("Accept-Encoding", offers)
		r.ServeHTTP(w, req)
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, coding, w.Header().Get("Content-Encoding"), offers)
		require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
		require.Equal(t, "text/javascript; charset=utf-8", w.Header().Get("Content-Type"))
		if coding == "br" {
			require.Equal(t, "as the build packed it", w.Body.String())
		}
	}
}

func TestABuildWithoutWebAppSaysSo(t *testing.T) {
	r := controllers.Router(controllers.Deps{Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry()})
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	require.Equal(t, 200, w.Code)
	require.Contains(t, w.Body.String(), "run make build")
}

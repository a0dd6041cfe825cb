package doctor_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/app"
	"lectern/internal/certificate/certtest"
	"lectern/internal/config"
	"lectern/internal/doctor"
	"lectern/internal/testenv"
	"lectern/internal/wire"
)

// freePort is free for UDP and TCP.
func freePort(t *testing.T) int {
	t.Helper()
	for range 20 {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		port := tcp.Addr().(*net.TCPAddr).Port
		udp, err := net.ListenUDP("udp", &net.UDPAddr{Port: port})
		require.NoError(t, tcp.Close())
		if err == nil {
			require.NoError(t, udp.Close())
			return port
		}
	}
	require.FailNow(t, "no free port")
	return 0
}

// patient is a running Lectern as its operator knows it, with a certificate of localhost for the relay.
func patient(t *testing.T) (p doctor.Patient, trusted *x509.CertPool) {
	t.Helper()
	dir := t.TempDir()
	trusted = x509.NewCertPool()
	trusted.AddCert(certtest.Write(t, dir+"/cert.pem", dir+"/key.pem", "localhost", "127.0.0.1"))
	env := testenv.Start(t, func(c *config.Config) {
		c.TURNPort, c.ICEUDPPort, c.ICETCPPort = freePort(t), freePort(t), freePort(t)
		c.TURNTLSCert, c.TURNTLSKey, c.TURNTLSPort = dir+"/cert.pem", dir+"/key.pem", freePort(t)
		c.RateLimits = true
		c.SMTP = config.SMTP{Host: "mail.example", Port: 25, From: "a@example.org", TLS: "none"}
	})
	cfg := env.Config
	cfg.Listen = env.App.Addr()
	reach, err := app.ReachOf(cfg)
	require.NoError(t, err)
	return doctor.Patient{Config: cfg, ICE: reach.ICE, Addresses: reach.Addresses, Roots: trusted}, trusted
}

// found is the first check of a name that is not ok, or else the last.
func found(t *testing.T, r doctor.Report, name string) (c doctor.Check) {
	t.Helper()
	for _, each := range r.Checks {
		if each.Name == name && (c.Name == "" || c.Status == doctor.OK) {
			c = each
		}
	}
	require.NotEmpty(t, c.Name, "%s is not among %v", name, r.Checks)
	return c
}

func TestAHealthyServer(t *testing.T) {
	p, _ := patient(t)
	report := doctor.Examine(t.Context(), p, doctor.Probes...)
	for _, check := range report.Checks {
		require.Equal(t, doctor.OK, check.Status, "%s: %s", check.Name, check.Detail)
		require.Empty(t, check.Mend)
	}
	var relayed []string
	for _, check := range report.Checks {
		if check.Name == "turn" {
			relayed = append(relayed, strings.Fields(check.Detail)[0])
		}
	}
	require.Len(t, relayed, 3, "UDP, TCP and TLS: %v", relayed)
	for _, name := range []string{"settings", "server", "secure_context", "public_url", "socket", "turn_certificate", "public_ip", "media_udp", "media_tcp", "stun"} {
		found(t, report, name)
	}
	var text bytes.Buffer
	require.NoError(t, report.Print(&text))
	require.Contains(t, text.String(), "0 to look at, 0 broken")
	raw, err := json.Marshal(report)
	require.NoError(t, err)
	require.Contains(t, string(raw), `{"name":"server","status":"ok","detail":`)
}

func TestWhatIsBrokenIsNamedWithItsRemedy(t *testing.T) {
	healthy, _ := patient(t)
	relayOf := func(p *doctor.Patient, change func(*wire.ICEServer)) {
		p.ICE = append([]wire.ICEServer{}, p.ICE...)
		for i := range p.ICE {
			if p.ICE[i].Username != "" {
				change(&p.ICE[i])
			}
		}
	}
	nobody := freePort(t)
	cases := []struct {
		what   string
		hurt   func(p *doctor.Patient)
		probe  doctor.Probe
		name   string
		status doctor.Status
		mend   string
	}{
		{"the server does not run", func(p *doctor.Patient) { p.Config.Listen = "127.0.0.1:1" }, doctor.Server, "server", doctor.Fail, "lectern serve"},
		{"plain http", func(p *doctor.Patient) { p.Config.PublicURL = "http://class.invalid" }, doctor.PublicURL, "secure_context", doctor.Fail, "https"},
		{"a name that is not there", func(p *doctor.Patient) { p.Config.PublicURL = "https://class.invalid" }, doctor.PublicURL, "public_url", doctor.Fail, "DNS"},
		{"no name at all", func(p *doctor.Patient) { p.Config.PublicURL = "https://class.invalid" }, doctor.Address, "public_ip", doctor.Fail, "DNS"},
		{"another address than is announced", func(p *doctor.Patient) {
			p.Config.PublicURL, p.Addresses = "https://93.184.216.34", []netip.Addr{netip.MustParseAddr("10.0.0.7")}
		}, doctor.Address, "public_ip", doctor.Fail, "93.184.216.34"},
		{"a proxy elsewhere", func(p *doctor.Patient) {
			p.Config.PublicURL, p.Addresses = "https://93.184.216.34", []netip.Addr{netip.MustParseAddr("93.184.216.35")}
		}, doctor.Address, "public_ip", doctor.Warn, "proxy"},
		{"the media port is free", func(p *doctor.Patient) { p.Config.ICEUDPPort = nobody }, doctor.MediaPorts, "media_udp", doctor.Fail, "start the server"},
		{"nothing behind the TCP port", func(p *doctor.Patient) { p.Config.ICETCPPort = nobody }, doctor.MediaPorts, "media_tcp", doctor.Fail, "firewall"},
		{"a port that changes", func(p *doctor.Patient) { p.Config.ICEUDPPort = 0 }, doctor.MediaPorts, "media_udp", doctor.Warn, "number"},
		{"letters go to the log", func(p *doctor.Patient) { p.Config.SMTP.Host = "" }, doctor.Settings, "settings", doctor.Warn, "README"},
		{"no relay", func(p *doctor.Patient) { p.ICE = nil }, doctor.TURN, "turn", doctor.Warn, "turn_port"},
		{"no STUN", func(p *doctor.Patient) { p.ICE = nil }, doctor.STUN, "stun", doctor.Warn, "stun_urls"},
		{"another secret", func(p *doctor.Patient) { relayOf(p, func(s *wire.ICEServer) { s.Credential = "bm8=" }) }, doctor.TURN, "turn", doctor.Fail, "turn_secret"},
		{"a closed TCP port", func(p *doctor.Patient) {
			relayOf(p, func(s *wire.ICEServer) { s.URLs = []string{"turn:127.0.0.1:1?transport=tcp"} })
		}, doctor.TURN, "turn", doctor.Fail, "open TCP port 1 "},
		{"a certificate that nobody knows", func(p *doctor.Patient) { p.Roots = x509.NewCertPool() }, doctor.TURN, "turn", doctor.Fail, "turn_tls_cert"},
		{"the relay's certificate is unknown", func(p *doctor.Patient) { p.Roots = x509.NewCertPool() }, doctor.Certificate, "turn_certificate", doctor.Fail, "turn_tls_cert"},
		{"a certificate that ends soon", func(p *doctor.Patient) {
			p.Now = func() time.Time { return time.Now().Add(certtest.Lasts - 5*24*time.Hour) }
		}, doctor.Certificate, "turn_certificate", doctor.Warn, "turn_tls_cert"},
	}
	for _, tc := range cases {
		t.Run(tc.what, func(t *testing.T) {
			p := healthy
			tc.hurt(&p)
			check := found(t, doctor.Examine(t.Context(), p, tc.probe), tc.name)
			require.Equal(t, tc.status, check.Status, check.Detail)
			require.Contains(t, check.Mend, tc.mend)
		})
	}
}

func TestAProxyInFront(t *testing.T) {
	p, _ := patient(t)
	dir := t.TempDir()
	server, err := url.Parse(config.LocalURL(p.Config.Listen))
	require.NoError(t, err)
	front := func(until time.Time, handler http.Handler) {
		cert := certtest.WriteUntil(t, dir+"/cert.pem", dir+"/key.pem", until, "localhost", "127.0.0.1")
		pair, err := tls.LoadX509KeyPair(dir+"/cert.pem", dir+"/key.pem")
		require.NoError(t, err)
		proxy := httptest.NewUnstartedServer(handler)
		proxy.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
		proxy.Config.ErrorLog = nil
		proxy.StartTLS()
		t.Cleanup(proxy.Close)
		p.Roots = x509.NewCertPool()
		p.Roots.AddCert(cert)
		p.Config.PublicURL = proxy.URL
	}
	whole := httputil.NewSingleHostReverseProxy(server)
	lasts := time.Now().Add(certtest.Lasts)

	front(lasts, whole)
	report := doctor.Examine(t.Context(), p, doctor.PublicURL, doctor.Certificate)
	for _, name := range []string{"secure_context", "public_url", "socket", "certificate"} {
		require.Equal(t, doctor.OK, found(t, report, name).Status, "%v", report)
	}

	front(lasts, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // as a proxy does that was not told
		r.Header.Del("Upgrade")
		r.Header.Del("Connection")
		whole.ServeHTTP(w, r)
	}))
	socket := found(t, doctor.Examine(t.Context(), p, doctor.PublicURL), "socket")
	require.Equal(t, doctor.Fail, socket.Status)
	require.Contains(t, socket.Mend, "Upgrade")

	front(time.Now().Add(-time.Hour), whole)
	expired := found(t, doctor.Examine(t.Context(), p, doctor.Certificate), "certificate")
	require.Equal(t, doctor.Fail, expired.Status)
	require.Contains(t, expired.Detail, "expired")
}

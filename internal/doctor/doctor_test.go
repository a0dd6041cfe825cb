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
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/app"
	"lectern/internal/certificate/certtest"
	"lectern/internal/config"
	"lectern/internal/diskspace"
	"lectern/internal/doctor"
	"lectern/internal/mail/smtptest"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
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
	letters := smtptest.Start(t)
	trusted = letters.Trust.RootCAs
	trusted.AddCert(certtest.Write(t, dir+"/cert.pem", dir+"/key.pem", "localhost", "127.0.0.1"))
	env := testenv.Start(t, func(c *config.Config) {
		c.TURNPort, c.ICEUDPPort, c.ICETCPPort = freePort(t), freePort(t), freePort(t)
		c.TURNTLSCert, c.TURNTLSKey, c.TURNTLSPort = dir+"/cert.pem", dir+"/key.pem", freePort(t)
		c.RateLimits = true
		c.SMTP = config.SMTP{Host: "127.0.0.1", Port: letters.Port, From: "a@example.org", TLS: "starttls", User: smtptest.User, Password: smtptest.Password}
	})
	cfg := env.Config
	cfg.Listen = env.App.Addr()
	reach, err := app.ReachOf(cfg)
	require.NoError(t, err)
	return doctor.Patient{Config: cfg, ICE: reach.ICE, Addresses: reach.Addresses, Roots: trusted, Version: "dev",
		Synchronised: func() (bool, bool) { return true, true }}, trusted
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
	probes, err := doctor.Named()
	require.NoError(t, err)
	report := doctor.Examine(t.Context(), p, probes...)
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
	for _, name := range []string{"settings", "server", "secure_context", "public_url", "socket", "turn_certificate", "public_ip", "media_udp", "media_tcp", "stun", "version", "database", "disk", "clock", "mail"} {
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
		{"a full disk", func(p *doctor.Patient) {
			p.Space = func(string) (diskspace.Space, error) { return diskspace.Space{Free: 200 << 20, Total: 1 << 40}, nil }
		}, doctor.Disk, "disk", doctor.Fail, "make room"},
		{"a disk that fills up", func(p *doctor.Patient) {
			p.Space = func(string) (diskspace.Space, error) { return diskspace.Space{Free: 5 << 30, Total: 100 << 30}, nil }
		}, doctor.Disk, "disk", doctor.Warn, "retention"},
		{"a folder that is not there", func(p *doctor.Patient) { p.Config.DataDir += "/none" }, doctor.Disk, "disk", doctor.Fail, "folder"},
		{"a clock that runs free", func(p *doctor.Patient) { p.Synchronised = func() (bool, bool) { return false, true } }, doctor.Clock, "clock", doctor.Warn, "set-ntp"},
		{"a clock that is wrong", func(p *doctor.Patient) {
			p.Config.PublicURL = config.LocalURL(p.Config.Listen)
			p.Now = func() time.Time { return time.Now().Add(-time.Hour) }
		}, doctor.Clock, "clock", doctor.Fail, "set-ntp"},
		{"no database", func(p *doctor.Patient) { p.Config.DataDir = filepath.Dir(p.Config.DataDir) }, doctor.Database, "database", doctor.Fail, "start the server"},
		{"a database that does not answer", func(p *doctor.Patient) {
			p.Config.DatabaseURL = "postgres://lectern@127.0.0.1:1/lectern"
		}, doctor.Database, "database", doctor.Fail, "database_url"},
		{"a damaged database", func(p *doctor.Patient) { p.Config.DataDir = damaged(t) }, doctor.Database, "database", doctor.Fail, "backup"},
		{"a database of an older version", func(p *doctor.Patient) { p.Config.DataDir = migratedTo(t, 3) }, doctor.Database, "database", doctor.Warn, "restart"},
		{"a database of a newer version", func(p *doctor.Patient) {
			p.Config.DataDir = migratedTo(t, 0)
			store, err := models.Connect(t.Context(), "", p.Config.DataDir)
			require.NoError(t, err)
			defer store.Close()
			require.NoError(t, store.DB(t.Context()).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)").Error)
		}, doctor.Database, "database", doctor.Fail, "newer"},
		{"more connections than PostgreSQL grants", func(p *doctor.Patient) {
			p.Config.DatabaseURL, p.Config.Connections = testenv.MigratedPostgres(t), 1000
		}, doctor.Database, "database", doctor.Warn, "max_connections"},
		{"no mail server", func(p *doctor.Patient) { p.Config.SMTP.Port = nobody }, doctor.Mail, "mail", doctor.Fail, "smtp_port"},
		{"another password", func(p *doctor.Patient) { p.Config.SMTP.Password = "x" }, doctor.Mail, "mail", doctor.Fail, "smtp_password"},
		{"another version", func(p *doctor.Patient) { p.Version = "v2" }, doctor.Version, "version", doctor.Warn, "restart"},
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

// migratedTo is a data folder whose database has a schema; 0 is the newest.
func migratedTo(t *testing.T, version int64) string {
	t.Helper()
	dir := t.TempDir()
	store, err := models.Connect(t.Context(), "", dir)
	require.NoError(t, err)
	require.NoError(t, store.MigrateTo(t.Context(), version, testenv.Log(t)))
	require.NoError(t, store.Close())
	return dir
}

// damaged is one with a page that somebody has written over.
func damaged(t *testing.T) string {
	t.Helper()
	dir := migratedTo(t, 0)
	file, err := os.OpenFile(filepath.Join(dir, "lectern.db"), os.O_WRONLY, 0)
	require.NoError(t, err)
	defer file.Close()
	_, err = file.WriteAt(bytes.Repeat([]byte{0xff}, 4096*8), 4096*12)
	require.NoError(t, err)
	return dir
}

func TestChecksAreAskedForByName(t *testing.T) {
	probes, err := doctor.Named("disk", "settings")
	require.NoError(t, err)
	require.Len(t, probes, 2)
	_, err = doctor.Named("disc")
	require.ErrorContains(t, err, "there is no check \"disc\"; there are settings, server")
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

	ended := time.Now().Add(-time.Hour)
	front(ended, whole)
	expired := found(t, doctor.Examine(t.Context(), p, doctor.Certificate), "certificate")
	require.Equal(t, doctor.Fail, expired.Status)
	require.Contains(t, expired.Detail, "it has expired on "+ended.UTC().Format(time.DateOnly))
	public := found(t, doctor.Examine(t.Context(), p, doctor.PublicURL), "public_url")
	require.Equal(t, doctor.Fail, public.Status)
	require.Contains(t, public.Mend, "certificate", "and not DNS or the firewall")

	front(lasts, whole)
	p.Now = func() time.Time { return time.Now().Add(-2 * certtest.Lasts) }
	early := found(t, doctor.Examine(t.Context(), p, doctor.Certificate), "certificate")
	require.Equal(t, doctor.Fail, early.Status)
	require.Contains(t, early.Detail, "it counts only from "+lasts.Add(-2*certtest.Lasts).UTC().Format(time.DateOnly))
}

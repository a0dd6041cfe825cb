package config_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
)

// write makes a folder with files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

func TestNothingGivenIsTheDefault(t *testing.T) {
	cfg, err := config.Load(config.Sources{Dir: t.TempDir(), Environ: []string{"PATH=/bin", "LECTERN_TEST_DATABASE_URL=x"}})
	require.NoError(t, err)
	require.Equal(t, config.Default(), cfg)
}

func TestLaterSourcesWin(t *testing.T) {
	dir := write(t, map[string]string{
		"lectern.toml": "listen = ':1'\ndata_dir = 'file'\npublic_url = 'https://file.example/'\nice_udp_port = 1\nrate_limits = false\nstun_urls = ['stun:a:1', 'stun:b:2']\n",
		".env":         "LECTERN_DATA_DIR=dotenv\nLECTERN_ICE_UDP_PORT=2\nLECTERN_PUBLIC_IP=203.0.113.7\nPOSTGRES_PASSWORD=other\n",
	})
	cfg, err := config.Load(config.Sources{Dir: dir, Environ: []string{"LECTERN_ICE_UDP_PORT=3", "LECTERN_ICE_TCP_PORT=3"},
		Flags: map[string]string{"ice_tcp_port": "4"}})
	require.NoError(t, err)
	require.Equal(t, ":1", cfg.Listen)
	require.Equal(t, "https://file.example", cfg.PublicURL)
	require.False(t, cfg.RateLimits)
	require.Equal(t, []string{"stun:a:1", "stun:b:2"}, cfg.STUNURLs)
	require.Equal(t, "dotenv", cfg.DataDir)
	require.Equal(t, "203.0.113.7", cfg.PublicIP.String())
	require.Equal(t, 3, cfg.ICEUDPPort)
	require.Equal(t, 4, cfg.ICETCPPort)
}

func TestAccountSettings(t *testing.T) {
	cfg, err := config.Load(config.Sources{Dir: write(t, map[string]string{
		"lectern.toml": "sign_up = 'domains'\nsign_up_domains = ['School.edu.tw', ' uni.example ']\nsmtp_host = 'mail.example'\nsmtp_port = 465\nsmtp_tls = 'tls'\n" +
			"smtp_from = '課堂 <lectern@school.edu.tw>'\nsmtp_user = 'u'\nsmtp_password = 'p, with a comma'\nrate_invites = '2.5:7'\n"})})
	require.NoError(t, err)
	require.Equal(t, config.SignUpDomains, cfg.SignUp)
	require.Equal(t, []string{"school.edu.tw", "uni.example"}, cfg.SignUpDomains)
	require.Equal(t, config.SMTP{Host: "mail.example", Port: 465, User: "u", Password: "p, with a comma", From: "課堂 <lectern@school.edu.tw>", TLS: "tls"}, cfg.SMTP)
	require.Equal(t, config.Rate{PerSecond: 2.5, Burst: 7}, cfg.Rates.Invites)
	require.Equal(t, config.Default().Rates.Refresh, cfg.Rates.Refresh)
}

func TestJSONFile(t *testing.T) {
	dir := write(t, map[string]string{"x.json": `{"listen": ":1", "upload_max_bytes": 1000000000, "rate_limits": "off",
		"trusted_proxies": ["127.0.0.1", "10.0.0.0/8", "::1"]}`, "lectern.toml": "listen = ':2'"})
	cfg, err := config.Load(config.Sources{Dir: dir, Environ: []string{"LECTERN_CONFIG=" + filepath.Join(dir, "x.json")}})
	require.NoError(t, err)
	require.Equal(t, ":1", cfg.Listen)
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}, cfg.TrustedProxies)
	require.EqualValues(t, 1_000_000_000, cfg.UploadMaxBytes)
	cfg, err = config.Load(config.Sources{Dir: dir, File: filepath.Join(dir, "lectern.toml"), Environ: []string{"LECTERN_CONFIG=none"}})
	require.NoError(t, err)
	require.Equal(t, ":2", cfg.Listen)
}

func TestMistakesAreNamed(t *testing.T) {
	for _, row := range []struct {
		toml, dotenv, env string
		says              []string
	}{
		{toml: "listne = ':1'", says: []string{"lectern.toml: listne", "did you mean listen?"}},
		{toml: "listen = ", says: []string{"lectern.toml"}},
		{toml: "[listen]\na = 1", says: []string{"listen"}},
		{toml: "stun_urls = [1]", says: []string{"stun_urls"}},
		{dotenv: "LECTERN_DATADIR=x", says: []string{".env: LECTERN_DATADIR", "LECTERN_DATA_DIR"}},
		{dotenv: "LECTREN_DATA_DIR=x", says: []string{".env: LECTREN_DATA_DIR", "LECTERN_DATA_DIR"}},
		{env: "LECTERN_LISTN=x", says: []string{"LECTERN_LISTN", "did you mean LECTERN_LISTEN?"}},
		{env: "LECTERN_LISTEN=8080", says: []string{"LECTERN_LISTEN", "host:port"}},
		{env: "LECTERN_LISTEN=:99999", says: []string{"LECTERN_LISTEN"}},
		{env: "LECTERN_DATA_DIR=", says: []string{"LECTERN_DATA_DIR"}},
		{env: "LECTERN_DATABASE_URL=mysql://x", says: []string{"LECTERN_DATABASE_URL", "postgres://"}},
		{env: "LECTERN_DATABASE_URL=postgres://u:secret@h:x/n", says: []string{"LECTERN_DATABASE_URL"}},
		{env: "LECTERN_PUBLIC_URL=class.example", says: []string{"LECTERN_PUBLIC_URL"}},
		{env: "LECTERN_PUBLIC_URL=https://class.example/x", says: []string{"LECTERN_PUBLIC_URL"}},
		{env: "LECTERN_JWT_SECRET=short", says: []string{"LECTERN_JWT_SECRET", "32"}},
		{env: "LECTERN_ICE_UDP_PORT=-1", says: []string{"LECTERN_ICE_UDP_PORT", "0 to 65535"}},
		{env: "LECTERN_ICE_TCP_PORT=x", says: []string{"LECTERN_ICE_TCP_PORT"}},
		{env: "LECTERN_PUBLIC_IP=host", says: []string{"LECTERN_PUBLIC_IP"}},
		{env: "LECTERN_MEETING_MAX_PARTICIPANTS=0", says: []string{"LECTERN_MEETING_MAX_PARTICIPANTS"}},
		{env: "LECTERN_RATE_LIMITS=maybe", says: []string{"LECTERN_RATE_LIMITS", "on or off"}},
		{env: "LECTERN_LOG_LEVEL=loud", says: []string{"LECTERN_LOG_LEVEL"}},
		{env: "LECTERN_UPLOAD_MAX_BYTES=1GB", says: []string{"LECTERN_UPLOAD_MAX_BYTES"}},
		{env: "LECTERN_UPLOAD_QUOTA_BYTES=0", says: []string{"LECTERN_UPLOAD_QUOTA_BYTES"}},
		{env: "LECTERN_TRUSTED_PROXIES=127.0.0.1,proxy", says: []string{"LECTERN_TRUSTED_PROXIES", "10.0.0.0/8"}},
		{env: "LECTERN_EMBED_ORIGINS=http://moodle.example", says: []string{"LECTERN_EMBED_ORIGINS", "https://moodle.example"}},
		{env: "LECTERN_EMBED_ORIGINS=https://moodle.example/course", says: []string{"LECTERN_EMBED_ORIGINS"}},
		{env: "LECTERN_EMBED_ORIGINS=https://*.example", says: []string{"LECTERN_EMBED_ORIGINS"}},
		{env: "LECTERN_EMBED_ORIGINS=https://a;script-src", says: []string{"LECTERN_EMBED_ORIGINS"}},
		{env: "LECTERN_EMBED_ORIGINS=*", says: []string{"LECTERN_EMBED_ORIGINS"}},
		{env: "LECTERN_STUN_URLS=http://x", says: []string{"LECTERN_STUN_URLS", "stun:"}},
		{env: "LECTERN_TURN_URLS=turn:x", says: []string{"turn_secret"}},
		{env: "LECTERN_TURN_TLS_CERT=cert.pem", says: []string{"turn_tls_key"}},
		{env: "LECTERN_SIGN_UP=closed", says: []string{"LECTERN_SIGN_UP", "open, invite or domains"}},
		{env: "LECTERN_SIGN_UP=domains", says: []string{"sign_up_domains"}},
		{env: "LECTERN_SIGN_UP_DOMAINS=school", says: []string{"LECTERN_SIGN_UP_DOMAINS", "school.edu.tw"}},
		{env: "LECTERN_SIGN_UP_DOMAINS=a@b.c", says: []string{"LECTERN_SIGN_UP_DOMAINS"}},
		{env: "LECTERN_SMTP_HOST=mail.example", says: []string{"smtp_from"}},
		{env: "LECTERN_SMTP_PORT=0", says: []string{"LECTERN_SMTP_PORT"}},
		{env: "LECTERN_SMTP_FROM=lectern", says: []string{"LECTERN_SMTP_FROM"}},
		{env: "LECTERN_SMTP_TLS=ssl", says: []string{"LECTERN_SMTP_TLS", "starttls, tls or none"}},
		{env: "LECTERN_RATE_INVITES=5", says: []string{"LECTERN_RATE_INVITES", "0.5:30"}},
		{env: "LECTERN_RATE_INVITES=0:30", says: []string{"LECTERN_RATE_INVITES"}},
		{env: "LECTERN_RATE_INVITES=NaN:30", says: []string{"LECTERN_RATE_INVITES"}},
		{env: "LECTERN_RATE_INVITES=1:0", says: []string{"LECTERN_RATE_INVITES"}},
		{env: "LECTERN_CONFIG=/nowhere/x.toml", says: []string{"/nowhere/x.toml"}},
	} {
		t.Run(row.toml+row.dotenv+row.env, func(t *testing.T) {
			files := map[string]string{}
			if row.toml != "" {
				files["lectern.toml"] = row.toml
			}
			if row.dotenv != "" {
				files[".env"] = row.dotenv
			}
			src := config.Sources{Dir: write(t, files)}
			if row.env != "" {
				src.Environ = []string{row.env}
			}
			_, err := config.Load(src)
			require.Error(t, err)
			for _, part := range row.says {
				require.ErrorContains(t, err, part)
			}
			require.NotContains(t, err.Error(), "secret@")
			require.False(t, strings.Contains(err.Error(), "\n"), "one line: %s", err)
		})
	}
}

func TestLocalURL(t *testing.T) {
	for listen, want := range map[string]string{
		":8080": "http://localhost:8080", "[::]:8080": "http://localhost:8080", "0.0.0.0:80": "http://localhost:80",
		"127.0.0.1:8080": "http://127.0.0.1:8080", "class.example:8080": "http://class.example:8080",
	} {
		require.Equal(t, want, config.LocalURL(listen))
	}
}

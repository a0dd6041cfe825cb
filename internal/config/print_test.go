package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
)

func TestDescribeMasksSecretsAndNamesTheWinner(t *testing.T) {
	given, err := config.Describe(config.Sources{Dir: t.TempDir(),
		Environ: []string{
			"LECTERN_DATABASE_URL=postgres://lectern:hunter2@db/lectern?password=hunter2&sslmode=disable",
			"LECTERN_JWT_SECRET=hunter2hunter2hunter2hunter2hunter2", "LECTERN_SMTP_PASSWORD=hunter2", "LECTERN_TURN_SECRET=hunter2",
			"LECTERN_TRACES_URL=https://lectern:hunter2@traces.example/v1/traces", "LECTERN_PUBLIC_URL=https://class.example",
			"LECTERN_LISTEN=:1", "LECTERN_PUBLIC_IP="},
		Flags: map[string]string{"listen": ":2"}})
	require.NoError(t, err)
	texts := map[string]string{}
	for _, g := range given {
		texts[g.Key] = g.Text
		require.NotContains(t, g.Text, "hunter2", g.Key)
	}
	require.Equal(t, config.Given{Key: "listen", Text: ":2", Origin: "--listen"}, given[0])
	require.Contains(t, texts["database_url"], "postgres://lectern:********@db/lectern")
	require.Equal(t, "https://lectern:********@traces.example/v1/traces", texts["traces_url"])
	require.Equal(t, "https://class.example", texts["public_url"])
	require.Equal(t, "********", texts["jwt_secret"])
	require.Equal(t, "********", texts["smtp_password"])
	require.Equal(t, "", texts["public_ip"])
}

func TestAddressesAreShownWithoutTheirKeys(t *testing.T) {
	for env, shown := range map[string]string{
		"LECTERN_TRACES_URL=https://traces.example/v1/traces?api_key=hunter2&region=eu":  "https://traces.example/v1/traces?api_key=********&region=eu",
		"LECTERN_TRACES_URL=https://hunter2@traces.example/v1/traces":                    "https://********@traces.example/v1/traces",
		"LECTERN_DATABASE_URL=postgres://lectern@db/lectern?sslpassword=hunter2":         "postgres://lectern@db/lectern?sslpassword=********",
		"LECTERN_DATABASE_URL=postgres://lectern@/lectern?host=/run/pg&Password=hunter2": "postgres://lectern@/lectern?Password=********&host=%2Frun%2Fpg",
	} {
		given, err := config.Describe(config.Sources{Dir: t.TempDir(), Environ: []string{env}})
		require.NoError(t, err)
		require.Equal(t, shown, given[0].Text)
	}
}

func TestTLSSettingsThatDoNotFitTogether(t *testing.T) {
	for name, row := range map[string]struct {
		env  []string
		says string
	}{
		"a certificate without its key": {[]string{"LECTERN_TLS_CERT=a.pem"}, "one needs the other"},
		"both ways":                     {[]string{"LECTERN_TLS_CERT=a.pem", "LECTERN_TLS_KEY=b.pem", "LECTERN_TLS_ACME=on", "LECTERN_PUBLIC_URL=https://class.example"}, "tls_acme"},
		"fetched for no name":           {[]string{"LECTERN_TLS_ACME=on"}, "public_url"},
		"fetched for localhost":         {[]string{"LECTERN_TLS_ACME=on", "LECTERN_PUBLIC_URL=https://localhost"}, "public_url"},
		"the address says http":         {[]string{"LECTERN_TLS_CERT=a.pem", "LECTERN_TLS_KEY=b.pem", "LECTERN_PUBLIC_URL=http://class.example"}, "public_url"},
		"a directory without TLS":       {[]string{"LECTERN_TLS_ACME_DIRECTORY=http://ca.example"}, "LECTERN_TLS_ACME_DIRECTORY"},
		"no port":                       {[]string{"LECTERN_TLS_REDIRECT=80"}, "LECTERN_TLS_REDIRECT"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Load(config.Sources{Dir: t.TempDir(), Environ: row.env})
			require.ErrorContains(t, err, row.says)
		})
	}
	_, err := config.Load(config.Sources{Dir: t.TempDir(), Environ: []string{"LECTERN_TLS_ACME=on", "LECTERN_PUBLIC_URL=https://class.example", "LECTERN_TLS_REDIRECT=off"}})
	require.NoError(t, err)
}

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
	require.Equal(t, "********", texts["jwt_secret"])
	require.Equal(t, "********", texts["smtp_password"])
	require.Equal(t, "", texts["public_ip"])
}

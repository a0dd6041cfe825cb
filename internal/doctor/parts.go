package doctor

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"os"
	"path/filepath"

	"lectern/internal/mail"
	"lectern/internal/wire"
	"lectern/models"
)

// Database opens it beside the server, reads how far its schema is, and has SQLite look through its file.
func Database(ctx context.Context, p *Patient) []Check {
	what, mend := "PostgreSQL", "check database_url, and that PostgreSQL runs and lets this machine in"
	if p.Config.DatabaseURL == "" {
		what, mend = "SQLite", "restore a backup, and look after the disk"
		if _, err := os.Stat(filepath.Join(p.Config.DataDir, models.SQLiteName)); err != nil {
			return fail("database", "start the server once, or set data_dir as the server has it", "there is none: %s", reason(err))
		}
	}
	store, err := models.Connect(ctx, p.Config.DatabaseURL, p.Config.DataDir)
	if err != nil {
		return fail("database", mend, "%s cannot be opened: %s", what, reason(err))
	}
	defer store.Close()
	schema, err := store.Schema(ctx)
	switch {
	case err != nil:
		return fail("database", mend, "%s cannot be read: %s", what, reason(err))
	case schema.Current > schema.Newest:
		return fail("database", "install the newer version again, or restore a backup", "%s", (&models.NewerSchemaError{Schema: schema}).Error())
	}
	if err := store.Check(ctx); err != nil && ctx.Err() == nil {
		return fail("database", mend, "%s is damaged: %s", what, reason(err))
	}
	if len(schema.Pending) > 0 {
		return warn("database", "restart the server with this version: it migrates", "%s is at schema %d of %d", what, schema.Current, schema.Newest)
	}
	if store.Postgres() {
		granted, err := store.ServerConnections(ctx)
		if err == nil && granted < p.Config.Connections {
			return warn("database", "lower database_connections, or raise max_connections of PostgreSQL",
				"PostgreSQL grants %d connections, and the server may want %d: requests would fail when many people are there", granted, p.Config.Connections)
		}
	}
	return ok("database", "%s is at schema %d and can be read", what, schema.Current)
}

// Mail signs in to the mail server, without sending anything. That there is none is said by Settings.
func Mail(ctx context.Context, p *Patient) []Check {
	smtp := p.Config.SMTP
	if smtp.Host == "" {
		return nil
	}
	if err := mail.SMTP(smtp).Check(ctx, &tls.Config{ServerName: smtp.Host, RootCAs: p.Roots, MinVersion: tls.VersionTLS12}); err != nil {
		return fail("mail", "check smtp_host, smtp_port, smtp_tls, smtp_user and smtp_password", "no letter could be sent by %s port %d: %s", smtp.Host, smtp.Port, reason(err))
	}
	return ok("mail", "%s port %d takes letters", smtp.Host, smtp.Port)
}

// Version compares the program that runs with this one.
func Version(ctx context.Context, p *Patient) []Check {
	at, client := p.local()
	body, err := get(ctx, client, at+"/api/v1/server")
	var running wire.ServerInfo
	if err == nil {
		err = json.Unmarshal([]byte(body), &running)
	}
	switch {
	case err != nil:
		return nil // Server says why
	case running.Version != p.Version:
		return warn("version", "restart the server, or run the doctor of its version", "%s runs, and this is %s", running.Version, p.Version)
	}
	return ok("version", "%s runs", running.Version)
}

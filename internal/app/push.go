package app

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lectern/internal/durable"
	"lectern/internal/push"
	"lectern/services"
)

// openPush makes what sends to devices. Its key is made at the first start and kept in the data folder: with another one
// every device would have to subscribe again.
func (a *App) openPush(clock services.Clock) (*services.Pushes, error) {
	key, err := pushKey(filepath.Join(a.cfg.DataDir, "push_key"))
	if err != nil {
		return nil, err
	}
	subject := a.cfg.PublicURL
	if address, plain := strings.CutPrefix(subject, "http://"); plain {
		subject = "https://" + address // the protocol knows no other, and nobody opens it
	}
	sender, err := push.New(push.Config{Key: key, Subject: subject, Allow: a.cfg.PushNetworks})
	if err != nil {
		return nil, err
	}
	pushes := services.NewPushes(a.store, sender, a.hub.Active, clock, a.logOf("jobs"))
	pushes.Sent = a.metrics.pushed
	return pushes, nil
}

func pushKey(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if err == nil {
		return string(bytes.TrimSpace(raw)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	key, err := push.NewKey()
	if err != nil {
		return "", err
	}
	return key, durable.Write(path, strings.NewReader(key+"\n"))
}

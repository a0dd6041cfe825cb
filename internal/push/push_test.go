package push_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/push"
	"lectern/internal/push/pushtest"
	"lectern/services"
)

func newSender(t *testing.T, cfg push.Config) *push.Sender {
	t.Helper()
	key, err := push.NewKey()
	require.NoError(t, err)
	cfg.Key, cfg.Subject = key, "https://class.example"
	sender, err := push.New(cfg)
	require.NoError(t, err)
	t.Cleanup(sender.Close)
	return sender
}

func device(d *pushtest.Device) services.PushDevice {
	return services.PushDevice{Endpoint: d.Endpoint, P256DH: d.P256DH, Auth: d.Auth}
}

func TestAMessageArrives(t *testing.T) {
	service := pushtest.Start(t)
	sender := newSender(t, push.Config{Allow: pushtest.Loopback, Roots: service.Roots})
	point, err := base64.RawURLEncoding.DecodeString(sender.Key())
	require.NoError(t, err)
	require.Len(t, point, 65)
	d := service.Subscribe()
	message := services.PushMessage{Payload: []byte("上課了"), TTL: 90 * time.Second, Urgency: "high"}
	require.NoError(t, sender.Send(t.Context(), device(d), message))
	require.Equal(t, pushtest.Message{Device: d, Payload: message.Payload, TTL: "90", Urgency: "high"}, <-service.Messages)
	require.Error(t, sender.Send(t.Context(), device(d), services.PushMessage{Payload: make([]byte, 5000)}), "too long for one record")
}

func TestWhatAPushServiceAnswers(t *testing.T) {
	service := pushtest.Start(t)
	sender := newSender(t, push.Config{Allow: pushtest.Loopback, Roots: service.Roots})
	d := device(service.Subscribe())
	for _, status := range []int{404, 410} {
		service.Answer("", status)
		require.ErrorIs(t, sender.Send(t.Context(), d, services.PushMessage{}), services.ErrPushGone)
	}
	for header, want := range map[string]time.Duration{"": 0, "120": 2 * time.Minute, "-5": 0, "soon": 0, time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat): 0} {
		service.Answer(header, 429)
		var refused *services.PushRefused
		require.ErrorAs(t, sender.Send(t.Context(), d, services.PushMessage{}), &refused)
		require.Equal(t, services.PushRefused{Status: 429, RetryAfter: want}, *refused, header)
	}
}

func TestNothingIsSentInside(t *testing.T) {
	service := pushtest.Start(t)
	sender := newSender(t, push.Config{Roots: service.Roots})
	d := device(service.Subscribe())
	secret := d.Endpoint[len(service.URL):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} { // a name is judged by what it resolves to
		d.Endpoint = strings.Replace(service.URL, "127.0.0.1", host, 1) + secret
		err := sender.Send(t.Context(), d, services.PushMessage{})
		require.ErrorContains(t, err, "not on the public internet", host)
		require.NotContains(t, err.Error(), secret, "the address is the device's secret")
	}
	require.Empty(t, service.Tries)
}

func TestARedirectIsNotFollowed(t *testing.T) {
	service := pushtest.Start(t)
	d := device(service.Subscribe())
	redirect := httptest.NewTLSServer(http.RedirectHandler(d.Endpoint, http.StatusTemporaryRedirect))
	defer redirect.Close()
	service.Roots.AddCert(redirect.Certificate())
	sender := newSender(t, push.Config{Allow: pushtest.Loopback, Roots: service.Roots})
	d.Endpoint = redirect.URL
	var refused *services.PushRefused
	require.ErrorAs(t, sender.Send(t.Context(), d, services.PushMessage{}), &refused)
	require.Equal(t, http.StatusTemporaryRedirect, refused.Status)
	require.Empty(t, service.Tries)
}

func TestAnUntrustedServiceIsRefused(t *testing.T) {
	service := pushtest.Start(t)
	sender := newSender(t, push.Config{Allow: pushtest.Loopback})
	require.ErrorContains(t, sender.Send(t.Context(), device(service.Subscribe()), services.PushMessage{}), "certificate")
	require.Empty(t, service.Tries)
}

func TestABadKeyStopsTheStart(t *testing.T) {
	for _, key := range []string{"", "x", "!!", base64.RawURLEncoding.EncodeToString(make([]byte, 32))} {
		_, err := push.New(push.Config{Key: key})
		require.Error(t, err, key)
	}
}

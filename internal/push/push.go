// Package push sends Web Push messages (RFC 8030) to the push services of browsers, encrypted for one device (RFC 8291) and
// signed with the server's key (VAPID, RFC 8292).
package push

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/SherClockHolmes/webpush-go"

	"lectern/internal/publicnet"
	"lectern/services"
)

// A push service gets so long to take the connection, and to answer.
const (
	dialTime = 5 * time.Second
	sendTime = 15 * time.Second
)

// Config of a Sender.
type Config struct {
	Key     string         // NewKey made it
	Subject string         // an https: address under which the operators of push services find whoever sends
	Allow   []netip.Prefix // networks that may be sent to beside the public internet
	Roots   *x509.CertPool // who may sign the push services' certificates; nil: whom the system trusts
}

// Sender sends to devices.
type Sender struct {
	cfg    Config
	public string
	client *http.Client
}

// NewKey makes a server's private key, base64url.
func NewKey() (string, error) {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(key.Bytes()), nil
}

// New prepares a sender. It connects only to addresses on the public internet (and those allowed), judged after names are
// resolved, and it follows no redirect and no proxy: the address of a subscription comes from outside.
func New(cfg Config) (*Sender, error) {
	raw, err := base64.RawURLEncoding.DecodeString(cfg.Key)
	if err != nil {
		return nil, fmt.Errorf("decode the push key: %w", err)
	}
	key, err := ecdh.P256().NewPrivateKey(raw)
	if err != nil {
		return nil, fmt.Errorf("read the push key: %w", err)
	}
	dialer := &net.Dialer{Timeout: dialTime, Control: publicnet.Only(cfg.Allow...)}
	return &Sender{
		cfg:    cfg,
		public: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()),
		client: &http.Client{
			Timeout: sendTime,
			Transport: &http.Transport{
				DialContext:            dialer.DialContext,
				TLSClientConfig:        &tls.Config{RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12},
				TLSHandshakeTimeout:    dialTime,
				ForceAttemptHTTP2:      true,
				IdleConnTimeout:        time.Minute,
				MaxIdleConnsPerHost:    4,
				MaxResponseHeaderBytes: 16 << 10,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Key is the public key, base64url.
func (s *Sender) Key() string { return s.public }

// Close gives up the idle connections.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Send implements services.PushSender.
func (s *Sender) Send(ctx context.Context, to services.PushDevice, message services.PushMessage) error {
	res, err := webpush.SendNotificationWithContext(ctx, message.Payload,
		&webpush.Subscription{Endpoint: to.Endpoint, Keys: webpush.Keys{P256dh: to.P256DH, Auth: to.Auth}},
		&webpush.Options{HTTPClient: s.client, Subscriber: s.cfg.Subject, VAPIDPublicKey: s.public, VAPIDPrivateKey: s.cfg.Key,
			TTL: int(message.TTL.Seconds()), Urgency: webpush.Urgency(message.Urgency)})
	var dialing *url.Error
	if errors.As(err, &dialing) {
		return dialing.Err // without the address, which is the device's secret
	}
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, 4<<10) // so that the connection can be used again
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return nil
	case res.StatusCode == http.StatusNotFound, res.StatusCode == http.StatusGone:
		return services.ErrPushGone
	default:
		return &services.PushRefused{Status: res.StatusCode, RetryAfter: retryAfter(res.Header.Get("Retry-After"))}
	}
}

// retryAfter reads the header of that name, which has seconds or a date (RFC 9110, 10.2.3); 0 when there is none.
func retryAfter(text string) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

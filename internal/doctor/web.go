package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lectern/internal/certificate"
	"lectern/internal/config"
)

// largestLog is how many bytes of an answer are read.
const largestLog = 4 << 10

// Settings tells what the configuration itself should make an operator think of.
func Settings(_ context.Context, p *Patient) []Check {
	var checks []Check
	for _, w := range p.Config.Warnings() {
		checks = append(checks, warn("settings", "see the README under Configure", "%s", w.Sentence)...)
	}
	if len(checks) == 0 {
		return ok("settings", "nothing surprising")
	}
	return checks
}

// Server asks the program itself, past any proxy.
func Server(ctx context.Context, p *Patient) []Check {
	at, client := p.local()
	if _, err := get(ctx, client, at+"/healthz"); err != nil {
		return fail("server", "start it with `lectern serve`, and give the doctor the same settings", "does not answer at %s: %s", at, reason(err))
	}
	if body, err := get(ctx, client, at+"/readyz"); err != nil {
		return fail("server", "its log says more", "runs at %s but is not ready: %s %s", at, reason(err), body)
	}
	return ok("server", "runs and is ready at %s", at)
}

// local is where the server answers on this machine, and how to ask it there.
func (p *Patient) local() (string, *http.Client) {
	at, client := config.LocalURL(p.Config.Listen), p.client()
	if p.Config.TLS.On() { // under a name that is not the certificate's
		at = strings.Replace(at, "http://", "https://", 1)
		client.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}
	}
	return at, client
}

// PublicURL opens the address that people open, and a socket there.
func PublicURL(ctx context.Context, p *Patient) []Check {
	at := p.Config.PublicURL
	public, err := url.Parse(at)
	if err != nil {
		return fail("public_url", "set public_url to the address that people open", "%q is no address", at)
	}
	var checks []Check
	if config.Secure(at) {
		checks = ok("secure_context", "browsers give cameras and microphones to %s", at)
	} else {
		checks = fail("secure_context", "put TLS in front and set public_url to https://…",
			"%s is neither https nor this machine: browsers refuse camera and microphone there", at)
	}
	var invalid *tls.CertificateVerificationError
	switch _, err := get(ctx, p.client(), at+"/healthz"); {
	case errors.As(err, &invalid):
		return append(checks, fail("public_url", "mend the certificate", "browsers refuse %s: %s", at, verdict(invalid, p.Now()))...)
	case err != nil:
		return append(checks, fail("public_url", "check the name in DNS, the proxy and the firewall, and that "+public.Host+" leads to this server",
			"%s does not answer from here: %s", at, reason(err))...)
	}
	checks = append(checks, ok("public_url", "%s answers", at)...)
	switch status, err := p.upgrade(ctx, at+"/ws"); {
	case err != nil:
		return append(checks, fail("socket", "look into the proxy's log", "no socket at %s/ws: %s", at, reason(err))...)
	case status != http.StatusSwitchingProtocols:
		return append(checks, fail("socket", "let the proxy pass WebSocket upgrades of /ws (HTTP/1.1, headers Upgrade and Connection)",
			"a socket at %s/ws is answered %d %s", at, status, http.StatusText(status))...)
	}
	return append(checks, ok("socket", "%s/ws opens", at)...)
}

// Certificate looks at the certificate of the public address and at the relay's.
func Certificate(ctx context.Context, p *Patient) []Check {
	var checks []Check
	if public, err := url.Parse(p.Config.PublicURL); err == nil && public.Scheme == "https" {
		port := public.Port()
		if port == "" {
			port = "443"
		}
		checks = p.inspect(ctx, "certificate", public.Hostname(), port, "renew it, with all certificates of its issuers, for "+public.Hostname())
	}
	for _, at := range p.endpoints() {
		if at.secure {
			checks = append(checks, p.inspect(ctx, "turn_certificate", at.host, at.port, "turn_tls_cert must be valid for "+at.host)...)
		}
	}
	return checks
}

// inspect connects by TLS and judges what is offered.
func (p *Patient) inspect(ctx context.Context, name, host, port, mend string) []Check {
	dialer := &tls.Dialer{Config: &tls.Config{ServerName: host, RootCAs: p.Roots, MinVersion: tls.VersionTLS12, Time: p.Now}}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	var invalid *tls.CertificateVerificationError
	switch {
	case errors.As(err, &invalid):
		return fail(name, mend, "that of %s is not valid: %s", host, verdict(invalid, p.Now()))
	case err != nil:
		return fail(name, "is the port open, and TLS configured?", "no TLS at %s: %s", net.JoinHostPort(host, port), reason(err))
	}
	defer conn.Close()
	leaf := conn.(*tls.Conn).ConnectionState().PeerCertificates[0]
	if trouble := certificate.Trouble(leaf, p.Now()); trouble != "" {
		return warn(name, mend, "that of %s: %s", host, trouble)
	}
	return ok(name, "that of %s is valid for %d days", host, int(leaf.NotAfter.Sub(p.Now()).Hours()/24))
}

func verdict(err *tls.CertificateVerificationError, now time.Time) string {
	var wrong x509.CertificateInvalidError
	if errors.As(err, &wrong) && wrong.Reason == x509.Expired { // or does not count yet; it may be that of an issuer
		return certificate.Trouble(wrong.Cert, now)
	}
	return reason(err.Err)
}

// client follows no redirects and keeps no connections.
func (p *Patient) client() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.Roots, MinVersion: tls.VersionTLS12, Time: p.Now}, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get wants the answer 200.
func get(ctx context.Context, client *http.Client, address string) (body string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, largestLog))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("it answers %d %s", res.StatusCode, http.StatusText(res.StatusCode))
	}
	return strings.TrimSpace(string(raw)), err
}

// upgrade asks for a socket and returns the status of the answer (RFC 6455, section 4.1).
func (p *Patient) upgrade(ctx context.Context, address string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	req.Header = http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"bGVjdGVybiBkb2N0b3IgMQ=="}}
	res, err := p.client().Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// reason is an error without what the sentence around it says already.
func reason(err error) string {
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	if errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "all retransmissions failed") {
		return "no answer in time"
	}
	return err.Error()
}

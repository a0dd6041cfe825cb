package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"

	gomail "github.com/wneessen/go-mail"
)

// SMTP is the server that takes letters.
type SMTP struct {
	Host     string // empty: none
	Port     int
	User     string // empty: no authentication
	Password string
	From     string // an address, with or without a name
	TLS      string // starttls, tls or none
}

type smtpServer struct {
	client *gomail.Client
	from   string
}

func newSMTPServer(cfg SMTP, trust *tls.Config) (*smtpServer, error) {
	opts := []gomail.Option{gomail.WithTimeout(tryTime)}
	switch cfg.TLS {
	case "tls":
		opts = append(opts, gomail.WithSSL())
	case "none":
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	opts = append(opts, gomail.WithPort(cfg.Port))
	if cfg.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if cfg.TLS == "none" { // the operator says that the way there is safe, such as a socket on this machine
			auth = gomail.SMTPAuthPlainNoEnc
		}
		opts = append(opts, gomail.WithSMTPAuth(auth), gomail.WithUsername(cfg.User), gomail.WithPassword(cfg.Password))
	}
	if trust != nil {
		opts = append(opts, gomail.WithTLSConfig(trust))
	}
	client, err := gomail.NewClient(cfg.Host, opts...)
	if err != nil {
		return nil, err
	}
	if err := gomail.NewMsg().From(cfg.From); err != nil {
		return nil, fmt.Errorf("smtp_from: %w", err)
	}
	return &smtpServer{client: client, from: cfg.From}, nil
}

// Check connects and signs in, and sends nothing.
func (cfg SMTP) Check(ctx context.Context, trust *tls.Config) error {
	server, err := newSMTPServer(cfg, trust)
	if err != nil {
		return err
	}
	if err := server.client.DialWithContext(ctx); err != nil {
		return err
	}
	return server.client.Close()
}

// send hands one letter over.
func (s *smtpServer) send(ctx context.Context, to string, text written) error {
	msg := gomail.NewMsg()
	if err := errors.Join(msg.From(s.from), msg.To(to)); err != nil {
		return err
	}
	msg.Subject(text.subject)
	msg.SetDate()
	msg.SetMessageID()
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, text.text)
	msg.AddAlternativeString(gomail.TypeTextHTML, text.html)
	return s.client.DialAndSendWithContext(ctx, msg)
}

// permanent tells whether the server has refused a letter for good (RFC 5321, replies 5xx).
func permanent(err error) bool {
	var refused *gomail.SendError
	return errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500
}

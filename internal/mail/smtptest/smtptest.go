// Package smtptest is a real SMTP server on loopback for tests, which keeps the letters it takes.
package smtptest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// What a client must sign in with.
const User, Password = "lectern", "the mail secret"

// Letter is one that the server has taken.
type Letter struct {
	From, To, Subject string
	Text, HTML        string
	Secure            bool // came over TLS
}

// Server listens on a free port of 127.0.0.1.
type Server struct {
	Port    int
	Trust   *tls.Config // for clients
	Letters chan Letter

	server *smtp.Server

	mu      sync.Mutex // guards replies
	replies []*smtp.SMTPError
}

// Start runs a server until the test ends. It offers STARTTLS, and demands it before a password.
func Start(t testing.TB) *Server {
	t.Helper()
	cert, trust := certificate(t)
	s := &Server{Trust: trust, Letters: make(chan Letter, 100)}
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{s: s, conn: c}, nil }))
	s.server.Domain = "localhost"
	s.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.Port = listener.Addr().(*net.TCPAddr).Port
	served := make(chan struct{})
	go func() { defer close(served); _ = s.server.Serve(listener) }()
	t.Cleanup(func() { _ = s.server.Close(); <-served })
	return s
}

// Refuse answers the next letters with these replies, one each.
func (s *Server) Refuse(replies ...*smtp.SMTPError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = append(s.replies, replies...)
}

// Next waits for a letter.
func (s *Server) Next(t testing.TB) Letter {
	t.Helper()
	select {
	case letter := <-s.Letters:
		return letter
	case <-time.After(10 * time.Second):
		require.FailNow(t, "no letter came within 10 s")
		return Letter{}
	}
}

type session struct {
	s        *Server
	conn     *smtp.Conn
	from, to string
}

func (c *session) AuthMechanisms() []string {
	if _, secure := c.conn.TLSConnectionState(); !secure {
		return nil
	}
	return []string{sasl.Plain}
}

func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error { c.from = from; return nil }
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error   { c.to = to; return nil }
func (c *session) Reset()                                      {}
func (c *session) Logout() error                               { return nil }

func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if len(c.s.replies) > 0 {
		reply := c.s.replies[0]
		c.s.replies = c.s.replies[1:]
		return reply
	}
	letter, err := parse(raw)
	if err != nil {
		return err
	}
	letter.From, letter.To = c.from, c.to
	_, letter.Secure = c.conn.TLSConnectionState()
	c.s.Letters <- letter
	return nil
}

func parse(raw []byte) (Letter, error) {
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Letter{}, err
	}
	var letter Letter
	if letter.Subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return letter, err
	}
	_, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		return letter, err
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for _, into := range []*string{&letter.Text, &letter.HTML} {
		part, err := parts.NextRawPart()
		if err != nil {
			return letter, err
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			return letter, err
		}
		*into = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
	return letter, nil
}

// certificate makes one for 127.0.0.1, and the client's trust in it.
func certificate(t testing.TB) (tls.Certificate, *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

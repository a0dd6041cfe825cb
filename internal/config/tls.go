package config

import (
	"errors"
	"net"
	"strings"
)

// TLS is how the web server speaks HTTPS; the zero value is plain HTTP, for localhost or behind a proxy.
type TLS struct {
	Cert, Key string // PEM files

	ACME          bool // fetch and renew a certificate for the host of PublicURL
	ACMEEmail     string
	ACMEDirectory string // empty: Let's Encrypt

	Redirect string // host:port of plain HTTP that leads to HTTPS and answers the authority's questions; empty: none
}

// On tells whether the web server speaks HTTPS itself.
func (t TLS) On() bool { return t.Cert != "" || t.ACME }

// RelayCertificate names the files of the embedded relay's certificate: its own, else the web server's; "" for none.
func (c Config) RelayCertificate() (cert, key string) {
	if c.TURNTLSCert != "" {
		return c.TURNTLSCert, c.TURNTLSKey
	}
	return c.TLS.Cert, c.TLS.Key
}

var tlsSettings = []Setting{
	{"tls_cert", "certificate of the web server, a PEM file with those of its issuers; read again when it is renewed", func(c *Config, v string) error {
		c.TLS.Cert = v
		return nil
	}},
	{"tls_key", "its key, a PEM file", func(c *Config, v string) error {
		c.TLS.Key = v
		return nil
	}},
	{"tls_acme", "on: fetch and renew a certificate for the host of public_url by itself, from Let's Encrypt; ports 443 and 80 must be open to the outside (default off)", func(c *Config, v string) error {
		switch strings.ToLower(v) {
		case "on", "true":
			c.TLS.ACME = true
		case "off", "false":
			c.TLS.ACME = false
		default:
			return errors.New("on or off is expected")
		}
		return nil
	}},
	{"tls_acme_email", "address that the authority writes to when a certificate cannot be renewed", func(c *Config, v string) error {
		c.TLS.ACMEEmail = v
		return nil
	}},
	{"tls_acme_directory", "address of another ACME authority's directory", func(c *Config, v string) error {
		c.TLS.ACMEDirectory = v
		if v != "" && !strings.HasPrefix(v, "https://") {
			return errors.New("an address that begins with https:// is expected")
		}
		return nil
	}},
	{"tls_redirect", "address of plain HTTP that leads to HTTPS, host:port (default :80 with TLS; off: none)", func(c *Config, v string) error {
		if strings.ToLower(v) == "off" {
			c.TLS.Redirect = ""
			return nil
		}
		c.TLS.Redirect = v
		if _, _, err := net.SplitHostPort(v); err != nil {
			return errors.New("off or host:port is expected, such as :80")
		}
		return nil
	}},
}

// tlsTogether checks the settings of TLS that need each other.
func (c *Config) tlsTogether() error {
	switch {
	case (c.TLS.Cert == "") != (c.TLS.Key == ""):
		return errors.New("tls_cert, tls_key: one needs the other")
	case c.TLS.ACME && c.TLS.Cert != "":
		return errors.New("tls_acme: it is not used with tls_cert")
	case c.TLS.ACME && (!strings.HasPrefix(c.PublicURL, "https://") || Secure(strings.Replace(c.PublicURL, "https://", "http://", 1))):
		return errors.New("public_url: tls_acme needs an https:// address with a name that the authority can reach")
	case c.TLS.On() && c.PublicURL != "" && !strings.HasPrefix(c.PublicURL, "https://"):
		return errors.New("public_url: with TLS it begins with https://")
	}
	return nil
}

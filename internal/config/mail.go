package config

import (
	"errors"
	"net/mail"
	"slices"
	"strings"
)

// How people get an account.
const (
	SignUpOpen    = "open"
	SignUpInvite  = "invite"
	SignUpDomains = "domains"
)

// SMTP is the server that takes the program's letters; without a Host there are none.
type SMTP struct {
	Host     string
	Port     int
	User     string
	Password string
	From     string
	TLS      string // starttls, tls or none
}

// accountSettings say who may sign up and how letters reach them.
var accountSettings = []Setting{
	{"sign_up", "who may open an account: open, invite or domains (default open)", func(c *Config, v string) error {
		c.SignUp = v
		return oneOf(v, SignUpOpen, SignUpInvite, SignUpDomains)
	}},
	{"sign_up_domains", "domains of the addresses that may, separated by commas; with sign_up = domains", func(c *Config, v string) error {
		c.SignUpDomains = nil
		for domain := range strings.SplitSeq(strings.ToLower(v), ",") {
			if domain = strings.TrimSpace(domain); domain == "" {
				continue
			}
			if _, err := mail.ParseAddress("somebody@" + domain); err != nil || !strings.Contains(domain, ".") {
				return errors.New("domains are expected, such as school.edu.tw")
			}
			c.SignUpDomains = append(c.SignUpDomains, domain)
		}
		return nil
	}},
	{"smtp_host", "SMTP server for letters; without it links are written to the log and addresses are not verified", func(c *Config, v string) error {
		c.SMTP.Host = v
		return nil
	}},
	{"smtp_port", "its port (default 587)", func(c *Config, v string) (err error) {
		c.SMTP.Port, err = number(v, 1, 65535)
		return err
	}},
	{"smtp_user", "name to sign in to it with; without one there is no authentication", func(c *Config, v string) error {
		c.SMTP.User = v
		return nil
	}},
	{"smtp_password", "password to sign in to it with", func(c *Config, v string) error {
		c.SMTP.Password = v
		return nil
	}},
	{"smtp_from", "sender of letters, such as Lectern <lectern@school.edu.tw>; needed with smtp_host", func(c *Config, v string) error {
		c.SMTP.From = v
		if _, err := mail.ParseAddress(v); v != "" && err != nil {
			return errors.New("an address is expected, such as Lectern <lectern@school.edu.tw>")
		}
		return nil
	}},
	{"smtp_tls", "starttls, tls (usually port 465) or none (default starttls)", func(c *Config, v string) error {
		c.SMTP.TLS = v
		return oneOf(v, "starttls", "tls", "none")
	}},
}

func oneOf(word string, allowed ...string) error {
	if !slices.Contains(allowed, word) {
		last := len(allowed) - 1
		return errors.New(strings.Join(allowed[:last], ", ") + " or " + allowed[last] + " is expected")
	}
	return nil
}

// together checks the settings that need each other.
func (c *Config) together() error {
	switch {
	case len(c.TURNURLs) > 0 && c.TURNSecret == "":
		return errors.New("turn_secret: it is needed with turn_urls")
	case (c.TURNTLSCert == "") != (c.TURNTLSKey == ""):
		return errors.New("turn_tls_cert, turn_tls_key: one needs the other")
	case c.SMTP.Host != "" && c.SMTP.From == "":
		return errors.New("smtp_from: it is needed with smtp_host")
	case c.SignUp == SignUpDomains && len(c.SignUpDomains) == 0:
		return errors.New("sign_up_domains: it is needed with sign_up = domains")
	}
	return c.tlsTogether()
}

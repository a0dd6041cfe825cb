package config

import (
	"net/netip"
	"net/url"
	"strings"

	"lectern/internal/wire"
)

// Warning is something that works, but not as an operator may think.
type Warning struct {
	Code     string // one of wire's
	Sentence string
}

// Warnings tells what an operator should know about these settings. PublicURL must be filled in.
func (c *Config) Warnings() []Warning {
	var list []Warning
	warn := func(when bool, code, sentence string) {
		if when {
			list = append(list, Warning{code, sentence})
		}
	}
	warn(c.SMTP.Host == "", wire.WarningNoMail,
		"smtp_host is not set: no letters are sent, addresses are not verified, and links to set a new password are written to this log")
	warn(c.SMTP.Host == "" && c.SignUp == SignUpDomains, wire.WarningDomainsOnTrust,
		"sign_up is domains without smtp_host: whoever types an address of these domains may sign up")
	warn(!Secure(c.PublicURL), wire.WarningInsecureURL,
		"public_url is http: browsers give cameras and microphones to https and localhost only, and passwords travel unprotected")
	warn(!c.RateLimits, wire.WarningNoRateLimits, "rate_limits is off: nothing slows down guessing and flooding")
	return list
}

// Secure tells whether browsers take an address for a secure one.
func Secure(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "https" {
		return err == nil
	}
	host := strings.ToLower(u.Hostname())
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (err == nil && ip.IsLoopback())
}

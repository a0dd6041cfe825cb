package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
)

func TestWarnings(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*config.Config)
		want   []string
	}{
		"nothing to say": {func(*config.Config) {}, nil},
		"no mail":        {func(c *config.Config) { c.SMTP.Host = "" }, []string{"no_mail"}},
		"domains":        {func(c *config.Config) { c.SMTP.Host, c.SignUp = "", config.SignUpDomains }, []string{"no_mail", "domains_on_trust"}},
		"domains, mail":  {func(c *config.Config) { c.SignUp = config.SignUpDomains }, nil},
		"http":           {func(c *config.Config) { c.PublicURL = "http://class.example" }, []string{"insecure_url"}},
		"an address":     {func(c *config.Config) { c.PublicURL = "http://192.0.2.1:8080" }, []string{"insecure_url"}},
		"like localhost": {func(c *config.Config) { c.PublicURL = "http://localhost.example" }, []string{"insecure_url"}},
		"localhost":      {func(c *config.Config) { c.PublicURL = "http://localhost:8080" }, nil},
		"under it":       {func(c *config.Config) { c.PublicURL = "http://class.localhost" }, nil},
		"loopback":       {func(c *config.Config) { c.PublicURL = "http://127.0.0.2:8080" }, nil},
		"loopback, IPv6": {func(c *config.Config) { c.PublicURL = "http://[::1]:8080" }, nil},
		"no rates":       {func(c *config.Config) { c.RateLimits = false }, []string{"no_rate_limits"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config.Default()
			cfg.PublicURL, cfg.SMTP.Host = "https://class.example", "mail.example"
			row.change(&cfg)
			var codes []string
			for _, w := range cfg.Warnings() {
				require.NotEmpty(t, w.Sentence)
				codes = append(codes, w.Code)
			}
			require.Equal(t, row.want, codes)
		})
	}
}

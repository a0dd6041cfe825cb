package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Setting is one key: in a file `data_dir`, in the environment LECTERN_DATA_DIR, as a flag --data-dir.
type Setting struct {
	Key   string
	Usage string
	set   func(*Config, string) error
}

// Env is the key's name in the environment.
func (s Setting) Env() string { return envPrefix + strings.ToUpper(s.Key) }

// Flag is the key's name on the command line.
func (s Setting) Flag() string { return strings.ReplaceAll(s.Key, "_", "-") }

// Settings are all keys, in the order in which help lists them.
var Settings = slices.Concat(serverSettings, tlsSettings, mediaSettings, accountSettings, rateSettings, operationSettings)

var serverSettings = []Setting{
	{"listen", "address of the web server, host:port (default :8080)", func(c *Config, v string) error {
		c.Listen = v
		_, port, err := net.SplitHostPort(v)
		if err == nil {
			_, err = number(port, 0, 65535)
		}
		if err != nil {
			return errors.New("host:port is expected, such as :8080 or 127.0.0.1:8080")
		}
		return nil
	}},
	{"data_dir", "folder for the database, files and secrets (default ./data)", func(c *Config, v string) error {
		c.DataDir = v
		if v == "" {
			return errors.New("a folder is expected")
		}
		return nil
	}},
	{"database_url", "PostgreSQL as postgres://user:password@host/name; without it SQLite in the data folder", func(c *Config, v string) error {
		c.DatabaseURL = v
		if u, err := url.Parse(v); v != "" && (err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql")) {
			return errors.New("postgres://user:password@host:port/name is expected")
		}
		return nil
	}},
	{"database_connections", "connections to the database at most (default 40)", func(c *Config, v string) (err error) {
		c.Connections, err = number(v, 2, 10_000)
		return err
	}},
	{"public_url", "address that people open, such as https://class.example", func(c *Config, v string) error {
		c.PublicURL = strings.TrimRight(v, "/")
		u, err := url.Parse(c.PublicURL)
		if v != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "") {
			return errors.New("http:// or https:// and a host is expected, without a path")
		}
		return nil
	}},
	{"embed_origins", "pages that may show a meeting in a frame, such as https://moodle.example, separated by commas (default none)", func(c *Config, v string) (err error) {
		c.EmbedOrigins, err = origins(v)
		return err
	}},
	{"jwt_secret", "secret that signs tokens, at least 32 characters; without it one is made and kept in the data folder", func(c *Config, v string) error {
		c.JWTSecret = v
		if v != "" && len(v) < 32 {
			return errors.New("at least 32 characters are expected")
		}
		return nil
	}},
	{"ice_udp_port", "UDP port for all audio and video (default 8443; 0: any free one)", func(c *Config, v string) (err error) {
		c.ICEUDPPort, err = number(v, 0, 65535)
		return err
	}},
	{"ice_tcp_port", "TCP port for audio and video where UDP is blocked (default 8443; 0: any free one)", func(c *Config, v string) (err error) {
		c.ICETCPPort, err = number(v, 0, 65535)
		return err
	}},
	{"public_ip", "address to announce for audio and video when this machine is behind NAT", func(c *Config, v string) (err error) {
		if v == "" {
			c.PublicIP = netip.Addr{}
			return nil
		}
		if c.PublicIP, err = netip.ParseAddr(v); err != nil {
			return errors.New("an IP address is expected, such as 203.0.113.7")
		}
		return nil
	}},
	{"stun_urls", "STUN servers for browsers, separated by commas", func(c *Config, v string) (err error) {
		c.STUNURLs, err = addresses(v, "stun:", "stuns:")
		return err
	}},
	{"turn_urls", "TURN servers for browsers, separated by commas; needs turn_secret", func(c *Config, v string) (err error) {
		c.TURNURLs, err = addresses(v, "turn:", "turns:")
		return err
	}},
	{"turn_secret", "secret shared with the TURN server (coturn: static-auth-secret)", func(c *Config, v string) error {
		c.TURNSecret = v
		return nil
	}},
	{"turn_port", "UDP and TCP port of the embedded TURN relay (default 3478, or any free one when that is taken; off: no relay); unused with turn_urls", func(c *Config, v string) (err error) {
		if strings.ToLower(v) == "off" {
			c.TURNPort = -1
			return nil
		}
		if c.TURNPort, err = number(v, 1, 65535); err != nil {
			return errors.New("off or a number from 1 to 65535 is expected")
		}
		return nil
	}},
	{"turn_tls_cert", "file with the certificate, in PEM, for TURN over TLS at the embedded relay, valid for the host of public_url; read again when it is renewed", func(c *Config, v string) error {
		c.TURNTLSCert = v
		return nil
	}},
	{"turn_tls_key", "file with its key", func(c *Config, v string) error {
		c.TURNTLSKey = v
		return nil
	}},
	{"turn_tls_port", "TCP port of TURN over TLS (default 5349; 0: any free one)", func(c *Config, v string) (err error) {
		c.TURNTLSPort, err = number(v, 0, 65535)
		return err
	}},
	{"turn_peers", "networks that the embedded relay may reach besides the public internet, separated by commas (default none)", func(c *Config, v string) (err error) {
		c.TURNPeers, err = networks(v)
		return err
	}},
	{"turn_user_allocations", "addresses that one person may hold at the embedded relay (default 16)", func(c *Config, v string) (err error) {
		c.TURNUserAllocations, err = number(v, 1, 1000)
		return err
	}},
	{"turn_user_bytes_per_second", "bytes that the embedded relay carries for one person in a second (default 2000000)", func(c *Config, v string) (err error) {
		c.TURNUserBytesPerSecond, err = number(v, 10_000, 1<<30)
		return err
	}},
	{"channel_max_members", "people in one channel (default 1000)", func(c *Config, v string) (err error) {
		c.ChannelMaxMembers, err = number(v, 1, 100_000)
		return err
	}},
	{"user_max_channels", "channels that one person may make (default 200)", func(c *Config, v string) (err error) {
		c.UserMaxChannels, err = number(v, 1, 100_000)
		return err
	}},
	{"upload_max_bytes", "size of the largest file in bytes (default 536870912)", func(c *Config, v string) (err error) {
		n, err := number(v, 1, 1<<40)
		c.UploadMaxBytes = int64(n)
		return err
	}},
	{"upload_quota_bytes", "size of all files of one person in bytes (default 5368709120)", func(c *Config, v string) error {
		n, err := number(v, 1, 1<<50)
		c.UploadQuotaBytes = int64(n)
		return err
	}},
	{"retention_files_days", "days after which uploaded files are deleted, but for those that pinned posts or playlists show (default 0: never)", func(c *Config, v string) (err error) {
		c.RetentionFiles, err = days(v)
		return err
	}},
	{"retention_messages_days", "days after which messages, comments, and posts without newer comments are deleted, but for pinned posts (default 0: never)", func(c *Config, v string) (err error) {
		c.RetentionMessages, err = days(v)
		return err
	}},
	{"retention_audit_days", "days after which events of the audit log are deleted (default 0: never)", func(c *Config, v string) (err error) {
		c.RetentionAudit, err = days(v)
		return err
	}},
	{"push_networks", "networks that web push may be sent to besides the public internet, separated by commas (default none)", func(c *Config, v string) (err error) {
		c.PushNetworks, err = networks(v)
		return err
	}},
	{"trusted_proxies", "addresses or networks of the reverse proxies whose X-Forwarded-For counts, separated by commas (default none)", func(c *Config, v string) (err error) {
		c.TrustedProxies, err = networks(v)
		return err
	}},
	{"rate_limits", "on or off (default on); off for load tests", func(c *Config, v string) error {
		switch strings.ToLower(v) {
		case "on", "true":
			c.RateLimits = true
		case "off", "false":
			c.RateLimits = false
		default:
			return errors.New("on or off is expected")
		}
		return nil
	}},
}

// days reads a time in whole days; 0 is for ever.
func days(text string) (time.Duration, error) {
	n, err := number(text, 0, 36_500)
	return time.Duration(n) * 24 * time.Hour, err
}

func number(text string, least, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("a number from %d to %d is expected", least, most)
	}
	return n, nil
}

func addresses(text string, schemes ...string) ([]string, error) {
	var list []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		if !slices.ContainsFunc(schemes, func(s string) bool { return strings.HasPrefix(item, s) && len(item) > len(s) }) {
			return nil, fmt.Errorf("addresses starting with %s are expected", strings.Join(schemes, " or "))
		}
		list = append(list, item)
	}
	return list, nil
}

// origins are scheme, host and port (RFC 6454), in lower case; without TLS only those of this machine, for trying things out.
func origins(text string) ([]string, error) {
	var list []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.ToLower(strings.TrimSpace(item)); item == "" {
			continue
		}
		u, err := url.Parse(item)
		if err != nil || u.Host == "" || item != u.Scheme+"://"+u.Host || strings.ContainsAny(u.Host, "*;'\" \t") ||
			u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1") {
			return nil, errors.New("https:// and a host without a path is expected, such as https://moodle.example")
		}
		list = append(list, item)
	}
	return list, nil
}

func networks(text string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		network, err := netip.ParsePrefix(item)
		if addr, single := netip.ParseAddr(item); single == nil {
			network, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, errors.New("addresses or networks are expected, such as 127.0.0.1 or 10.0.0.0/8")
		}
		list = append(list, network)
	}
	return list, nil
}

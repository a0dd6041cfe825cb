// Package config makes one validated Config out of defaults < file < .env < environment < flags.
package config

import (
	"net"
	"net/netip"
	"time"
)

// Config is how this program was asked to run.
type Config struct {
	Listen       string // host:port of HTTP
	DataDir      string
	DatabaseURL  string   // empty: SQLite in DataDir
	Connections  int      // to the database, at most
	PublicURL    string   // without a slash at its end; empty: http://localhost and the port of Listen
	EmbedOrigins []string // of pages that may show a meeting in a frame
	JWTSecret    string   // empty: made and kept in DataDir
	TLS          TLS

	ICEUDPPort int        // one UDP port for all media; 0: any free one
	ICETCPPort int        // one TCP port for networks that block UDP; 0: any free one
	PublicIP   netip.Addr // announced to browsers when this machine is behind NAT; invalid: none
	STUNURLs   []string
	TURNURLs   []string
	TURNSecret string // shared with the TURN server (its "static auth secret")

	TURNPort               int            // of the embedded relay; 0: 3478, or any free one when that is taken; negative: no relay
	TURNTLSCert            string         // file, PEM; empty: no TURN over TLS
	TURNTLSKey             string         // file, PEM
	TURNTLSPort            int            // TCP; 0: any free one
	TURNPeers              []netip.Prefix // networks that it relays to besides the public internet
	TURNUserAllocations    int
	TURNUserBytesPerSecond int

	CallRinging time.Duration // until nobody is expected to answer
	CallGrace   time.Duration // a device in a call may be away so long

	MeetingMaxParticipants int
	MeetingMaxVoices       int
	MediaMaxRooms          int
	MediaMaxEgress         int // Mbit/s, 0: no limit
	MediaMaxTrackRate      int // kbit/s
	ChannelMaxMembers      int
	UserMaxChannels        int           // that one person may make
	UploadMaxBytes         int64         // of one file
	UploadQuotaBytes       int64         // of all files of one person
	RetentionFiles         time.Duration // how long they are kept, and so on; 0: for ever
	RetentionMessages      time.Duration
	RetentionAudit         time.Duration
	PushNetworks           []netip.Prefix // that web push is sent to besides the public internet
	TrustedProxies         []netip.Prefix // whose X-Forwarded-For is believed
	RateLimits             bool
	Rates                  Rates

	SignUp        string   // SignUpOpen, SignUpInvite or SignUpDomains
	SignUpDomains []string // in lower case
	SMTP          SMTP

	LogLevels LogLevels
	Metrics   Metrics
	Tracing   Tracing
}

// Default is the configuration of a program started without any.
func Default() Config {
	return Config{
		Listen:                 ":8080",
		DataDir:                "./data",
		TLS:                    TLS{Redirect: ":80"},
		ICEUDPPort:             8443,
		ICETCPPort:             8443,
		TURNTLSPort:            5349,
		TURNUserAllocations:    16,
		TURNUserBytesPerSecond: 2_000_000,
		CallRinging:            45 * time.Second,
		CallGrace:              30 * time.Second,
		MeetingMaxParticipants: 50,
		MeetingMaxVoices:       5,
		MediaMaxRooms:          200,
		Connections:            40,
		MediaMaxTrackRate:      12_000,
		ChannelMaxMembers:      1000,
		UserMaxChannels:        200,
		UploadMaxBytes:         512 << 20,
		UploadQuotaBytes:       5 << 30,
		RateLimits:             true,
		Rates:                  defaultRates,
		SignUp:                 SignUpOpen,
		SMTP:                   SMTP{Port: 587, TLS: "starttls"},
		Tracing:                Tracing{Ratio: 1},
	}
}

// LocalURL is where the program answers on this machine by plain HTTP, given the address that it listens on.
func LocalURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip, bad := netip.ParseAddr(host); err != nil || host == "" || (bad == nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

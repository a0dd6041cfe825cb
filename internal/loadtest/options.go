package loadtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Common are the options of every test.
type Common struct {
	Server     string        // address of the web app: http(s)://host:port
	OwnServer  bool          // allow a target that is not this machine
	Duration   time.Duration // of the measurement
	PID        int           // server process to account, 0: none
	Email      string        // teacher; empty: one is registered
	Password   string
	Accounts   string        // file that keeps the accounts made, for the next run; empty: they are deleted at the end
	WindowsPer int           // participants or sockets that share an account, as windows of one person
	Patience   time.Duration // for one participant or socket to get in
}

// Options say what a test of meetings does. Bad ones are refused by Run, which names the flag.
type Options struct {
	Common
	Publishers    int           // participants who send camera and microphone and receive all others
	Subscribers   int           // participants who only receive
	Ramp          float64       // participants who join per second; 0: all at once
	Video         string        // "pattern", "none" or the path of an IVF file with VP8
	Bitrate       int           // bits per second of a camera, for the pattern
	FPS           int           // pictures per second of the pattern
	KeyEvery      time.Duration // between two keyframes of the pattern, besides those asked for
	Spread        time.Duration // over which the packets of one picture are sent
	Simulcast     bool          // three layers: a tenth, a third and all of Bitrate
	Speaking      int           // publishers whose microphones are loud; the others are silent; below 0: all
	View          bool          // every participant names the pictures it looks at, as the web app does
	Prepare       bool          // only make the accounts
	SettleSeconds float64       // between the last join and the measurement
}

// Defaults are the options of a plain run: what a camera of a lesson sends.
func Defaults() Options {
	return Options{
		Common: common(15 * time.Second), Publishers: 1, Subscribers: 10, Ramp: 20, Video: "pattern", Bitrate: 1_500_000, FPS: 30,
		KeyEvery: 10 * time.Second, Speaking: -1, SettleSeconds: 2,
	}
}

func common(d time.Duration) Common {
	return Common{Duration: d, WindowsPer: 5, Patience: 30 * time.Second}
}

// Limits: a mistyped figure must not take a machine down.
const (
	maxParticipants = 5000
	maxDuration     = 24 * time.Hour
	maxWindows      = 20 // sockets that the server grants one user
	maxPlaces       = 5  // of them in one meeting
	packetPayload   = 1150
)

func (o *Options) check() error {
	switch {
	case o.Publishers < 0 || o.Subscribers < 0 || o.Publishers+o.Subscribers > maxParticipants:
		return fmt.Errorf("--publishers and --subscribers: between 0 and %d in sum", maxParticipants)
	case o.Publishers == 0:
		return errors.New("--publishers: at least 1, or there is nothing to forward")
	case o.Publishers+o.Subscribers < 2:
		return errors.New("--subscribers: somebody has to receive")
	case o.Ramp < 0:
		return errors.New("--ramp: participants per second, 0 for all at once")
	case o.Bitrate < 16_000 || o.Bitrate > 50_000_000:
		return errors.New("--bitrate: between 16000 and 50000000 bits per second")
	case o.FPS < 1 || o.FPS > 120:
		return errors.New("--fps: between 1 and 120")
	case o.KeyEvery < 0:
		return errors.New("--keyframe-every: not negative")
	case o.Spread < 0 || o.Spread >= time.Second/time.Duration(o.FPS):
		return errors.New("--spread: shorter than a picture lasts")
	case o.Simulcast && o.Video != "pattern":
		return errors.New("--simulcast: only with --video pattern")
	case o.WindowsPer > maxPlaces:
		return fmt.Errorf("--windows-per-account: at most %d in a meeting", maxPlaces)
	case o.Prepare && o.Accounts == "":
		return errors.New("--prepare: needs --accounts, the file to keep them in")
	}
	return o.Common.check()
}

func (o *Common) check() error {
	switch {
	case o.Duration < time.Second || o.Duration > maxDuration:
		return errors.New("--duration: between 1s and 24h")
	case o.WindowsPer < 1 || o.WindowsPer > maxWindows:
		return fmt.Errorf("--windows-per-account: between 1 and %d", maxWindows)
	case o.PID < 0:
		return errors.New("--pid: a process id")
	case (o.Email == "") != (o.Password == ""):
		return errors.New("--email and --password: both or neither")
	}
	return nil
}

// errForeign is what a target elsewhere is told.
var errForeign = errors.New("this would load a server that is not this machine; add --i-own-this-server if it is yours")

// target checks the server's address and refuses one that leads elsewhere, unless the caller owns it. loopback tells
// whether media stays on this machine.
func target(ctx context.Context, server string, owned bool) (base *url.URL, loopback bool, err error) {
	if server == "" {
		return nil, false, errors.New("--server: the address of a Lectern, such as http://localhost:8080")
	}
	base, err = url.Parse(strings.TrimRight(server, "/"))
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Hostname() == "" || base.Path != "" || base.User != nil {
		return nil, false, fmt.Errorf("--server: %q is not an address such as http://localhost:8080", server)
	}
	addresses, err := addressesOf(ctx, base.Hostname())
	if err != nil {
		return nil, false, fmt.Errorf("--server: %w", err)
	}
	loopback = len(addresses) > 0
	for _, a := range addresses {
		loopback = loopback && a.Unmap().IsLoopback()
	}
	if !loopback && !owned {
		return nil, false, fmt.Errorf("--server %s: %w", base.Host, errForeign)
	}
	return base, loopback, nil
}

func addressesOf(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

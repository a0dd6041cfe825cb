package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"

	"lectern/internal/wire"
)

// endpoint is a STUN or TURN server as browsers are told of it.
type endpoint struct {
	url, host, port     string
	relays, tcp, secure bool
	username, password  string
}

// endpoints are all that have a readable URL.
func (p *Patient) endpoints() (list []endpoint) {
	for _, server := range p.ICE {
		for _, address := range server.URLs {
			if e, err := parse(address, server); err == nil {
				list = append(list, e)
			}
		}
	}
	return list
}

func parse(address string, server wire.ICEServer) (endpoint, error) {
	uri, err := stun.ParseURI(address)
	if err != nil {
		return endpoint{}, err
	}
	return endpoint{url: address, host: uri.Host, port: strconv.Itoa(uri.Port), username: server.Username, password: server.Credential,
		relays: uri.Scheme == stun.SchemeTypeTURN || uri.Scheme == stun.SchemeTypeTURNS,
		tcp:    uri.Proto == stun.ProtoTypeTCP, secure: uri.IsSecure()}, nil
}

// STUN asks each STUN server for one's own address.
func STUN(ctx context.Context, p *Patient) []Check {
	var checks []Check
	for _, e := range p.endpoints() {
		if e.relays {
			continue
		}
		seen, err := p.binding(ctx, e)
		if err != nil {
			checks = append(checks, fail("stun", "open UDP port "+e.port+" of "+e.host+", or set stun_urls", "%s does not answer: %s", e.url, reason(err))...)
			continue
		}
		checks = append(checks, ok("stun", "%s answers; it sees this machine at %s", e.url, seen)...)
	}
	if len(checks) == 0 {
		return warn("stun", "let the embedded relay run (turn_port), or set stun_urls", "browsers are told of no STUN server: calls between two networks need one")
	}
	return checks
}

func (p *Patient) binding(ctx context.Context, e endpoint) (net.Addr, error) {
	client, end, err := p.connect(ctx, e)
	if err != nil {
		return nil, err
	}
	defer end()
	return client.SendBindingRequest()
}

// TURN has each TURN server carry a packet from one relayed address to another.
func TURN(ctx context.Context, p *Patient) []Check {
	var checks []Check
	for _, e := range p.endpoints() {
		if !e.relays {
			continue
		}
		took, err := p.relay(ctx, e)
		if err == nil {
			checks = append(checks, ok("turn", "%s relays a packet, in %s", e.url, took.Round(100*time.Microsecond))...)
			continue
		}
		checks = append(checks, fail("turn", mendTURN(e, err), "%s does not work: %s", e.url, reason(err))...)
	}
	if len(checks) == 0 {
		return warn("turn", "let the embedded relay run (turn_port), or set turn_urls and turn_secret",
			"browsers are told of no TURN server: people behind strict networks cannot call")
	}
	return checks
}

// errNotRelayed: allocations were made, but nothing came through.
var errNotRelayed = errors.New("it gives an address, but a packet between two of its addresses does not arrive")

func mendTURN(e endpoint, err error) string {
	var invalid *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errNotRelayed):
		return "open the UDP ports that it relays from; behind NAT set public_ip (coturn: external-ip)"
	case errors.As(err, &invalid):
		return "turn_tls_cert must be valid for " + e.host
	case strings.Contains(err.Error(), "40"): // 400, 401: the answer to a wrong credential
		return "the secret is another one: turn_secret must be the TURN server's static-auth-secret, and the doctor needs the settings and the data folder of the server"
	case e.tcp:
		return "open TCP port " + e.port + " of " + e.host
	}
	return "open UDP port " + e.port + " of " + e.host + "; if another program has it, set turn_port"
}

// connect makes a client of one server; end closes everything, as the end of ctx does.
func (p *Patient) connect(ctx context.Context, e endpoint) (client *turn.Client, end func(), err error) {
	at := net.JoinHostPort(e.host, e.port)
	var conn net.PacketConn
	switch {
	case e.secure:
		secured, err := (&tls.Dialer{Config: &tls.Config{ServerName: e.host, RootCAs: p.Roots, MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", at)
		if err != nil {
			return nil, nil, err
		}
		conn = turn.NewSTUNConn(secured)
	case e.tcp:
		plain, err := (&net.Dialer{}).DialContext(ctx, "tcp", at)
		if err != nil {
			return nil, nil, err
		}
		conn = turn.NewSTUNConn(plain)
	default:
		network := "udp4"
		if strings.Contains(e.host, ":") {
			network = "udp6"
		}
		if conn, err = net.ListenPacket(network, ":0"); err != nil {
			return nil, nil, err
		}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	client, err = turn.NewClient(&turn.ClientConfig{STUNServerAddr: at, TURNServerAddr: at, Conn: conn, Username: e.username, Password: e.password})
	if err == nil {
		err = client.Listen()
	}
	if err != nil {
		stop()
		return nil, nil, errors.Join(err, conn.Close())
	}
	return client, func() {
		stop()
		client.Close()
		_ = conn.Close()
	}, nil
}

// relay makes two allocations and sends a packet from one to the other until it arrives, as UDP may lose one.
func (p *Patient) relay(ctx context.Context, e endpoint) (time.Duration, error) {
	var sides [2]net.PacketConn
	for i := range sides {
		client, end, err := p.connect(ctx, e)
		if err != nil {
			return 0, err
		}
		defer end()
		if sides[i], err = client.Allocate(); err != nil {
			return 0, err
		}
		defer sides[i].Close()
	}
	from, to := sides[0], sides[1]
	if _, err := to.WriteTo([]byte("open"), from.LocalAddr()); err != nil { // lets the other one in
		return 0, err
	}
	packet := make([]byte, 64)
	for range 10 {
		began := time.Now()
		if _, err := from.WriteTo([]byte("doctor"), to.LocalAddr()); err != nil {
			return 0, err
		}
		if err := to.SetReadDeadline(began.Add(500 * time.Millisecond)); err != nil {
			return 0, err
		}
		if n, _, err := to.ReadFrom(packet); err == nil && string(packet[:n]) == "doctor" {
			return time.Since(began), nil
		} else if ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
	return 0, errNotRelayed
}

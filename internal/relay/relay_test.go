package relay_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/pion/turn/v5"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"

	"lectern/internal/certificate"
	"lectern/internal/certificate/certtest"
	"lectern/internal/relay"
)

const secret = "shared with nobody else"

func start(t *testing.T, change func(*relay.Config)) (*relay.Server, *prometheus.Registry) {
	t.Helper()
	cfg := relay.Config{
		ListenIP: "127.0.0.1", Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")},
		Secret: secret, Allocations: 4, BytesPerSecond: 1 << 20,
	}
	if change != nil {
		change(&cfg)
	}
	var s *relay.Server
	var err error
	for range 20 { // a number that is free for TCP may be taken for UDP
		probe, failed := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, failed)
		cfg.Port = probe.Addr().(*net.TCPAddr).Port
		require.NoError(t, probe.Close())
		cfg.Registerer = prometheus.NewRegistry()
		if s, err = relay.Listen(cfg); !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	require.NoError(t, err)
	registry := cfg.Registerer.(*prometheus.Registry)
	t.Cleanup(func() { _ = s.Close() })
	return s, registry
}

func name(user string, expires time.Duration) string {
	return strconv.FormatInt(time.Now().Add(expires).Unix(), 10) + ":" + user
}

// withTLS gives the relay a certificate of localhost, and returns what clients trust.
func withTLS(t *testing.T) (func(*relay.Config), *x509.CertPool) {
	t.Helper()
	dir := t.TempDir()
	trusted := x509.NewCertPool()
	trusted.AddCert(certtest.Write(t, dir+"/cert.pem", dir+"/key.pem", "localhost"))
	keeper, err := certificate.Open(dir+"/cert.pem", dir+"/key.pem", func(err error) { t.Error(err) })
	require.NoError(t, err)
	return func(c *relay.Config) { c.TLS, c.Host = keeper.TLS(), "localhost" }, trusted
}

// client is a TURN client over UDP or TCP, or over TLS with what it trusts.
func client(t *testing.T, s *relay.Server, network, username, password string, trusted ...*x509.CertPool) *turn.Client {
	t.Helper()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port()))
	var conn net.PacketConn
	switch network {
	case "tcp":
		tcp, err := net.Dial("tcp", address)
		require.NoError(t, err)
		conn = turn.NewSTUNConn(tcp)
	case "tls":
		address = net.JoinHostPort("127.0.0.1", strconv.Itoa(s.TLSPort()))
		secured, err := tls.Dial("tcp", address, &tls.Config{RootCAs: trusted[0], ServerName: "localhost"})
		require.NoError(t, err)
		conn = turn.NewSTUNConn(secured)
	default:
		udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
		require.NoError(t, err)
		conn = udp
	}
	t.Cleanup(func() { _ = conn.Close() })
	c, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: address, TURNServerAddr: address, Conn: conn, Username: username, Password: password, Realm: "lectern",
	})
	require.NoError(t, err)
	require.NoError(t, c.Listen())
	t.Cleanup(c.Close)
	return c
}

func allocate(t *testing.T, s *relay.Server, network, user string, trusted ...*x509.CertPool) net.PacketConn {
	t.Helper()
	username := name(user, time.Minute)
	conn, err := client(t, s, network, username, relay.Credential(secret, username), trusted...).Allocate()
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestTwoPeopleBehindTheRelayReachEachOther(t *testing.T) {
	for _, network := range []string{"udp", "tcp", "tls"} {
		t.Run(network, func(t *testing.T) {
			secured, trusted := withTLS(t)
			s, _ := start(t, secured)
			ann, ben := allocate(t, s, network, "ann", trusted), allocate(t, s, network, "ben", trusted)
			greet(t, ann, ben)
		})
	}
}

func TestTLSIsOfferedLast(t *testing.T) {
	secured, trusted := withTLS(t)
	s, _ := start(t, secured)
	urls := s.Endpoints().TURN()
	require.Len(t, urls, 3)
	require.Equal(t, "turns:"+net.JoinHostPort("localhost", strconv.Itoa(s.TLSPort()))+"?transport=tcp", urls[2])
	_, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.TLSPort())),
		&tls.Config{RootCAs: trusted, ServerName: "localhost", MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	require.ErrorContains(t, err, "protocol version")
}

func TestAPublicAddressThatIsNotThisMachinesOwnWorksToo(t *testing.T) {
	// Behind one-to-one NAT the router may not send back what comes from inside.
	nat := netip.MustParseAddr("93.184.216.34")
	s, _ := start(t, func(c *relay.Config) { c.Addresses = []netip.Addr{nat} })
	require.Equal(t, []string{"stun:" + net.JoinHostPort(nat.String(), strconv.Itoa(s.Port()))}, s.Endpoints().STUN())
	ann, ben := allocate(t, s, "udp", "ann"), allocate(t, s, "udp", "ben")
	greet(t, ann, ben)
	require.Contains(t, ann.LocalAddr().String(), nat.String())
}

// greet has what one sends come to the other, under the address that the sender's candidates name.
func greet(t *testing.T, sender, receiver net.PacketConn) {
	t.Helper()
	_, err := receiver.WriteTo([]byte("open"), sender.LocalAddr()) // lets the sender in, who has not let the receiver in yet
	require.NoError(t, err)
	_, err = sender.WriteTo([]byte("hello"), receiver.LocalAddr())
	require.NoError(t, err)
	buf := make([]byte, 100)
	require.NoError(t, receiver.SetReadDeadline(time.Now().Add(10*time.Second)))
	n, from, err := receiver.ReadFrom(buf)
	require.NoError(t, err)
	require.Equal(t, "hello", string(buf[:n]))
	require.Equal(t, sender.LocalAddr().String(), from.String())
}

func TestTheRelayDoesNotReachInside(t *testing.T) {
	s, _ := start(t, nil)
	conn := allocate(t, s, "udp", "ann")
	for _, peer := range []string{"10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "127.0.0.2", "0.0.0.0"} {
		_, err := conn.WriteTo([]byte("x"), &net.UDPAddr{IP: net.ParseIP(peer), Port: 53})
		require.ErrorContains(t, err, "403", peer) // Forbidden
	}
}

func TestTheRelayDoesNotReachInsideByIPv6(t *testing.T) {
	own := netip.IPv6Loopback()
	s, _ := start(t, func(c *relay.Config) { c.ListenIP, c.Addresses = "", append(c.Addresses, own) })
	username := name("ann", time.Minute)
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer udp.Close()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port()))
	c, err := turn.NewClient(&turn.ClientConfig{STUNServerAddr: address, TURNServerAddr: address, Conn: udp, Username: username,
		Password: relay.Credential(secret, username), Realm: "lectern", RequestedAddressFamily: turn.RequestedAddressFamilyIPv6})
	require.NoError(t, err)
	require.NoError(t, c.Listen())
	defer c.Close()
	conn, err := c.Allocate()
	require.NoError(t, err)
	defer conn.Close()
	for _, peer := range []string{"fc00::1", "fe80::1", "ff02::1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:0:1::1", "::7f00:1", "::ffff:0:10.0.0.1"} {
		_, err := conn.WriteTo([]byte("x"), &net.UDPAddr{IP: net.ParseIP(peer), Port: 53})
		require.ErrorContains(t, err, "403", peer)
	}
}

func TestTheRelayReachesOnlyNamedPortsOfItsOwnMachine(t *testing.T) {
	closed, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer closed.Close()
	named, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer named.Close()
	s, registry := start(t, func(c *relay.Config) { c.OwnPorts = []int{named.LocalAddr().(*net.UDPAddr).Port} })
	conn := allocate(t, s, "udp", "ann")
	for _, to := range []net.Addr{closed.LocalAddr(), named.LocalAddr()} {
		_, err = conn.WriteTo([]byte("x"), to)
		require.NoError(t, err)
	}
	require.NoError(t, named.SetReadDeadline(time.Now().Add(10*time.Second)))
	_, _, err = named.ReadFrom(make([]byte, 10))
	require.NoError(t, err)
	require.EqualValues(t, 1, value(t, registry, "lectern_turn_packets_refused_total"), "the one before it")
}

func TestCredentials(t *testing.T) {
	s, _ := start(t, nil)
	good := name("ann", time.Minute)
	for what, pair := range map[string][2]string{
		"wrong password":        {good, relay.Credential("another secret", good)},
		"expired":               {name("ann", -time.Second), relay.Credential(secret, name("ann", -time.Second))},
		"longer than was given": {name("ann", time.Hour), relay.Credential(secret, good)},
		"nobody":                {name("", time.Minute), relay.Credential(secret, name("", time.Minute))},
		"no expiry":             {"ann", relay.Credential(secret, "ann")},
	} {
		_, err := client(t, s, "udp", pair[0], pair[1]).Allocate()
		require.Error(t, err, what)
	}
}

func TestAUserHasSoManyAllocations(t *testing.T) {
	s, registry := start(t, func(c *relay.Config) { c.Allocations = 2 })
	first := allocate(t, s, "udp", "ann")
	allocate(t, s, "tcp", "ann")
	username := name("ann", time.Minute)
	_, err := client(t, s, "udp", username, relay.Credential(secret, username)).Allocate()
	require.ErrorContains(t, err, "486") // Allocation Quota Reached
	allocate(t, s, "udp", "ben")
	require.NoError(t, first.Close())
	require.Eventually(t, func() bool { return value(t, registry, "lectern_turn_allocations") == 2 }, 10*time.Second, time.Millisecond)
	allocate(t, s, "udp", "ann")
}

func TestAUserHasSoManyBytes(t *testing.T) {
	const perSecond = 10_000
	s, registry := start(t, func(c *relay.Config) { c.BytesPerSecond = perSecond })
	ann, ben := allocate(t, s, "udp", "ann"), allocate(t, s, "udp", "ben")
	began := time.Now()
	for range 100 {
		_, err := ann.WriteTo(make([]byte, 1000), ben.LocalAddr())
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool { return value(t, registry, "lectern_turn_packets_dropped_total") > 0 }, 10*time.Second, time.Millisecond)
	allowed := perSecond * (1 + time.Since(began).Seconds())
	require.LessOrEqual(t, value(t, registry, "lectern_turn_bytes_total"), 2*allowed, "hers and what Ben takes in")
}

func TestTCPConnectionsPerAddressAreLimitedAndEndWithTheRelay(t *testing.T) {
	s, _ := start(t, nil)
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port()))
	var conns []net.Conn
	for range 401 { // a school behind one address fits in
		c, err := net.Dial("tcp", address)
		require.NoError(t, err)
		defer c.Close()
		conns = append(conns, c)
	}
	closed := func(c net.Conn) error {
		require.NoError(t, c.SetReadDeadline(time.Now().Add(9*time.Second))) // sooner than a silent one is given up
		_, err := c.Read(make([]byte, 1))
		return err
	}
	require.ErrorContains(t, closed(conns[400]), "EOF")
	require.NoError(t, s.Close())
	require.ErrorContains(t, closed(conns[0]), "EOF")
	again, err := net.Listen("tcp", address)
	require.NoError(t, err, "the port is free")
	require.NoError(t, again.Close())
}

func TestATakenPort(t *testing.T) {
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer udp.Close()
	_, err = relay.Listen(relay.Config{Port: udp.LocalAddr().(*net.UDPAddr).Port, ListenIP: "127.0.0.1",
		Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Secret: secret})
	require.ErrorContains(t, err, "turn_port")
}

func value(t *testing.T, registry *prometheus.Registry, metric string) float64 {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		if f.GetName() == metric {
			m := f.GetMetric()[0]
			if f.GetType() == dto.MetricType_GAUGE {
				return m.GetGauge().GetValue()
			}
			return m.GetCounter().GetValue()
		}
	}
	t.Fatalf("no metric %s", metric)
	return 0
}

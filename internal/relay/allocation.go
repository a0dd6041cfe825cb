package relay

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/pion/turn/v5"
	"golang.org/x/time/rate"
)

var (
	errFamily = errors.New("relay: no address of this family")
	errTCP    = errors.New("relay: only UDP is relayed")
	errQuota  = errors.New("relay: too many allocations")
)

// user is what one account may still use. It lives while it has allocations.
type user struct {
	allocations int
	bytes       *rate.Limiter
}

// allocations makes the relay's sockets; it is the turn.RelayAddressGenerator of all listeners.
type allocations struct{ server *Server }

// Validate has nothing to check.
func (allocations) Validate() error { return nil }

// AllocateListener refuses: TCP between peers (RFC 6062) is nothing that a browser asks for.
func (allocations) AllocateListener(turn.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errTCP
}

// AllocateConn refuses likewise.
func (allocations) AllocateConn(turn.AllocateConnConfig) (net.Conn, error) { return nil, errTCP }

// AllocatePacketConn opens a socket for one allocation and says under which address others reach it.
func (a allocations) AllocatePacketConn(cfg turn.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	ip := a.server.ip4
	if cfg.Network == "udp6" {
		ip = a.server.ip6
	}
	if !ip.IsValid() {
		return nil, nil, errFamily
	}
	u, err := a.server.take(cfg.UserID)
	if err != nil {
		return nil, nil, err
	}
	conn, err := net.ListenUDP(cfg.Network, &net.UDPAddr{Port: cfg.RequestedPort})
	if err != nil {
		a.server.give(cfg.UserID, 0)
		return nil, nil, err
	}
	port := conn.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	a.server.opened(port)
	announced := net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, port))
	return &allocation{UDPConn: conn, server: a.server, userID: cfg.UserID, port: port, bytes: u.bytes, ip: ip}, announced, nil
}

// allocation is the socket between the relay and one user's peers. It drops, as a network would, what goes where it may
// not and what is beyond the user's rate.
type allocation struct {
	*net.UDPConn
	server *Server
	userID string
	ip     netip.Addr // announced
	port   uint16
	bytes  *rate.Limiter
}

// WriteTo sends to a peer. Peers on this machine are reached without the router, which may not send back what comes
// from inside.
func (a *allocation) WriteTo(b []byte, addr net.Addr) (int, error) {
	udp, ok := addr.(*net.UDPAddr)
	if !ok {
		return 0, net.InvalidAddrError(addr.String())
	}
	peer := udp.AddrPort()
	peer = netip.AddrPortFrom(peer.Addr().Unmap(), peer.Port())
	if !a.server.mayReach(peer) {
		a.server.metrics.refused.Inc()
		return len(b), nil
	}
	if !a.charge(len(b)) {
		return len(b), nil
	}
	if a.server.own(peer.Addr()) {
		peer = netip.AddrPortFrom(loopback(peer.Addr()), peer.Port())
	}
	return a.WriteToUDPAddrPort(b, peer)
}

// ReadFrom gives the next datagram of a peer.
func (a *allocation) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := a.ReadFromUDPAddrPort(b)
		if err != nil {
			return n, nil, err
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		if from.Addr().IsLoopback() && a.server.open(from.Port()) {
			from = netip.AddrPortFrom(a.ip, from.Port()) // a neighbour, under the address that its peer knows
		}
		if a.server.mayReach(from) && a.charge(n) {
			return n, net.UDPAddrFromAddrPort(from), nil
		}
	}
}

// charge counts bytes against the user's rate and reports whether they may pass.
func (a *allocation) charge(n int) bool {
	if !a.bytes.AllowN(time.Now(), n) {
		a.server.metrics.dropped.Inc()
		return false
	}
	a.server.metrics.bytes.Add(float64(n))
	return true
}

// Close ends the allocation.
func (a *allocation) Close() error {
	err := a.UDPConn.Close()
	if err == nil { // the first time
		a.server.give(a.userID, a.port)
	}
	return err
}

func loopback(like netip.Addr) netip.Addr {
	if like.Is4() {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return netip.IPv6Loopback()
}

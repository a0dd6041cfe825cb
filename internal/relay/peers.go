package relay

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"lectern/internal/publicnet"
)

// mayReach tells whether the relay sends to an address: the public internet, what the configuration adds, and itself, as
// two people may both be behind it. To itself only to the ports that open names, and not to other addresses of this machine.
func (s *Server) mayReach(peer netip.AddrPort) bool {
	ip := peer.Addr().Unmap().WithZone("")
	if s.own(ip) {
		return s.open(peer.Port())
	}
	return publicnet.Within(ip, s.cfg.Peers) || publicnet.Has(ip) && !s.machine.has(ip)
}

// mayPermit is mayReach for a permission, which names no port.
func (s *Server) mayPermit(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return s.own(ip) || s.mayReach(netip.AddrPortFrom(ip, 0))
}

// own tells whether an address is one that the relay announces.
func (s *Server) own(ip netip.Addr) bool { return ip.IsValid() && (ip == s.ip4 || ip == s.ip6) }

// open tells whether a port of this machine is a relay's or one of those that were named as reachable.
func (s *Server) open(port uint16) bool {
	for _, p := range s.cfg.OwnPorts {
		if int(port) == p {
			return true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ports[port] > 0
}

// machine knows the addresses of this machine's network interfaces, which may change while it runs.
type machine struct {
	interfaces func() ([]net.Addr, error) // net.InterfaceAddrs

	mu    sync.Mutex // guards the rest
	known map[netip.Addr]bool
	asked time.Time
}

// machineKnown is for how long the addresses count that were read last.
const machineKnown = 30 * time.Second

func (m *machine) has(ip netip.Addr) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := time.Now(); now.Sub(m.asked) > machineKnown {
		if all, err := m.interfaces(); err == nil { // else the former ones count on
			m.known, m.asked = map[netip.Addr]bool{}, now
			for _, addr := range all {
				if network, ok := addr.(*net.IPNet); ok {
					if ip, ok := netip.AddrFromSlice(network.IP); ok {
						m.known[ip.Unmap()] = true
					}
				}
			}
		}
	}
	return m.known[ip]
}

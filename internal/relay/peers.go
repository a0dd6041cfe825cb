package relay

import (
	"net/netip"

	"lectern/internal/publicnet"
)

// mayReach tells whether the relay sends to an address: the public internet, what the configuration adds, and itself, as
// two people may both be behind it. To itself only to the ports that open names.
func (s *Server) mayReach(peer netip.AddrPort) bool {
	ip := peer.Addr().Unmap().WithZone("")
	if s.own(ip) {
		return s.open(peer.Port())
	}
	return publicnet.Has(ip) || publicnet.Within(ip, s.cfg.Peers)
}

// mayPermit is mayReach for a permission, which names no port.
func (s *Server) mayPermit(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return s.own(ip) || publicnet.Has(ip) || publicnet.Within(ip, s.cfg.Peers)
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

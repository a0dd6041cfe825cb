package relay

import "net/netip"

// special are the networks that are not the public internet (the registries of RFC 6890 and its updates), and those that
// carry an IPv4 address inside an IPv6 one, through which they could be reached all the same. A relay that sent there
// would let anybody with an account talk to the machines behind the school's firewall.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4",
	"::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
	"3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

func prefixes(list ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, len(list))
	for i, text := range list {
		parsed[i] = netip.MustParsePrefix(text)
	}
	return parsed
}

// public tells whether an address is on the public internet.
func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return ip.IsValid() && !within(ip, special)
}

func within(ip netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}

// mayReach tells whether the relay sends to an address: the public internet, what the configuration adds, and itself, as
// two people may both be behind it. To itself only to the ports that open names.
func (s *Server) mayReach(peer netip.AddrPort) bool {
	ip := peer.Addr().Unmap().WithZone("")
	if s.own(ip) {
		return s.open(peer.Port())
	}
	return public(ip) || within(ip, s.cfg.Peers)
}

// mayPermit is mayReach for a permission, which names no port.
func (s *Server) mayPermit(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return s.own(ip) || public(ip) || within(ip, s.cfg.Peers)
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

// Package publicnet tells the public internet from everything else, for the parts of Lectern that send where somebody from
// outside says, and which addresses count as one, for those that limit who comes from there.
package publicnet

import (
	"fmt"
	"net/netip"
	"syscall"
)

// special are the networks that are not the public internet (the registries of RFC 6890 and its updates), and those that
// carry an IPv4 address inside an IPv6 one, through which they could be reached all the same. What sends there would let
// anybody with an account talk to the machines behind the school's firewall.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4",
	"::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
	"2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

func prefixes(list ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, len(list))
	for i, text := range list {
		parsed[i] = netip.MustParsePrefix(text)
	}
	return parsed
}

// Has tells whether an address is on the public internet.
func Has(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return ip.IsValid() && !Within(ip, special)
}

// Network is what limits count as one address: that of IPv4, and of IPv6 the first of the /64 that every line has, with more
// addresses than can be counted (RFC 6177).
func Network(ip netip.Addr) netip.Addr {
	if ip = ip.Unmap().WithZone(""); !ip.Is6() {
		return ip
	}
	return netip.PrefixFrom(ip, 64).Masked().Addr()
}

// NetworkOf is Network of an address as text; what is none stands for itself.
func NetworkOf(text string) string {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	return Network(ip).String()
}

// Within tells whether one of some networks has an address.
func Within(ip netip.Addr, networks []netip.Prefix) bool {
	ip = ip.Unmap().WithZone("")
	for _, n := range networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}

// Only is a net.Dialer's Control that refuses every address outside the public internet and the networks also allowed. The
// dialer calls it with the address that it resolved, so a name cannot mean one thing here and another in the dial.
func Only(also ...netip.Prefix) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		peer, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !Has(peer.Addr()) && !Within(peer.Addr(), also) {
			return fmt.Errorf("%s is not on the public internet", peer.Addr())
		}
		return nil
	}
}

package relay

import (
	"net"
	"net/netip"
	"strconv"
)

// Endpoints are the addresses and ports under which a relay is found.
type Endpoints struct {
	IPs     []netip.Addr // at most one of each family counts
	Port    int          // UDP and TCP
	TLSHost string       // a name
	TLSPort int          // 0: no TLS
}

// families picks the first address of each family; the other one is invalid when there is none.
func families(list []netip.Addr) (ip4, ip6 netip.Addr) {
	for _, ip := range list {
		switch ip = ip.Unmap(); {
		case ip.Is4() && !ip4.IsValid():
			ip4 = ip
		case ip.Is6() && !ip6.IsValid():
			ip6 = ip.WithZone("")
		}
	}
	return ip4, ip6
}

// STUN are the URLs for browsers (RFC 7064).
func (e Endpoints) STUN() []string {
	var urls []string
	for _, host := range e.hosts() {
		urls = append(urls, "stun:"+host)
	}
	return urls
}

// TURN are the URLs for browsers (RFC 7065), UDP first: TCP is for networks that block it, and TLS for those that let nothing
// else through.
func (e Endpoints) TURN() []string {
	var urls []string
	for _, transport := range []string{"udp", "tcp"} {
		for _, host := range e.hosts() {
			urls = append(urls, "turn:"+host+"?transport="+transport)
		}
	}
	if e.TLSPort != 0 {
		urls = append(urls, "turns:"+net.JoinHostPort(e.TLSHost, strconv.Itoa(e.TLSPort))+"?transport=tcp")
	}
	return urls
}

func (e Endpoints) hosts() []string {
	var hosts []string
	ip4, ip6 := families(e.IPs)
	for _, ip := range []netip.Addr{ip4, ip6} {
		if ip.IsValid() {
			hosts = append(hosts, net.JoinHostPort(ip.String(), strconv.Itoa(e.Port)))
		}
	}
	return hosts
}

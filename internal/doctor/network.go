package doctor

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"lectern/internal/publicnet"
)

// Address compares the addresses under which audio and video are announced with the one that people open.
func Address(ctx context.Context, p *Patient) []Check {
	public, err := url.Parse(p.Config.PublicURL)
	if err != nil {
		return nil // PublicURL has said so
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", public.Hostname())
	if err != nil {
		return fail("public_ip", "check the name in DNS", "%s has no address: %s", public.Hostname(), reason(err))
	}
	announced := strings.Join(texts(p.Addresses), ", ")
	local, known := true, false
	for i, ip := range found {
		found[i] = ip.Unmap()
		local = local && found[i].IsLoopback()
		for _, a := range p.Addresses {
			known = known || a == found[i]
		}
	}
	switch {
	case local:
		return ok("public_ip", "audio and video are announced at %s; people come from this machine only", announced)
	case known:
		return ok("public_ip", "audio and video are announced at %s, where %s leads", announced, public.Hostname())
	case !anyPublic(p.Addresses) && anyPublic(found):
		return fail("public_ip", "set public_ip to the address of this server in the internet (perhaps "+found[0].String()+")",
			"audio and video are announced at %s, which nobody outside can reach", announced)
	}
	return warn("public_ip", "if "+public.Hostname()+" is not a proxy on another machine, set public_ip to "+found[0].String(),
		"audio and video are announced at %s, but %s leads to %s", announced, public.Hostname(), strings.Join(texts(found), ", "))
}

func texts(list []netip.Addr) []string {
	var all []string
	for _, ip := range list {
		all = append(all, ip.String())
	}
	return all
}

func anyPublic(list []netip.Addr) bool {
	for _, ip := range list {
		if publicnet.Has(ip) {
			return true
		}
	}
	return false
}

// MediaPorts looks whether the server has its ports for meetings, and whether the one for TCP can be reached from here. A firewall
// between here and outside cannot be seen from here.
func MediaPorts(ctx context.Context, p *Patient) []Check {
	const fixed = "set it to a number, and open that in the firewall"
	var checks []Check
	switch port := p.Config.ICEUDPPort; {
	case port == 0:
		checks = warn("media_udp", fixed, "ice_udp_port is 0: the port is another one at each start")
	case free(port):
		checks = fail("media_udp", "start the server; its log says when the port was taken", "nothing listens on UDP port %d", port)
	default:
		checks = ok("media_udp", "UDP port %d is in use by a program, the server if it runs; it must be open in the firewall", port)
	}
	port := p.Config.ICETCPPort
	if port == 0 {
		return append(checks, warn("media_tcp", fixed, "ice_tcp_port is 0: the port is another one at each start")...)
	}
	for _, ip := range p.Addresses {
		at := net.JoinHostPort(ip.String(), strconv.Itoa(port))
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", at)
		if err == nil {
			_ = conn.Close()
			return append(checks, ok("media_tcp", "%s can be reached from here; it must be open in the firewall", at)...)
		}
		checks = append(checks, fail("media_tcp", "open the port in the firewall (a router may also refuse what comes from inside: then ask from outside)",
			"%s cannot be reached: %s", at, reason(err))...)
	}
	return checks
}

// free tells whether nobody listens on a UDP port.
func free(port int) bool {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{Port: port})
	if err != nil {
		return !errors.Is(err, syscall.EADDRINUSE)
	}
	_ = conn.Close()
	return true
}

package app

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"net/url"

	"github.com/prometheus/client_golang/prometheus"

	"lectern/internal/certificate"
	"lectern/internal/config"
	"lectern/internal/relay"
	"lectern/services"
)

// openICE chooses what helps browsers to connect: the servers that the configuration names, else the embedded relay.
func (a *App) openICE(secret []byte, mediaPort int, registry prometheus.Registerer) (*services.ICE, error) {
	external := func(name string) string { return relay.Credential(a.cfg.TURNSecret, name) }
	if len(a.cfg.TURNURLs) > 0 || a.cfg.TURNPort < 0 {
		return services.NewICE(a.cfg.STUNURLs, a.cfg.TURNURLs, external, services.SystemClock{}), nil
	}
	listen, addresses, err := a.relayAddresses()
	if err != nil {
		return nil, fmt.Errorf("turn_port: %w", err)
	}
	secured, host, err := a.relayTLS()
	if err != nil {
		return nil, fmt.Errorf("turn_tls_cert: %w", err)
	}
	shared := relaySecret(secret)
	a.relay, err = relay.Listen(relay.Config{
		Port: a.cfg.TURNPort, TLS: secured, TLSPort: a.cfg.TURNTLSPort, Host: host, ListenIP: listen, Addresses: addresses, Secret: shared, Peers: a.cfg.TURNPeers,
		OwnPorts: []int{mediaPort}, Allocations: a.cfg.TURNUserAllocations, BytesPerSecond: a.cfg.TURNUserBytesPerSecond,
		Logger: a.log, Registerer: registry,
	})
	if err != nil {
		return nil, err
	}
	if port := a.relay.Port(); a.cfg.TURNPort == 0 && port != relay.Port {
		a.log.Warn("port 3478 is taken: the TURN relay uses another, which firewalls will not know; set turn_port", "port", port)
	}
	stun := a.cfg.STUNURLs
	if len(stun) == 0 {
		stun = a.relay.STUN()
	}
	return services.NewICE(stun, a.relay.TURN(), func(name string) string { return relay.Credential(shared, name) }, services.SystemClock{}), nil
}

// relayTLS has the relay's certificate, nil when none is configured, and the name that it is for.
func (a *App) relayTLS() (*tls.Config, string, error) {
	if a.cfg.TURNTLSCert == "" {
		return nil, "", nil
	}
	keeper, err := certificate.Open(a.cfg.TURNTLSCert, a.cfg.TURNTLSKey)
	if err != nil {
		return nil, "", err
	}
	public, err := url.Parse(a.cfg.PublicURL)
	if err != nil {
		return nil, "", err
	}
	return keeper.TLS(), public.Hostname(), nil
}

// relaySecret makes the relay's secret from the program's own, so that credentials outlive a restart.
func relaySecret(secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("turn"))
	return hex.EncodeToString(mac.Sum(nil))
}

// relayAddresses are where the relay listens and the addresses under which others reach it: what public_ip says, the one
// that the web server listens on, or those of this machine's network interfaces.
func (a *App) relayAddresses() (listen string, addresses []netip.Addr, err error) {
	if a.cfg.PublicIP.IsValid() {
		return "", []netip.Addr{a.cfg.PublicIP}, nil
	}
	host, _, err := net.SplitHostPort(a.Addr())
	if err != nil {
		return "", nil, err
	}
	ip, err := netip.ParseAddr(host)
	proxied := ip.IsLoopback() && a.cfg.PublicURL != config.LocalURL(a.Addr())
	if err == nil && !ip.IsUnspecified() && !proxied {
		return host, []netip.Addr{ip}, nil
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return "", nil, err
	}
	for _, addr := range all {
		if network, ok := addr.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(network.IP); ok && ip.Unmap().IsGlobalUnicast() {
				addresses = append(addresses, ip.Unmap())
			}
		}
	}
	// Without a network there is only this machine.
	return "", append(addresses, netip.AddrFrom4([4]byte{127, 0, 0, 1})), nil
}

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

	"lectern/internal/config"
	"lectern/internal/relay"
	"lectern/internal/wire"
	"lectern/services"
)

// openICE chooses what helps browsers to connect: the servers that the configuration names, else the embedded relay.
func (a *App) openICE(secret []byte, mediaPort int) (*services.ICE, error) {
	external := func(name string) string { return relay.Credential(a.cfg.TURNSecret, name) }
	if len(a.cfg.TURNURLs) > 0 || a.cfg.TURNPort < 0 {
		return services.NewICE(a.cfg.STUNURLs, a.cfg.TURNURLs, external, services.SystemClock{}), nil
	}
	listen, addresses, err := relayAddresses(a.cfg, a.Addr())
	if err != nil {
		return nil, fmt.Errorf("turn_port: %w", err)
	}
	secured, err := a.relayTLS()
	if err != nil {
		return nil, err
	}
	shared := relaySecret(secret)
	a.relay, err = relay.Listen(relay.Config{
		Port: a.cfg.TURNPort, TLS: secured, TLSPort: a.cfg.TURNTLSPort, Host: publicHost(a.cfg), ListenIP: listen, Addresses: addresses, Secret: shared, Peers: a.cfg.TURNPeers,
		OwnPorts: []int{mediaPort}, Allocations: a.cfg.TURNUserAllocations, BytesPerSecond: a.cfg.TURNUserBytesPerSecond,
		Logger: a.logOf("turn"), Registerer: a.metrics,
	})
	if err != nil {
		return nil, err
	}
	if port := a.relay.Port(); a.cfg.TURNPort == 0 && port != relay.Port {
		a.log.Warn("port 3478 is taken: the TURN relay uses another, which firewalls will not know; set turn_port", "port", port)
	}
	stun := a.cfg.STUNURLs
	if len(stun) == 0 {
		stun = a.relay.Endpoints().STUN()
	}
	return services.NewICE(stun, a.relay.Endpoints().TURN(), func(name string) string { return relay.Credential(shared, name) }, services.SystemClock{}), nil
}

// relayTLS has the relay's certificate, which is the web server's unless it has its own; nil when there is none.
func (a *App) relayTLS() (*tls.Config, error) {
	switch cert, key := a.cfg.RelayCertificate(); {
	case cert == "":
		return nil, nil
	case a.cfg.TURNTLSCert != "":
		return a.certificateOf(cert, key, "turn_tls_cert")
	}
	shared := a.secured.Clone()
	shared.NextProtos = nil
	return shared, nil
}

// publicHost is the name that people open.
func publicHost(cfg config.Config) string {
	public, err := url.Parse(cfg.PublicURL)
	if err != nil {
		return ""
	}
	return public.Hostname()
}

// Reach is how browsers reach the media of a server that runs with these settings: the STUN and TURN servers that it
// names, with credentials of its own, and the addresses under which its ports are announced. The server need not run, but must have
// run once.
type Reach struct {
	ICE       []wire.ICEServer
	Addresses []netip.Addr
}

// ReachOf finds it out.
func ReachOf(cfg config.Config) (Reach, error) {
	if cfg.PublicURL == "" {
		cfg.PublicURL = config.LocalURL(cfg.Listen)
	}
	secrets, err := readSecrets(cfg.DataDir)
	if err != nil {
		return Reach{}, err
	}
	if cfg.JWTSecret != "" {
		secrets = append([][]byte{[]byte(cfg.JWTSecret)}, secrets...)
	}
	if len(secrets) == 0 {
		return Reach{}, fmt.Errorf("data_dir: %s has no secret yet: start the server once", cfg.DataDir)
	}
	_, addresses, err := relayAddresses(cfg, cfg.Listen)
	if err != nil {
		return Reach{}, err
	}
	stun, turn, secret := cfg.STUNURLs, cfg.TURNURLs, cfg.TURNSecret
	if len(turn) == 0 && cfg.TURNPort >= 0 {
		at := relay.Endpoints{IPs: addresses, Port: cfg.TURNPort, TLSHost: publicHost(cfg)}
		if at.Port == 0 {
			at.Port = relay.Port
		}
		if cert, _ := cfg.RelayCertificate(); cert != "" {
			at.TLSPort = cfg.TURNTLSPort
		}
		if turn, secret = at.TURN(), relaySecret(secrets[0]); len(stun) == 0 {
			stun = at.STUN()
		}
	}
	ice := services.NewICE(stun, turn, func(name string) string { return relay.Credential(secret, name) }, services.SystemClock{})
	return Reach{ICE: ice.Servers("doctor").ICEServers, Addresses: addresses}, nil
}

// relaySecret makes the relay's secret from the program's own, so that credentials outlive a restart.
func relaySecret(secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("turn"))
	return hex.EncodeToString(mac.Sum(nil))
}

// relayAddresses are where the relay listens and the addresses under which others reach it: what public_ip says, the one
// that the web server listens on, or those of this machine's network interfaces.
func relayAddresses(cfg config.Config, web string) (listen string, addresses []netip.Addr, err error) {
	if cfg.PublicIP.IsValid() {
		return "", []netip.Addr{cfg.PublicIP}, nil
	}
	host, _, err := net.SplitHostPort(web)
	if err != nil {
		return "", nil, err
	}
	ip, err := netip.ParseAddr(host)
	proxied := ip.IsLoopback() && cfg.PublicURL != config.LocalURL(web)
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

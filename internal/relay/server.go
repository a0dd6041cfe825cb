package relay

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"

	"lectern/internal/pionlog"
)

// Port is where browsers look for TURN (RFC 8656, section 1).
const Port = 3478

// Config is what Listen needs.
type Config struct {
	Port           int            // UDP and TCP; 0: Port, or any free one when that is taken
	TLS            *tls.Config    // with the certificate of Host; nil: no TLS
	TLSPort        int            // TCP, for TLS; 0: any free one
	Host           string         // the name under which browsers reach TLSPort
	ListenIP       string         // empty: all
	Addresses      []netip.Addr   // under which others reach this machine; at most one of each family counts
	Secret         string         // of the credentials, as Credential makes them
	Peers          []netip.Prefix // networks to relay to besides the public internet
	OwnPorts       []int          // UDP ports of this machine to relay to
	Allocations    int            // at one time per user
	BytesPerSecond int            // per user, in both directions together
	Logger         *slog.Logger
	Registerer     prometheus.Registerer
}

const realm = "lectern"

// Server is the relay, at work until Close.
type Server struct {
	cfg      Config
	log      *slog.Logger
	ip4, ip6 netip.Addr
	udp      net.PacketConn
	tcp      *listener
	tls      *listener // nil without TLS
	turn     *turn.Server
	metrics  *metrics
	machine  machine

	mu    sync.Mutex // guards the rest
	users map[string]*user
	ports map[uint16]int // of allocations; both families may have the same
}

// Listen takes the ports and begins to relay.
func Listen(cfg Config) (*Server, error) {
	s := &Server{cfg: cfg, log: cfg.Logger, users: map[string]*user{}, ports: map[uint16]int{}, machine: machine{interfaces: net.InterfaceAddrs}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.ip4, s.ip6 = families(cfg.Addresses)
	if !s.ip4.IsValid() && !s.ip6.IsValid() {
		return nil, errors.New("turn_port: this machine has no address to relay under")
	}
	var err error
	if s.metrics, err = newMetrics(cfg.Registerer); err != nil {
		return nil, err
	}
	if err := s.listen(); err != nil {
		return nil, fmt.Errorf("turn_port: %w", err)
	}
	if err := s.listenTLS(); err != nil {
		return nil, errors.Join(fmt.Errorf("turn_tls_port: %w", err), s.closePorts())
	}
	permit := func(_ net.Addr, ip net.IP) bool {
		peer, ok := netip.AddrFromSlice(ip)
		return ok && s.mayPermit(peer)
	}
	var listeners []turn.ListenerConfig
	for _, l := range s.listeners() {
		listeners = append(listeners, turn.ListenerConfig{Listener: l, RelayAddressGenerator: allocations{s}, PermissionHandler: permit})
	}
	s.turn, err = turn.NewServer(turn.ServerConfig{
		Realm:         realm,
		AuthHandler:   s.authenticate,
		QuotaHandler:  func(userID, _ string, _ net.Addr) bool { return s.has(userID) },
		LoggerFactory: pionlog.Factory{Logger: s.log},
		PacketConnConfigs: []turn.PacketConnConfig{
			{PacketConn: s.udp, RelayAddressGenerator: allocations{s}, PermissionHandler: permit}},
		ListenerConfigs: listeners,
	})
	if err != nil {
		return nil, errors.Join(err, s.closePorts())
	}
	return s, nil
}

// listeners are those of TCP.
func (s *Server) listeners() []*listener {
	if s.tls == nil {
		return []*listener{s.tcp}
	}
	return []*listener{s.tcp, s.tls}
}

// closePorts is for a server that does not come about.
func (s *Server) closePorts() error {
	err := s.udp.Close()
	for _, l := range s.listeners() {
		err = errors.Join(err, l.Close())
	}
	return err
}

func (s *Server) listenTLS() error {
	if s.cfg.TLS == nil {
		return nil
	}
	tcp, err := net.Listen("tcp", net.JoinHostPort(s.cfg.ListenIP, strconv.Itoa(s.cfg.TLSPort)))
	if err == nil {
		s.tls = newListener(tcp, s.cfg.TLS)
	}
	return err
}

// listen takes one port number for UDP and TCP.
func (s *Server) listen() error {
	port := s.cfg.Port
	if port == 0 {
		port = Port
	}
	err := s.takePorts(port)
	if err == nil || s.cfg.Port != 0 {
		return err
	}
	for range 10 { // the number that is free for UDP may be taken for TCP
		if err = s.takePorts(0); err == nil {
			return nil
		}
	}
	return err
}

func (s *Server) takePorts(port int) error {
	udp, err := net.ListenPacket("udp", net.JoinHostPort(s.cfg.ListenIP, strconv.Itoa(port)))
	if err != nil {
		return err
	}
	port = udp.LocalAddr().(*net.UDPAddr).Port
	tcp, err := net.Listen("tcp", net.JoinHostPort(s.cfg.ListenIP, strconv.Itoa(port)))
	if err != nil {
		return errors.Join(err, udp.Close())
	}
	s.udp, s.tcp = udp, newListener(tcp, nil)
	return nil
}

// Port in use, for UDP and TCP.
func (s *Server) Port() int { return s.udp.LocalAddr().(*net.UDPAddr).Port }

// TLSPort in use, 0 without TLS.
func (s *Server) TLSPort() int {
	if s.tls == nil {
		return 0
	}
	return s.tls.Addr().(*net.TCPAddr).Port
}

// Endpoints are where browsers find the relay.
func (s *Server) Endpoints() Endpoints {
	return Endpoints{IPs: []netip.Addr{s.ip4, s.ip6}, Port: s.Port(), TLSHost: s.cfg.Host, TLSPort: s.TLSPort()}
}

// Close ends every allocation.
func (s *Server) Close() error { return s.turn.Close() }

// Credential is the password that goes with a name of the form "expiry:user", expiry in seconds since 1970
// (draft-uberti-behave-turn-rest); coturn's use-auth-secret knows the same.
func Credential(secret, name string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(name))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// authenticate finds the key of a request. The expiry counts when an allocation is made: one that lives is refreshed
// beyond it, so that a long call does not drop.
func (s *Server) authenticate(r *turn.RequestAttributes) (userID string, key []byte, ok bool) {
	expiry, userID, found := strings.Cut(r.Username, ":")
	seconds, err := strconv.ParseInt(expiry, 10, 64)
	if !found || userID == "" || err != nil {
		return "", nil, false
	}
	if r.Method == stun.MethodAllocate && time.Now().Unix() >= seconds {
		return "", nil, false
	}
	return userID, turn.GenerateAuthKey(r.Username, r.Realm, Credential(s.cfg.Secret, r.Username)), true
}

// has tells whether a user may make another allocation.
func (s *Server) has(userID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[userID]
	return u == nil || u.allocations < s.cfg.Allocations
}

// take counts an allocation of a user.
func (s *Server) take(userID string) (*user, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[userID]
	if u == nil {
		u = &user{bytes: rate.NewLimiter(rate.Limit(s.cfg.BytesPerSecond), s.cfg.BytesPerSecond)}
		s.users[userID] = u
	}
	if u.allocations >= s.cfg.Allocations {
		return nil, errQuota
	}
	u.allocations++
	s.metrics.allocations.Inc()
	return u, nil
}

// opened notes that a port is a relay's.
func (s *Server) opened(port uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ports[port]++
}

// give takes an allocation back; port 0: it never had one.
func (s *Server) give(userID string, port uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[userID]; u != nil {
		if u.allocations--; u.allocations == 0 {
			delete(s.users, userID)
		}
	}
	if s.ports[port]--; s.ports[port] <= 0 {
		delete(s.ports, port)
	}
	s.metrics.allocations.Dec()
}

package sfu

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/prometheus/client_golang/prometheus"
)

// Config is what New needs. Port 0 means any free one. An empty ListenIP means all interfaces, loopback included, so
// that browsers on the server's own machine connect too. PublicIP is announced beside the local addresses, for a server
// behind one-to-one NAT. Without Registerer nothing is exported.
type Config struct {
	UDPPort, TCPPort   int
	ListenIP, PublicIP string
	Limits             Limits
	Logger             *slog.Logger
	Registerer         prometheus.Registerer
}

// Server forwards the media of all rooms. Its methods may be called from any goroutine.
type Server struct {
	logger        *slog.Logger
	metrics       *metrics
	transport     *transport
	publisherAPI  *webrtc.API
	configuration webrtc.Configuration
	limits        Limits
	sent          atomic.Int64 // bytes of RTP to all participants
	egress        atomic.Int64 // the same in bits a second, lately
	done          chan struct{}

	mu     sync.Mutex // guards the rest, and with it who is in which room
	rooms  map[string]*room
	peers  map[string]*peer
	closed bool

	running sync.WaitGroup // every goroutine; added to only by run
}

// New opens the ports and waits for participants. A busy port is an error that names it.
func New(cfg Config) (*Server, error) {
	logger := cfg.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("sfu: certificate: %w", err)
	}
	certificate, err := webrtc.GenerateCertificate(key) // one for all connections: making one takes longer than joining
	if err != nil {
		return nil, fmt.Errorf("sfu: certificate: %w", err)
	}
	t, err := listen(cfg, logger)
	if err != nil {
		return nil, err
	}
	s := &Server{
		logger: logger, transport: t, limits: cfg.Limits,
		configuration: webrtc.Configuration{Certificates: []webrtc.Certificate{*certificate}},
		rooms:         map[string]*room{}, peers: map[string]*peer{},
		done: make(chan struct{}),
	}
	s.publisherAPI, err = newPublisherAPI(t.settings)
	if err == nil {
		s.metrics, err = newMetrics(cfg.Registerer)
	}
	if err == nil {
		err = s.metrics.watch(cfg.Registerer, t.udp.Stats)
	}
	if err != nil {
		_ = t.close()
		return nil, fmt.Errorf("sfu: %w", err)
	}
	s.start(s.measureEgress)
	return s, nil
}

// UDPPort is the port in use.
func (s *Server) UDPPort() int { return s.transport.udp.LocalAddr().(*net.UDPAddr).Port }

// TCPPort is the port in use.
func (s *Server) TCPPort() int { return s.transport.tcp.Addr().(*net.TCPAddr).Port }

// Join creates a participant's two connections; signals come through sig until Leave. A participant who is already
// somewhere leaves there first: the newer connection wins. Room and participant may consist of letters, digits,
// '-', '_' and '.'. Errors: ErrRoomFull, ErrBusy, ErrBadName, ErrClosed.
func (s *Server) Join(ctx context.Context, roomID, participant string, sig Signals) error {
	if err := checkName(roomID); err != nil {
		return fmt.Errorf("%w: room", err)
	}
	if err := checkName(participant); err != nil {
		return fmt.Errorf("%w: participant", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	p, err := s.newPeer(participant, sig)
	if err != nil {
		return fmt.Errorf("sfu: join: %w", err)
	}
	if err := s.admit(roomID, p); err != nil {
		p.close()
		return err
	}
	return nil
}

// admit brings a new peer into its room.
func (s *Server) admit(roomID string, p *peer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if err := s.checkPlace(roomID, p.id); err != nil {
		return err
	}
	s.remove(s.peers[p.id], leftReplaced)
	r := s.rooms[roomID]
	if r == nil {
		r = newRoom(roomID, s.limits.Voices)
		s.rooms[roomID] = r
		s.metrics.rooms.Inc()
		s.start(r.run)
	}
	s.peers[p.id] = p
	s.metrics.participants.Inc()
	p.room = r
	s.start(p.out.run)
	s.start(p.sub.negotiate)
	p.logJoin(r.join(p))
	return nil
}

// Leave removes a participant. It may be called again, and for one who never was there.
func (s *Server) Leave(participant string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(s.peers[participant], leftByItself)
}

// CloseRoom removes everybody from a room.
func (s *Server) CloseRoom(roomID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.rooms[roomID]; r != nil {
		for _, p := range r.members() {
			s.remove(p, leftRoom)
		}
	}
}

// Close removes everybody, frees the ports and waits for everything that was started. It may be called again.
func (s *Server) Close() error {
	s.mu.Lock()
	first := !s.closed
	for _, p := range s.peers {
		s.remove(p, leftServer)
	}
	if first {
		close(s.done)
	}
	s.closed = true
	s.mu.Unlock()
	s.running.Wait()
	if !first {
		return nil
	}
	return s.transport.close()
}

// remove takes a peer out of its room at once and closes its connections behind the caller's back, as that takes a
// while. The caller holds mu.
func (s *Server) remove(p *peer, reason string) {
	if p == nil {
		return
	}
	delete(s.peers, p.id)
	s.metrics.participants.Dec()
	p.logLeave(reason, p.totals())
	if empty := p.room.leave(p); empty {
		delete(s.rooms, p.room.id)
		s.metrics.rooms.Dec()
		p.room.close()
	}
	s.start(p.close)
}

// start runs f as a goroutine that Close waits for; the caller holds mu and the server is not closed.
func (s *Server) start(f func()) { s.running.Go(f) }

// run is start for callers that do not hold mu; after Close it does nothing.
func (s *Server) run(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.start(f)
	}
}

// peer finds a participant.
func (s *Server) peer(participant string) (*peer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.peers[participant]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrNoPeer, participant)
}

var started = time.Now()

// now is the server's monotonic clock, in nanoseconds.
func now() int64 { return int64(time.Since(started)) }

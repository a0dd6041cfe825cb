package sfu

import (
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/webrtc/v4"

	"lectern/sfu/internal/udp"
)

// outlet takes sealed datagrams for one remote address: Begin gives room for up to n bytes, or nil when they are to be
// dropped; End takes what was written there, n bytes by now, 0 for nothing.
type outlet interface {
	Begin(n int) []byte
	End(n int)
}

// egress seals the media of one subscriber and writes it into the queue of his address. It stands beside Pion's way
// through interceptors, SRTP session, mux and ICE, which costs three times as much as the sealing. The RTCP that the server
// sends goes Pion's way: RTP and RTCP have different keys, so no number is used twice. The RTCP that comes over UDP is
// opened where it is read; Pion would wake five goroutines for it.
type egress struct {
	transport *transport
	keys      keys
	feedback  func(rtcp []byte) // takes what was opened, on the reading goroutine

	opening   atomic.Pointer[srtp.Context] // used by the reading goroutine only
	plain     []byte                       // its scratch
	plainHead rtcp.Header

	mu      sync.Mutex // guards the rest
	context *srtp.Context
	scratch rtp.Header
	to      outlet // nil: there is no way to the subscriber at present
	closed  bool
}

const sealOverhead = 16 // bytes that SRTP adds at most: the tag of AES-GCM; SHA1 has 10

var (
	errNotConnected = errors.New("sfu: not connected")
	errQueueFull    = errors.New("sfu: queue full")
)

// newEgress has the connection that is made with settings tell its keys.
func newEgress(t *transport, settings *webrtc.SettingEngine, feedback func(rtcp []byte)) *egress {
	e := &egress{transport: t, feedback: feedback}
	e.keys.watch(settings)
	return e
}

// connected is called when the handshake is done.
func (e *egress) connected() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.context != nil {
		return nil
	}
	sealing, opening, err := e.keys.contexts()
	if err == nil {
		e.context = sealing
		e.opening.Store(opening)
	}
	return err
}

// route is called when ICE has chosen how to reach the subscriber, again and again.
func (e *egress) route(pair *webrtc.ICECandidatePair) {
	to := e.transport.outlet(pair)
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.turn(to)
	}
}

// close lets nothing more out, or in.
func (e *egress) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	e.turn(nil)
}

// turn changes the way to the subscriber; the caller holds mu.
func (e *egress) turn(to outlet) {
	if d, ok := e.to.(*udp.Destination); ok {
		d.OnControl(nil)
	}
	if d, ok := to.(*udp.Destination); ok {
		d.OnControl(e.receive)
	}
	e.to = to
}

// receive opens RTCP and reports whether it could: what it could not, Pion may.
func (e *egress) receive(datagram []byte) bool {
	opening := e.opening.Load()
	if opening == nil {
		return false
	}
	plain, err := opening.DecryptRTCP(e.plain, datagram, &e.plainHead)
	if err != nil {
		return false
	}
	e.plain = plain[:cap(plain)]
	e.feedback(plain)
	return true
}

// WriteRTP seals and queues one packet.
func (e *egress) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.context == nil || e.to == nil {
		return 0, errNotConnected
	}
	size := h.MarshalSize() + len(payload)
	b := e.to.Begin(size + sealOverhead)
	if b == nil {
		return 0, errQueueFull
	}
	n, err := h.MarshalTo(b)
	if err != nil {
		e.to.End(0)
		return 0, err
	}
	copy(b[n:], payload)
	sealed, err := e.context.EncryptRTP(b, b[:size], &e.scratch)
	if err != nil {
		e.to.End(0)
		return 0, err
	}
	e.to.End(len(sealed))
	return size, nil
}

// Write is not used: all packets come with their headers apart.
func (e *egress) Write(b []byte) (int, error) {
	var p rtp.Packet
	if err := p.Unmarshal(b); err != nil {
		return 0, err
	}
	return e.WriteRTP(&p.Header, p.Payload)
}

// outlet finds the way to the remote end of a pair.
func (t *transport) outlet(pair *webrtc.ICECandidatePair) outlet {
	ip, err := netip.ParseAddr(pair.Remote.Address)
	if err != nil {
		return nil
	}
	to := netip.AddrPortFrom(ip.Unmap(), pair.Remote.Port)
	if pair.Local.Protocol == webrtc.ICEProtocolTCP {
		if c := t.tcp.find(to); c != nil {
			return c
		}
		return nil
	}
	return t.udp.Destination(to)
}

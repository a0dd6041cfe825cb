package sfu

import (
	"sync"
	"sync/atomic"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"lectern/sfu/internal/bwe"
)

// subscriber is the connection on which the server offers. Rooms tell it what to send; its negotiator brings that about.
type subscriber struct {
	peer       *peer
	api        *webrtc.API
	pc         *webrtc.PeerConnection
	path       path
	pacer      pacer
	egress     *egress
	candidates candidates
	described  atomic.Bool
	slim       atomic.Bool   // sound goes without its copies
	decodes    atomic.Uint32 // video codecs that the client can decode, one bit each; 0: not known
	hearing    sync.Mutex    // one report at a time: most come beside Pion, some through it; guards reports
	reports    bucket        // what feedback it may still send
	kick       chan struct{} // the negotiator has something to do
	done       chan struct{}

	mu        sync.Mutex // guards the rest
	tracks    []*downTrack
	gone      totals // of tracks that are no longer sent
	dirty     bool   // tracks and media lines differ
	untold    bool   // the list of tracks has changed
	restart   bool   // the next offer renews ICE
	offering  bool   // an offer is in flight
	connected bool
	closed    bool

	sdp   sync.Mutex // one change of descriptions at a time; taken before mu
	lines []*line    // guarded by sdp
}

func newSubscriber(p *peer) (*subscriber, error) {
	s := &subscriber{peer: p, reports: newBucket(feedbackRate, feedbackPackets), kick: make(chan struct{}, 1), done: make(chan struct{})}
	s.path.estimator = bwe.New()
	settings := p.server.transport.settings
	s.egress = newEgress(p.server.transport, &settings, s.receiveCompound)
	var err error
	if s.api, err = newSubscriberAPI(settings, s.openInbox); err != nil {
		return nil, err
	}
	pc, err := s.api.NewPeerConnection(p.server.configuration)
	if err != nil {
		return nil, err
	}
	s.pc = pc
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil && s.described.Load() {
			init := c.ToJSON()
			p.out.send(func(sig Signals) { sig.Candidate(Subscriber, init) })
		}
	})
	pc.SCTP().Transport().ICETransport().OnSelectedCandidatePairChange(s.egress.route)
	pc.OnConnectionStateChange(s.stateChanged)
	return s, nil
}

// add and remove change what is sent; the media lines follow with the next offer.
func (s *subscriber) add(d *downTrack) {
	s.mu.Lock()
	s.tracks = append(s.tracks, d)
	d.connected = s.connected // nobody else knows d yet
	s.dirty = true
	s.mu.Unlock()
	wake(s.kick)
}

func (s *subscriber) remove(d *downTrack) {
	d.end()
	s.mu.Lock()
	d.mu.Lock()
	s.gone.add(&d.stream)
	d.mu.Unlock()
	for i, have := range s.tracks {
		if have == d {
			s.tracks = append(s.tracks[:i:i], s.tracks[i+1:]...)
			s.dirty = true
			break
		}
	}
	s.mu.Unlock()
	wake(s.kick)
}

// tell has the client told which tracks are paused.
func (s *subscriber) tell() {
	s.mu.Lock()
	s.untold = true
	s.mu.Unlock()
	wake(s.kick)
}

// learn notes what the client's answer says of pictures.
func (s *subscriber) learn(kind webrtc.RTPCodecType, payloadTypes *[codecCount]uint8) {
	if kind != webrtc.RTPCodecTypeVideo {
		return
	}
	var set uint32
	for c, pt := range payloadTypes {
		if pt != 0 {
			set |= 1 << c
		}
	}
	s.decodes.Store(set)
}

// list is a copy of what is sent.
func (s *subscriber) list() []*downTrack {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*downTrack(nil), s.tracks...)
}

// stateChanged is called by Pion.
func (s *subscriber) stateChanged(state webrtc.PeerConnectionState) {
	switch state {
	case webrtc.PeerConnectionStateConnected:
		if err := s.egress.connected(); err != nil {
			s.peer.server.logger.Error("no keys for a subscriber", "participant", s.peer.id, "error", err)
		}
		s.mu.Lock()
		s.connected = true
		tracks := append([]*downTrack(nil), s.tracks...)
		s.mu.Unlock()
		for _, d := range tracks {
			d.change(func() { d.connected = true })
		}
	case webrtc.PeerConnectionStateDisconnected, webrtc.PeerConnectionStateFailed:
		s.renew()
	}
	s.peer.connectionChanged(Subscriber, state)
}

// renew restarts ICE with the next offer, if there was one before: the client can hardly be reached by the old way.
func (s *subscriber) renew() {
	if !s.described.Load() {
		return
	}
	s.mu.Lock()
	s.restart = true
	s.mu.Unlock()
	wake(s.kick)
}

// sendReports sends the sender reports of all tracks in as few datagrams as fit.
func (s *subscriber) sendReports(at int64) {
	const perDatagram = 40 // 28 bytes each
	var reports []rtcp.Packet
	for _, d := range s.list() {
		if r := d.report(at); r != nil {
			reports = append(reports, r)
		}
	}
	for len(reports) > 0 {
		n := min(len(reports), perDatagram)
		_ = s.pc.WriteRTCP(reports[:n]) // lost reports are followed by others
		reports = reports[n:]
	}
}

// close stops the negotiator and all senders, those too that were never negotiated.
func (s *subscriber) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	close(s.done)
	s.egress.close()
	s.pacer.close()
	s.sdp.Lock()
	defer s.sdp.Unlock()
	for _, l := range s.lines {
		_ = l.sender.Stop() // the connection goes with it
	}
}

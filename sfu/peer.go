package sfu

import (
	"sync"
	"sync/atomic"

	"github.com/pion/webrtc/v4"
)

// peer is one participant's presence: two connections and a way to signal.
type peer struct {
	id     string
	server *Server
	room   *room // set before the peer is reachable
	out    *outbox
	pub    *publisher
	sub    *subscriber
	live   liveness
	wall   wallOffset
	since  int64 // nanoseconds

	view  atomic.Pointer[map[tileKey]Tile] // immutable; nil before the first view
	stale atomic.Bool                      // what is sent to it must be decided anew

	demand demand       // of the room's goroutine
	rating rating       // too
	graded atomic.Int32 // the rating's grade, for others

	// Guarded by room.mu.
	group      *group
	broadcast  bool              // all groups hear the microphone
	sources    map[string]Source // by mid, as the client said
	disallowed map[Source]bool
	receivers  []*receiver
	speaking   speech
	gone       totals // of tracks that have ended
}

type tileKey struct {
	participant string
	source      Source
}

// newPeer makes the connections, which do nothing before an offer.
func (s *Server) newPeer(id string, sig Signals) (*peer, error) {
	p := &peer{
		id: id, server: s, out: newOutbox(sig), since: now(),
		sources: map[string]Source{}, disallowed: map[Source]bool{},
		demand: demand{codecs: alwaysCodecs},
	}
	p.pub = &publisher{peer: p}
	var err error
	if p.sub, err = newSubscriber(p); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *peer) metrics() *metrics { return p.server.metrics }

// connectionChanged is called by Pion.
func (p *peer) connectionChanged(target Target, state webrtc.PeerConnectionState) {
	if connected, changed := p.live.set(target, state); changed {
		p.out.send(func(s Signals) { s.Media(connected) })
	}
	if state == webrtc.PeerConnectionStateFailed {
		p.server.logger.Info("media: connection failed", "room", p.room.id, "participant", p.id, "target", string(target))
	}
}

// close ends both connections and waits for what Pion started for them. The peer has left its room before.
func (p *peer) close() {
	p.out.close()
	p.sub.close()
	p.pub.close()
	_ = p.sub.pc.GracefulClose() // as in publisher.close
}

// liveness follows the states of the two connections.
type liveness struct {
	mu        sync.Mutex // guards the rest
	states    map[Target]webrtc.PeerConnectionState
	connected bool
	told      bool
}

// set notes a state and reports whether media can flow and whether that is news. It can while one connection lives and
// none has failed; a connection that is only being (re)established changes nothing.
func (l *liveness) set(target Target, state webrtc.PeerConnectionState) (connected, changed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.states == nil {
		l.states = map[Target]webrtc.PeerConnectionState{}
	}
	l.states[target] = state
	var alive, dead, failed bool
	for _, s := range l.states {
		switch s {
		case webrtc.PeerConnectionStateConnected:
			alive = true
		case webrtc.PeerConnectionStateDisconnected, webrtc.PeerConnectionStateClosed:
			dead = true
		case webrtc.PeerConnectionStateFailed:
			failed = true
		}
	}
	next := l.connected
	switch {
	case failed:
		next = false
	case alive:
		next = true
	case dead:
		next = false
	}
	changed = next != l.connected || failed && !l.told
	l.connected, l.told = next, l.told || changed
	return next, changed
}

package sfu

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"lectern/sfu/internal/lines"
)

// patience is how long a description waits for the server's own candidates, and for ICE to begin. Candidates found later
// trickle.
const patience = time.Second

// publisher is the connection on which the client offers.
type publisher struct {
	peer       *peer
	pc         *webrtc.PeerConnection
	candidates candidates
	described  atomic.Bool   // later candidates are sent on their own
	checking   chan struct{} // closed when ICE has begun
	began      sync.Once

	mu sync.Mutex // one offer at a time
}

func newPublisher(p *peer) (*publisher, error) {
	pc, err := p.server.publisherAPI.NewPeerConnection(p.server.configuration)
	if err != nil {
		return nil, err
	}
	pub := &publisher{peer: p, pc: pc, checking: make(chan struct{})}
	pc.OnTrack(pub.track)
	pc.OnICECandidate(pub.trickle)
	pc.OnICEConnectionStateChange(func(webrtc.ICEConnectionState) { pub.began.Do(func() { close(pub.checking) }) })
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) { p.connectionChanged(Publisher, s) })
	return pub, nil
}

// offer answers a client's offer.
func (p *publisher) offer(ctx context.Context, text string) (string, error) {
	if err := checkOffer(text); err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if p.pc.CurrentRemoteDescription() != nil {
		// Pion begins ICE a little after the first answer. A second offer that overtakes this is taken for an ICE restart,
		// because the client's credentials differ from the ones not yet set, and the two sides never meet.
		waitFor(ctx, p.checking)
	}
	text, err := lines.KeepReceivers(p.pc, text)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: text}); err != nil {
		return "", p.refuse(err)
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", p.refuse(err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(answer); err != nil {
		return "", p.refuse(err)
	}
	p.candidates.flush(p.pc)
	waitFor(ctx, gathered)
	p.described.Store(true)
	return p.pc.LocalDescription().SDP, nil
}

// refuse takes an offer back that passed checkOffer and still could not be answered, so that the client may try another.
// Pion can go back only to an earlier description; without one the client has to join again.
func (p *publisher) refuse(why error) error {
	if p.pc.SignalingState() == webrtc.SignalingStateHaveRemoteOffer && p.pc.CurrentRemoteDescription() != nil {
		// Pion wants a parsable text even here. It changes the state first and then complains of missing details.
		_ = p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeRollback, SDP: emptySDP})
	}
	return fmt.Errorf("%w: %w", ErrBadSDP, why)
}

const emptySDP = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"

// waitFor waits for what needs no outside help, but not for long.
func waitFor(ctx context.Context, done <-chan struct{}) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// trickle sends a candidate that no description carried.
func (p *publisher) trickle(c *webrtc.ICECandidate) {
	if c != nil && p.described.Load() {
		init := c.ToJSON()
		p.peer.out.send(func(s Signals) { s.Candidate(Publisher, init) })
	}
}

// track is called by Pion when the first packet of a track, or of one of its encodings, has come.
func (p *publisher) track(remote *webrtc.TrackRemote, rtp *webrtc.RTPReceiver) {
	mid := ""
	if t := rtp.RTPTransceiver(); t != nil {
		mid = t.Mid()
	}
	l := p.peer.room.publish(p.peer, mid, remote, rtp)
	if l == nil {
		return
	}
	p.peer.server.run(l.readRTCP)
	p.peer.server.run(func() {
		l.read()
		p.peer.room.unpublish(l)
	})
}

// writeRTCP sends feedback to the publisher. While the connection is not up there is nobody to send it to.
func (p *publisher) writeRTCP(packet rtcp.Packet) { _ = p.pc.WriteRTCP([]rtcp.Packet{packet}) }

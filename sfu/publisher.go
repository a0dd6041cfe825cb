package sfu

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"lectern/internal/lines"
)

// patience is how long a description waits for the server's own candidates, and for ICE to begin. Candidates found later
// trickle.
const patience = time.Second

// publisher is the connection on which the client offers. Whoever only looks and listens never does, so it is made for the
// first offer.
type publisher struct {
	peer       *peer
	candidates candidates
	described  atomic.Bool // later candidates are sent on their own

	offers   sync.Mutex      // one offer at a time; guards checking
	checking <-chan struct{} // closed when ICE has begun

	mu     sync.Mutex             // guards the rest
	pc     *webrtc.PeerConnection // nil before the first offer
	closed bool
}

// open makes the connection, in place of one that can take no more offers.
func (p *publisher) open() error {
	pc, err := p.peer.server.publisherAPI.NewPeerConnection(p.peer.server.configuration)
	if err != nil {
		return err
	}
	checking := make(chan struct{})
	var began sync.Once
	pc.OnTrack(p.track)
	pc.OnICECandidate(p.trickle)
	pc.OnICEConnectionStateChange(func(webrtc.ICEConnectionState) { began.Do(func() { close(checking) }) })
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) { p.peer.connectionChanged(Publisher, s) })
	p.checking = checking

	p.mu.Lock()
	if !p.closed {
		p.pc, pc = pc, p.pc
	}
	p.mu.Unlock()
	if pc != nil { // the one before, or the new one that came too late
		_ = pc.GracefulClose()
	}
	return nil
}

// connection is the present one, nil when there is none.
func (p *publisher) connection() *webrtc.PeerConnection {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pc
}

// close ends the connection and waits for what Pion started for it.
func (p *publisher) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	if pc := p.connection(); pc != nil {
		_ = pc.GracefulClose() // an error here tells only that the other side was gone first
	}
}

// offer answers a client's offer.
func (p *publisher) offer(ctx context.Context, text string) (string, error) {
	if err := checkOffer(text); err != nil {
		return "", err
	}
	p.offers.Lock()
	defer p.offers.Unlock()
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if p.connection() == nil {
		if err := p.open(); err != nil {
			return "", err
		}
	}
	pc := p.connection()
	if pc == nil {
		return "", ErrClosed
	}
	before := pc.CurrentRemoteDescription()
	if before != nil {
		// Pion begins ICE a little after the first answer. A second offer that overtakes this is taken for an ICE restart,
		// because the client's credentials differ from the ones not yet set, and the two sides never meet.
		waitFor(ctx, p.checking)
	}
	restarts := before != nil && iceUser(before.SDP) != iceUser(text) // ICE, by the client: its network has changed
	answer, err := p.answer(ctx, pc, text, restarts)
	if err != nil {
		return "", errors.Join(fmt.Errorf("%w: %w", ErrBadSDP, err), p.takeBack(pc))
	}
	if restarts {
		p.peer.sub.renew()
	}
	return answer, nil
}

func (p *publisher) answer(ctx context.Context, pc *webrtc.PeerConnection, offer string, restarts bool) (string, error) {
	offer, described, err := withoutCandidates(offer)
	if err != nil {
		return "", err
	}
	offer, err = lines.KeepReceivers(pc, offer)
	if err != nil {
		return "", err
	}
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	if restarts {
		p.candidates.renew()
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(answer); err != nil {
		return "", err
	}
	p.candidates.flush(pc)
	p.candidates.take(described)
	waitFor(ctx, gathered)
	p.described.Store(true)
	return pc.LocalDescription().SDP, nil
}

// iceUser is the user name of the first media line, which all share (RFC 8839, section 5.4).
func iceUser(sdp string) string {
	_, rest, _ := strings.Cut(sdp, "a=ice-ufrag:")
	user, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(user)
}

// takeBack undoes an offer that passed checkOffer and still could not be answered, so that the client may try another.
// Pion goes back only to an earlier description; where there is none, a new connection takes the place.
func (p *publisher) takeBack(pc *webrtc.PeerConnection) error {
	if pc.CurrentRemoteDescription() == nil {
		p.candidates.forget()
		return p.open()
	}
	if pc.SignalingState() == webrtc.SignalingStateHaveRemoteOffer {
		// Pion wants a parsable text even here. It changes the state first and then complains of missing details.
		_ = pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeRollback, SDP: emptySDP})
	}
	return nil
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
func (p *publisher) writeRTCP(packet rtcp.Packet) {
	_ = p.connection().WriteRTCP([]rtcp.Packet{packet})
}

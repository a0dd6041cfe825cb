package sfu

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// gatherTime is how long a description waits for the server's own candidates, which need no outside help.
const gatherTime = time.Second

// publisher is the connection on which the client offers.
type publisher struct {
	peer       *peer
	pc         *webrtc.PeerConnection
	candidates candidates
	described  atomic.Bool // later candidates are sent on their own

	mu sync.Mutex // one offer at a time
}

func newPublisher(p *peer) (*publisher, error) {
	pc, err := p.server.publisherAPI.NewPeerConnection(p.server.configuration)
	if err != nil {
		return nil, err
	}
	pub := &publisher{peer: p, pc: pc}
	pc.OnTrack(pub.track)
	pc.OnICECandidate(pub.trickle)
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
	err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: text})
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadSDP, err)
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
	waitGathered(ctx, gathered)
	p.described.Store(true)
	return p.pc.LocalDescription().SDP, nil
}

// refuse takes an offer back that could not be answered, so that the client may try another.
func (p *publisher) refuse(why error) error {
	err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeRollback})
	return fmt.Errorf("%w: %w", ErrBadSDP, errors.Join(why, err))
}

// waitGathered waits until the candidates are known, but not for long: the rest trickle.
func waitGathered(ctx context.Context, gathered <-chan struct{}) {
	timer := time.NewTimer(gatherTime)
	defer timer.Stop()
	select {
	case <-gathered:
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

// checkOffer refuses what is too large, no session description, or offers more than a participant may send.
func checkOffer(text string) error {
	if len(text) > maxSDP {
		return fmt.Errorf("%w: longer than %d bytes", ErrBadSDP, maxSDP)
	}
	var parsed sdp.SessionDescription
	if err := parsed.UnmarshalString(text); err != nil {
		return fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	if len(parsed.MediaDescriptions) == 0 {
		return fmt.Errorf("%w: no media", ErrBadSDP)
	}
	if len(parsed.MediaDescriptions) > maxMediaLines {
		return fmt.Errorf("%w: more than %d media lines", ErrBadSDP, maxMediaLines)
	}
	sending := 0
	for _, m := range parsed.MediaDescriptions {
		if kind := m.MediaName.Media; kind != "audio" && kind != "video" {
			return fmt.Errorf("%w: media %q is not used here", ErrBadSDP, kind)
		}
		if len(m.MediaName.Formats) == 0 {
			return fmt.Errorf("%w: media without formats", ErrBadSDP)
		}
		_, inactive := m.Attribute("inactive")
		_, receiving := m.Attribute("recvonly")
		if !inactive && !receiving && m.MediaName.Port.Value != 0 {
			sending++
		}
	}
	if sending > maxTracks {
		return fmt.Errorf("%w: more than %d tracks", ErrBadSDP, maxTracks)
	}
	return nil
}

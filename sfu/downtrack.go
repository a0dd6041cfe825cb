package sfu

import (
	"errors"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"
)

// downTrack is one receiver on its way to one subscriber. It is the webrtc.TrackLocal of a sender.
type downTrack struct {
	receiver *receiver
	sub      *subscriber
	source   Source

	mu         sync.Mutex // guards the rest
	stream     stream
	bound      bool
	negotiated bool // the client has answered the offer that brings it
	connected  bool // the subscriber's connection has lived
	wanted     bool // the view shows it
	open       bool // all of these: packets flow
	waiting    bool // for a keyframe
	layer      *layer
}

const (
	defaultRTT = int64(100 * time.Millisecond)
	leastRTT   = int64(10 * time.Millisecond)
)

var errNoCodec = errors.New("sfu: no common codec")

func newDownTrack(r *receiver, s *subscriber, source Source, wanted bool) *downTrack {
	d := &downTrack{receiver: r, sub: s, source: source, wanted: wanted, waiting: true}
	d.stream.forwarder = newForwarder(clockRate(r.kind))
	return d
}

// Bind is called by Pion when the media line is negotiated.
func (d *downTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	d.mu.Lock()
	first := d.stream.bind(ctx, d.receiver.kind)
	d.bound = first.MimeType != ""
	d.mu.Unlock()
	if first.MimeType == "" {
		return first, errNoCodec
	}
	d.change(func() {})
	return first, nil
}

// Unbind is called by Pion when the line is given up.
func (d *downTrack) Unbind(webrtc.TrackLocalContext) error {
	d.change(func() { d.bound = false })
	return nil
}

// ID is the source; together with StreamID it is the msid that the client sees.
func (d *downTrack) ID() string { return string(d.source) }

// RID is empty: subscribers get one encoding.
func (d *downTrack) RID() string { return "" }

// StreamID is the participant's id for camera and microphone, with ".screen" for screen and its sound: one MediaStream
// each, in which the client keeps lips and sound together.
func (d *downTrack) StreamID() string {
	if d.source == Screen || d.source == ScreenAudio {
		return d.receiver.peer.id + ".screen"
	}
	return d.receiver.peer.id
}

// Kind is audio or video.
func (d *downTrack) Kind() webrtc.RTPCodecType { return d.receiver.kind }

// change sets a condition and opens or closes the flow accordingly. When it opens, a keyframe is asked for.
func (d *downTrack) change(set func()) {
	d.mu.Lock()
	set()
	was := d.open
	d.open = d.bound && d.negotiated && d.connected && d.wanted
	opened := d.open && !was
	if opened || !d.open {
		d.begin()
	}
	d.mu.Unlock()
	if opened {
		d.receiver.requestKeyframe()
	}
}

// interrupt makes the flow go on with a keyframe, after a pause at the source.
func (d *downTrack) interrupt() {
	d.mu.Lock()
	d.begin()
	d.mu.Unlock()
}

// begin waits for a keyframe, at which a new stretch begins; the caller holds mu.
func (d *downTrack) begin() {
	d.waiting = true
	d.stream.forwarder.pause()
}

// paused tells whether the view hides it.
func (d *downTrack) paused() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.wanted
}

// forward sends p if it is of the layer that this subscriber gets and returns the bytes sent. It changes over to the
// receiver's current layer at a keyframe.
func (d *downTrack) forward(l *layer, p *packet) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open || !d.receiver.allowed.Load() || d.stream.payloadTypes[p.codec] == 0 {
		return 0
	}
	if l != d.layer || d.waiting {
		if !p.keyframe || l != d.receiver.current.Load() {
			return 0
		}
		d.stream.forwarder.pause()
		d.layer, d.waiting = l, false
	}
	seq, ts, ok := d.stream.forwarder.rewrite(p)
	if !ok {
		return 0
	}
	return d.stream.send(p, seq, ts)
}

// resend answers a NACK for one number: at most once per round trip, and nothing that may not be sent any more.
func (d *downTrack) resend(seq uint16, at int64) (sent bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open || d.layer == nil || d.layer.packets == nil || !d.receiver.allowed.Load() {
		return false
	}
	s := &d.stream
	in, ok := s.forwarder.source(seq)
	if !ok {
		return false
	}
	if s.resent == nil {
		s.resent = new([cacheSize]int64)
		s.rtxBuffer = make([]byte, readBuffer+2)
	}
	rtt := defaultRTT
	if s.rtt > 0 {
		rtt = max(s.rtt, leastRTT)
	}
	last := &s.resent[seq%cacheSize]
	if *last != 0 && at-*last < rtt {
		return false
	}
	var p packet
	if !d.layer.packets.get(in, &p, s.rtxBuffer, 2) || s.payloadTypes[p.codec] == 0 {
		return false
	}
	*last = at
	ts := p.ts + s.forwarder.tsOffset
	if s.rtxTypes[p.codec] != 0 && s.rtxSSRC != 0 {
		return s.sendRTX(&p, s.rtxBuffer[:2+len(p.payload)], seq, ts) == nil
	}
	return s.send(&p, seq, ts) > 0
}

package sfu

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"lectern/sfu/internal/bwe"
)

// downTrack is one receiver on its way to one subscriber. It is the webrtc.TrackLocal of a sender.
type downTrack struct {
	from   atomic.Pointer[receiver] // replaced under room.mu, see pass
	sub    *subscriber
	source Source
	ssrc   atomic.Uint32 // 0: not bound yet

	mu         sync.Mutex // guards the rest
	stream     stream
	pictures   counter
	bound      bool
	negotiated bool   // the client has answered the offer that brings it
	connected  bool   // the subscriber's connection has lived
	ended      bool   // for good
	target     *layer // that shall be sent; nil: none
	hidden     bool   // none was decided
	open       bool   // all of these: packets flow
	waiting    bool   // for a keyframe
	layer      *layer // that is sent
	stretch    uint32 // counts changes of layer and pauses
	departed   bool   // something was sent, and left is the highest number of it
	left       uint16

	share share // of the room's goroutine
}

const (
	defaultRTT = int64(100 * time.Millisecond)
	leastRTT   = int64(10 * time.Millisecond)
)

var errNoCodec = errors.New("sfu: no common codec")

// newDownTrack makes a track that sends nothing yet. Sound has its target at once; pictures get theirs from the room.
func newDownTrack(r *receiver, s *subscriber, source Source) *downTrack {
	d := &downTrack{sub: s, source: source, waiting: true}
	d.from.Store(r)
	if r.kind == webrtc.RTPCodecTypeAudio {
		d.target = r.first()
	}
	d.stream.sub = s
	d.stream.forwarder = newForwarder(clockRate(r.kind))
	return d
}

func (d *downTrack) receiver() *receiver { return d.from.Load() }

// pass has d send another sound from now on, under numbers that go on. Not a packet of the former one follows.
func (d *downTrack) pass(rec *receiver) {
	d.change(func() {
		d.begin()
		d.from.Store(rec)
		d.target = rec.first()
	})
}

// Bind is called by Pion when the media line is negotiated.
func (d *downTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	d.mu.Lock()
	first := d.stream.bind(ctx, d.receiver().kind)
	d.bound = first.MimeType != ""
	d.ssrc.Store(d.stream.ssrc)
	d.sub.learn(d.receiver().kind, &d.stream.payloadTypes)
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
// each, in which the client keeps lips and sound together. Of a line that was passed on it is right after the next offer.
func (d *downTrack) StreamID() string {
	if d.source == Screen || d.source == ScreenAudio {
		return d.receiver().peer.id + ".screen"
	}
	return d.receiver().peer.id
}

// Kind is audio or video.
func (d *downTrack) Kind() webrtc.RTPCodecType { return d.receiver().kind }

// change sets a condition and opens or closes the flow accordingly. Then a keyframe is asked for, if one is awaited.
func (d *downTrack) change(set func()) {
	d.mu.Lock()
	set()
	was := d.open
	d.open = d.bound && d.negotiated && d.connected && d.target != nil && !d.ended
	if !d.open || !was {
		d.begin()
	}
	awaited, _ := d.awaited()
	d.mu.Unlock()
	if awaited != nil {
		awaited.requestKeyframe()
	}
}

// aim sets the layer that shall be sent, or none. What is sent changes over at the next keyframe of that layer.
func (d *downTrack) aim(target *layer) {
	d.change(func() { d.target, d.hidden = target, target == nil })
}

// end stops the flow for good.
func (d *downTrack) end() { d.change(func() { d.ended = true }) }

// awaited is the layer of which a keyframe is awaited, nil when none is; frozen tells that nothing is sent meanwhile. The
// caller holds mu.
func (d *downTrack) awaited() (l *layer, frozen bool) {
	if !d.open || d.layer == d.target && !d.waiting {
		return nil, false
	}
	return d.target, d.waiting
}

// requestKeyframe asks the encoder of what is sent, or of what is awaited.
func (d *downTrack) requestKeyframe() {
	d.mu.Lock()
	l, frozen := d.awaited()
	if !frozen && d.open {
		l = d.layer
	}
	d.mu.Unlock()
	if l != nil {
		l.requestKeyframe()
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
	d.retract()
	d.stream.forwarder.pause()
	d.pictures.pause()
}

// paused tells whether nothing is sent: the view hides it, no bandwidth is left for it, or its codec is not understood.
func (d *downTrack) paused() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.hidden
}

// sending is the layer that is being sent, nil when none is.
func (d *downTrack) sending() *layer {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open || d.waiting {
		return nil
	}
	return d.layer
}

// octets that were sent and all that their packets need besides, modulo 2³². Of sound that is half as much again.
func (d *downTrack) octets() uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stream.octets + d.stream.packets*(rtpHeaderSize+extensionsSize+bwe.Overhead)
}

// decodes tells whether the client can decode a codec, as far as is known.
func (d *downTrack) decodes(c codec) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.bound || c == codecUnknown || d.stream.payloadTypes[c] != 0
}

// forward sends p if it is of the layer that this subscriber gets and returns the bytes sent. It changes layers at a
// keyframe: of the target, or of a smaller layer while there is nothing else to show. It may change p's payload; the next
// subscriber's numbers go to the same places.
func (d *downTrack) forward(l *layer, p *packet) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open || !d.receiver().allowed.Load() {
		return 0
	}
	understood := d.stream.payloadTypes[p.codec] != 0
	if !understood || p.codec == codecRED && d.sub.slim.Load() {
		opus, ok := p.primary()
		switch {
		case ok && d.stream.payloadTypes[codecOpus] != 0:
			p = &opus
		case !understood:
			return 0
		}
	}
	if l != d.layer || d.waiting {
		if !p.keyframe || l != d.target && !(d.waiting && l.rank.Load() < d.target.rank.Load()) {
			return 0
		}
		d.enter(l, p)
	}
	seq, ts, ok := d.stream.forwarder.rewrite(p)
	if !ok {
		return 0
	}
	if p.ids.idAt|p.ids.tl0At != 0 {
		d.pictures.write(&p.ids, p.payload)
	}
	return d.pace(p, seq, ts)
}

// retract drops what the pacer still has and takes its numbers back, so that the next stretch leaves no gap; the caller
// holds mu.
func (d *downTrack) retract() {
	d.sub.pacer.drop(d)
	d.stretch++
	if d.departed {
		d.stream.forwarder.highest = d.left
	} else {
		d.stream.forwarder.sent = false
	}
}

// depart sends a packet under a number that was not used before; the caller holds mu.
func (d *downTrack) depart(p *packet, seq uint16, ts uint32, at int64) int {
	if !d.departed || newer(seq, d.left) {
		d.departed, d.left = true, seq
	}
	return d.stream.send(p, seq, ts, at)
}

// enter begins a stretch with the keyframe p of l.
func (d *downTrack) enter(l *layer, p *packet) {
	d.retract()
	passed, known := d.passed(l, p)
	d.stream.forwarder.begin(p, passed, known)
	d.pictures.pause()
	if d.layer != nil && d.layer != l {
		d.sub.peer.metrics().switches.Inc()
	}
	d.layer, d.waiting = l, false
}

// passed is the time from the packet sent last to p by the publisher's clock, in timestamp units: within a layer its
// timestamps tell, between two their sender reports.
func (d *downTrack) passed(l *layer, p *packet) (units int64, known bool) {
	f := &d.stream.forwarder
	if d.layer == nil || !f.sent {
		return 0, false
	}
	if d.layer == l {
		return int64(int32(p.ts - f.lastIn())), true
	}
	from, ok1 := d.layer.clock.wall(f.lastIn(), f.rate)
	to, ok2 := l.clock.wall(p.ts, f.rate)
	return int64(to-from) >> 16 * int64(f.rate) >> 16, ok1 && ok2
}

// resend answers a NACK for one number: at most once per round trip, and nothing that may not be sent any more.
func (d *downTrack) resend(seq uint16, at int64) (sent bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open || d.layer == nil || d.layer.packets == nil || !d.receiver().allowed.Load() {
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
	if !d.sub.mayRepair(len(p.payload)+rtpHeaderSize+2, at) {
		return false
	}
	*last = at
	if p.ids.idAt|p.ids.tl0At != 0 {
		d.pictures.write(&p.ids, p.payload)
	}
	ts := p.ts + s.forwarder.tsOffset
	if s.rtxTypes[p.codec] != 0 && s.rtxSSRC != 0 {
		return s.sendRTX(&p, s.rtxBuffer[:2+len(p.payload)], seq, ts, at) == nil
	}
	return s.send(&p, seq, ts, at) > 0
}

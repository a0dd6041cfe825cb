package sfu

import (
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// readBuffer holds the largest datagram that is read, in bytes.
const readBuffer = 1500

// layer is one RTP stream of a receiver: a simulcast encoding, or the only one.
type layer struct {
	receiver  *receiver
	remote    *webrtc.TrackRemote
	rtp       *webrtc.RTPReceiver
	ids       extensionIDs
	codecs    [128]codec // by payload type
	packets   *cache     // nil for sound, which is not retransmitted
	keyframes keyframes
	clock     senderClock
	rid       string

	bytes      atomic.Uint64 // since the rate was last measured
	spanned    atomic.Int64  // sequence numbers used by the publisher
	different  atomic.Int64  // packets received, each once
	heard      atomic.Int64  // when the last packet came, nanoseconds
	dimensions atomic.Uint32 // of the last key picture: width in the upper half, height in the lower; 0: not known
	coding     atomic.Uint32 // the last packet's codec
	rank       atomic.Int32  // among the receiver's layers, the smallest is 0; set by the room's goroutine

	// Of the room's goroutine.
	rate     int       // bits a second
	counting bool      // the rate is being measured
	before   int       // what came in the stretch before, bits a second
	watched  int64     // when somebody last watched
	on       bool      // the publisher is to send it
	woken    int64     // when it last was asked to again
	judged   lossCount // of takeLoss
	stalled  bool      // it should be sent and is not

	meter  meter
	jitter jitter   // of sound
	window window   // of the reader's goroutine
	bucket bucket   // and what it may still receive
	nacks  []uint16 // its scratch
	burst  *burst
}

func newLayer(r *receiver, remote *webrtc.TrackRemote, rtp *webrtc.RTPReceiver) *layer {
	l := &layer{receiver: r, remote: remote, rtp: rtp, rid: remote.RID(), on: true, watched: now()}
	params := rtp.GetParameters()
	for _, c := range params.Codecs {
		if c.PayloadType < 128 {
			l.codecs[c.PayloadType] = codecOf(c.MimeType)
		}
	}
	for _, e := range params.HeaderExtensions {
		switch e.URI {
		case uriAudioLevel:
			l.ids.level = uint8(e.ID)
		case uriOrientation:
			l.ids.orientation = uint8(e.ID)
		}
	}
	if r.kind == webrtc.RTPCodecTypeVideo {
		l.packets = new(cache)
	}
	l.bucket = r.peer.server.bucketFor(r.kind == webrtc.RTPCodecTypeAudio)
	l.burst = newBurst(l.forward)
	return l
}

// read forwards until the track ends.
func (l *layer) read() {
	defer l.burst.close()
	buf := make([]byte, readBuffer)
	var p packet
	for {
		n, _, err := l.remote.Read(buf)
		if err != nil {
			return
		}
		l.receive(buf[:n], now(), &p)
	}
}

// receive handles one datagram; p is scratch. It allocates nothing in steady state.
func (l *layer) receive(b []byte, at int64, p *packet) {
	m := l.receiver.peer.metrics()
	if !l.bucket.take(len(b), at) {
		m.flooded.Inc()
		l.tellFlood()
		return
	}
	if !p.parse(b, l.ids) {
		m.malformed.Inc()
		return
	}
	p.at = at
	p.codec = l.codecs[p.pt]
	if p.codec == codecUnknown {
		m.malformed.Inc()
		return
	}
	began, highest := l.window.started, l.window.highest
	if !l.window.add(p.seq, at) {
		m.duplicates.Inc()
		return
	}
	l.different.Add(1)
	if ahead := l.window.highest - highest; began && ahead < windowSize {
		l.spanned.Add(int64(ahead))
	} else {
		l.spanned.Add(1) // the first, or a new beginning
	}
	m.received.Inc()
	l.bytes.Add(uint64(len(b)))
	l.meter.add(len(b), at)
	l.heard.Store(at)
	if !l.receiver.allowed.Load() {
		m.stopped.Inc()
		return
	}
	if l.packets == nil {
		p.keyframe = true
		l.jitter.add(p.ts, at)
		l.coding.Store(uint32(p.codec))
		if p.hasLevel {
			l.receiver.level.add(p.level)
		}
		if !l.receiver.heard(p) {
			m.unheard.Inc()
			return
		}
	} else {
		p.picture = readPicture(p.codec, p.payload)
		if p.keyframe {
			l.keyframe(p)
		}
		l.packets.put(p)
		l.requestMissing(at)
	}
	l.burst.add(p)
}

// keyframe notes what a key picture tells.
func (l *layer) keyframe(p *packet) {
	l.keyframes.seen()
	l.coding.Store(uint32(p.codec))
	if p.width != 0 {
		l.dimensions.Store(uint32(p.width)<<16 | uint32(p.height))
	}
}

// forwardEvery is how many subscribers are served before what was written for them is sent.
const forwardEvery = 32

// forward hands packets to all who are subscribed, all of them to one after the other.
func (l *layer) forward(packets []packet) {
	peer := l.receiver.peer
	m, out := peer.metrics(), peer.server.transport.udp
	defer l.handed(packets, m)
	out.Hold()
	defer out.Release()
	var sent, bytes int
	for i, d := range *l.receiver.subs.Load() {
		for j := range packets {
			if n := d.forward(l, &packets[j]); n > 0 {
				sent++
				bytes += n
			}
		}
		if i%forwardEvery == forwardEvery-1 {
			out.Flush()
		}
	}
	if sent > 0 {
		m.forwarded.Add(float64(sent))
		m.bytes.Add(float64(bytes))
		peer.server.sent.Add(int64(bytes))
	}
}

// handed notes how long packets took from their arrival until all who get them were served.
func (l *layer) handed(packets []packet, m *metrics) {
	at := now()
	for i := range packets {
		m.delay.Observe(float64(at-packets[i].at) / float64(time.Second))
	}
}

// requestMissing sends NACKs (RFC 4585, section 6.2.1) for the gaps that are due.
func (l *layer) requestMissing(at int64) {
	if len(l.window.missing) == 0 {
		return
	}
	l.nacks = l.window.due(at, l.nacks[:0])
	if len(l.nacks) == 0 {
		return
	}
	peer := l.receiver.peer
	peer.metrics().nacksSent.Add(float64(len(l.nacks)))
	peer.pub.writeRTCP(&rtcp.TransportLayerNack{
		MediaSSRC: uint32(l.remote.SSRC()),
		Nacks:     rtcp.NackPairsFromSequenceNumbers(l.nacks),
	})
}

// requestKeyframe notes the wish and asks the encoder if it was not asked just now.
func (l *layer) requestKeyframe() {
	if l.packets != nil && l.keyframes.want(now()) {
		l.sendPLI()
	}
}

// tick asks again while no keyframe came. A participant who may not send is not asked.
func (l *layer) tick() {
	if l.receiver.allowed.Load() && l.keyframes.due(now()) {
		l.sendPLI()
	}
}

func (l *layer) sendPLI() {
	peer := l.receiver.peer
	peer.metrics().plisSent.Inc()
	peer.pub.writeRTCP(&rtcp.PictureLossIndication{MediaSSRC: uint32(l.remote.SSRC())})
}

// readRTCP follows the publisher's sender reports until the track ends.
func (l *layer) readRTCP() {
	buf, reports := make([]byte, readBuffer), newBucket(feedbackRate, feedbackPackets)
	for {
		var n int
		var err error
		if rid := l.remote.RID(); rid != "" {
			n, _, err = l.rtp.ReadSimulcast(buf, rid)
		} else {
			n, _, err = l.rtp.Read(buf)
		}
		if err != nil {
			return
		}
		if !reports.take(n, now()) {
			l.receiver.peer.metrics().flooded.Inc()
			continue
		}
		packets, err := rtcp.Unmarshal(buf[:n])
		if err != nil {
			l.receiver.peer.metrics().malformed.Inc()
			continue
		}
		for _, p := range packets {
			if sr, ok := p.(*rtcp.SenderReport); ok && sr.SSRC == uint32(l.remote.SSRC()) {
				at := now()
				l.clock.set(l.receiver.peer.wall.ours(sr.NTPTime, at), sr.RTPTime, at)
			}
		}
	}
}

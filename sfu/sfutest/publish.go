package sfutest

import (
	"encoding/binary"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"lectern/sfu"
)

// Publication is a source being sent.
type Publication struct {
	peer   *Peer
	sender *webrtc.RTPSender
	track  *webrtc.TrackLocalStaticRTP
	stop   chan struct{}
	ended  chan struct{}

	keyframes atomic.Int32 // asked for
	sent      atomic.Int32
	level     atomic.Int32
	wantKey   atomic.Bool
}

const (
	pictureTime    = time.Second / 20
	soundTime      = 20 * time.Millisecond
	picturePackets = 4
	pictureBytes   = 1000 // per packet
	soundBytes     = 80
)

// Publish sends a source until Stop: VP8 at 20 pictures a second, a keyframe first and whenever asked, or Opus at 50
// packets a second, silent until Speak.
func (p *Peer) Publish(source sfu.Source) *Publication {
	p.t.Helper()
	capability := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}
	if isSound(source) {
		capability = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
	}
	track, err := webrtc.NewTrackLocalStaticRTP(capability, string(source), p.Name)
	if err != nil {
		p.t.Fatal(err)
	}
	t := p.transceiver(track)
	pub := &Publication{peer: p, sender: t.Sender(), track: track, stop: make(chan struct{}), ended: make(chan struct{})}
	pub.level.Store(127)
	if err := p.Negotiate(false); err != nil {
		p.t.Fatalf("%s: offer: %v", p.Name, err)
	}
	p.mu.Lock()
	p.sources[t.Mid()] = source
	sources := map[string]sfu.Source{}
	for mid, s := range p.sources {
		sources[mid] = s
	}
	p.mu.Unlock()
	if err := p.dial.SetTracks(sources); err != nil {
		p.t.Fatalf("%s: tracks: %v", p.Name, err)
	}
	p.running.Go(pub.readRTCP)
	p.running.Go(func() {
		defer close(pub.ended)
		if isSound(source) {
			pub.sound()
		} else {
			pub.pictures()
		}
	})
	return pub
}

// transceiver finds a line for the track: one that was used before, as browsers do, or a new one.
func (p *Peer) transceiver(track webrtc.TrackLocal) *webrtc.RTPTransceiver {
	p.t.Helper()
	for _, t := range p.pub.GetTransceivers() {
		if t.Kind() != track.Kind() || t.Sender() != nil {
			continue
		}
		sender, err := p.api.NewRTPSender(track, p.pub.SCTP().Transport())
		if err == nil {
			err = t.SetSender(sender, track)
		}
		if err != nil {
			p.t.Fatal(err)
		}
		return t
	}
	t, err := p.pub.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		p.t.Fatal(err)
	}
	return t
}

func isSound(s sfu.Source) bool { return s == sfu.Microphone || s == sfu.ScreenAudio }

// Speak sets the audio level that the packets carry: true for a loud voice, false for silence.
func (p *Publication) Speak(loud bool) {
	if loud {
		p.level.Store(20)
	} else {
		p.level.Store(127)
	}
}

// KeyframesAsked is how often the server asked for a keyframe.
func (p *Publication) KeyframesAsked() int { return int(p.keyframes.Load()) }

// Sent is how many packets were sent.
func (p *Publication) Sent() int { return int(p.sent.Load()) }

// Stop takes the track away again.
func (p *Publication) Stop() {
	p.peer.t.Helper()
	close(p.stop)
	<-p.ended
	if err := p.peer.pub.RemoveTrack(p.sender); err != nil {
		p.peer.t.Fatal(err)
	}
	if err := p.peer.Negotiate(false); err != nil {
		p.peer.t.Fatalf("%s: offer without track: %v", p.peer.Name, err)
	}
}

func (p *Publication) readRTCP() {
	for {
		packets, _, err := p.sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				p.keyframes.Add(1)
				p.wantKey.Store(true)
			}
		}
	}
}

func (p *Publication) done(t *time.Ticker) bool {
	select {
	case <-p.stop:
	case <-p.peer.stop:
	case <-t.C:
		return false
	}
	return true
}

func (p *Publication) write(packet *rtp.Packet) {
	if err := p.track.WriteRTP(packet); err == nil {
		p.sent.Add(1)
	}
}

func (p *Publication) pictures() {
	ticker := time.NewTicker(pictureTime)
	defer ticker.Stop()
	packet := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32()}}
	p.wantKey.Store(true)
	for frame := uint32(1); !p.done(ticker); frame++ {
		key := p.wantKey.Swap(false)
		for i := range picturePackets {
			packet.Payload = vp8(frame, i == 0, key)
			packet.Marker = i == picturePackets-1
			p.write(packet)
			packet.SequenceNumber++
		}
		packet.Timestamp += uint32(90000 * pictureTime / time.Second)
	}
}

func (p *Publication) sound() {
	ticker := time.NewTicker(soundTime)
	defer ticker.Stop()
	packet := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32()}}
	var level uint8
	for _, e := range p.sender.GetParameters().HeaderExtensions {
		if e.URI == sdp.AudioLevelURI {
			level = uint8(e.ID)
		}
	}
	for frame := uint32(1); !p.done(ticker); frame++ {
		packet.Payload = make([]byte, soundBytes)
		binary.BigEndian.PutUint32(packet.Payload, frame)
		if level != 0 {
			_ = packet.SetExtension(level, []byte{0x80 | byte(p.level.Load())})
		}
		p.write(packet)
		packet.SequenceNumber++
		packet.Timestamp += uint32(48000 * soundTime / time.Second)
	}
}

// vp8 makes one packet of a picture: descriptor with a 15-bit picture id (RFC 7741), frame tag, start code and size of
// a key picture (RFC 6386, section 9.1), then the picture's number and filling.
func vp8(frame uint32, first, key bool) []byte {
	b := make([]byte, pictureBytes)
	b[0], b[1] = 0x80, 0x80 // extended, with picture id
	binary.BigEndian.PutUint16(b[2:], 0x8000|uint16(frame)&0x7fff)
	if first {
		b[0] |= 0x10 // start of the first partition
		b[4] = 0x01
		if key {
			b[4] = 0x10
			copy(b[7:], []byte{0x9d, 0x01, 0x2a, 64, 1, 180, 0})
		}
	}
	binary.BigEndian.PutUint32(b[16:], frame)
	return b
}

// readFrame finds the generator's number and whether the packet begins a key picture.
func readFrame(kind webrtc.RTPCodecType, b []byte) (frame uint32, key bool) {
	switch {
	case kind == webrtc.RTPCodecTypeAudio && len(b) >= 4:
		return binary.BigEndian.Uint32(b), false
	case kind == webrtc.RTPCodecTypeVideo && len(b) >= 20:
		return binary.BigEndian.Uint32(b[16:]), b[0]&0x10 != 0 && b[4]&1 == 0
	}
	return 0, false
}

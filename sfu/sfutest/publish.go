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
	vp9       bool
	bytes     atomic.Int32 // per packet of a picture
	keyWeight atomic.Int32 // packets of 1,000 bytes in a key picture; 0: like the others
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
	if isSound(source) {
		return p.publish(source, webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2})
	}
	return p.publish(source, webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000})
}

// PublishVP9 sends a source as VP9, as far as the server can tell.
func (p *Peer) PublishVP9(source sfu.Source) *Publication {
	p.t.Helper()
	return p.publish(source, webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP9, ClockRate: 90000, SDPFmtpLine: "profile-id=0"})
}

func (p *Peer) publish(source sfu.Source, capability webrtc.RTPCodecCapability) *Publication {
	p.t.Helper()
	track, err := webrtc.NewTrackLocalStaticRTP(capability, string(source), p.Name)
	if err != nil {
		p.t.Fatal(err)
	}
	t := p.transceiver(track)
	pub := &Publication{peer: p, sender: t.Sender(), track: track, stop: make(chan struct{}), ended: make(chan struct{})}
	pub.level.Store(127)
	pub.vp9 = capability.MimeType == webrtc.MimeTypeVP9
	pub.bytes.Store(pictureBytes)
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

// Resize sets how large each of the 80 packets of pictures a second is, from 20 to 1,000 bytes.
func (p *Publication) Resize(bytes int) { p.bytes.Store(int32(bytes)) }

// WeighKeys makes key pictures so many packets of 1,000 bytes, as those of a screen are.
func (p *Publication) WeighKeys(packets int) { p.keyWeight.Store(int32(packets)) }

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
		packets, bytes := picturePackets, int(p.bytes.Load())
		if weight := int(p.keyWeight.Load()); key && weight > 0 {
			packets, bytes = weight, pictureBytes
		}
		for i := range packets {
			packet.Payload = vp8(frame, i == 0, key, 320, 180)[:bytes]
			if p.vp9 {
				packet.Payload = vp9(frame, i == 0, key)
			}
			packet.Marker = i == packets-1
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
func vp8(frame uint32, first, key bool, width, height int) []byte {
	b := make([]byte, pictureBytes)
	b[0], b[1] = 0x80, 0x80 // extended, with picture id
	binary.BigEndian.PutUint16(b[2:], 0x8000|uint16(frame)&0x7fff)
	if first {
		b[0] |= 0x10 // start of the first partition
		b[4] = 0x01
		if key {
			b[4] = 0x10
			copy(b[7:], []byte{0x9d, 0x01, 0x2a, byte(width), byte(width >> 8), byte(height), byte(height >> 8)})
		}
	}
	binary.BigEndian.PutUint32(b[16:], frame)
	return b
}

// vp9 makes one packet of a picture: descriptor with a 15-bit picture id (RFC 9628, section 4.2), then filling.
func vp9(frame uint32, first, key bool) []byte {
	b := make([]byte, pictureBytes)
	b[0] = 0x80
	if first {
		b[0] |= 0x08
	}
	if !key {
		b[0] |= 0x40
	}
	binary.BigEndian.PutUint16(b[1:], 0x8000|uint16(frame)&0x7fff)
	binary.BigEndian.PutUint32(b[16:], frame)
	return b
}

// content is what the generator put into a packet.
type content struct {
	frame         uint32
	key           bool // it begins a key picture
	width, height int  // of a key picture
	begins        bool // it begins a picture
	id            uint16
}

// readContent finds the generator's marks, as they arrive.
func readContent(kind webrtc.RTPCodecType, b []byte) (c content) {
	switch {
	case kind == webrtc.RTPCodecTypeAudio && len(b) >= 4:
		c.frame = binary.BigEndian.Uint32(b)
	case kind == webrtc.RTPCodecTypeVideo && len(b) >= 20:
		c.frame, c.id = binary.BigEndian.Uint32(b[16:]), binary.BigEndian.Uint16(b[2:])&0x7fff
		c.begins = b[0]&0x10 != 0
		if c.key = c.begins && b[4]&1 == 0; c.key {
			c.width, c.height = int(binary.LittleEndian.Uint16(b[10:])), int(binary.LittleEndian.Uint16(b[12:]))
		}
	}
	return c
}

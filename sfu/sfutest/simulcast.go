package sfutest

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"lectern/sfu"
)

// Encoding is one layer of a simulcast source.
type Encoding struct {
	RID           string
	Width, Height int
	Packets       int // of a picture, 1,000 bytes each
}

// CameraEncodings take 160, 480 and 1,280 kbit/s.
var CameraEncodings = []Encoding{{"q", 320, 180, 1}, {"h", 640, 360, 3}, {"f", 1280, 720, 8}}

// Simulcast is a source being sent in several encodings. It does not send those that the server says nobody watches.
type Simulcast struct {
	peer      *Peer
	mid       string
	encodings []*encoding
}

type encoding struct {
	Encoding
	track     *webrtc.TrackLocalStaticRTP
	wantKey   atomic.Bool
	failed    atomic.Bool
	keyframes atomic.Int32 // asked for
	sent      atomic.Int32
}

// PublishSimulcast sends a source as VP8 in several encodings until the participant leaves, 20 pictures a second, each
// with its own numbers and timestamps.
func (p *Peer) PublishSimulcast(source sfu.Source, encodings ...Encoding) *Simulcast {
	p.t.Helper()
	s := &Simulcast{peer: p}
	var transceiver *webrtc.RTPTransceiver
	for _, e := range encodings {
		track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000},
			string(source), p.Name, webrtc.WithRTPStreamID(e.RID))
		if err == nil && transceiver == nil {
			transceiver, err = p.pub.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		} else if err == nil {
			err = transceiver.Sender().AddEncoding(track)
		}
		if err != nil {
			p.t.Fatal(err)
		}
		s.encodings = append(s.encodings, &encoding{Encoding: e, track: track})
	}
	if err := p.Negotiate(false); err != nil {
		p.t.Fatalf("%s: offer: %v", p.Name, err)
	}
	s.mid = transceiver.Mid()
	p.mu.Lock()
	p.sources[s.mid] = source
	sources := map[string]sfu.Source{}
	for mid, named := range p.sources {
		sources[mid] = named
	}
	p.mu.Unlock()
	if err := p.dial.SetTracks(sources); err != nil {
		p.t.Fatalf("%s: tracks: %v", p.Name, err)
	}
	began := time.Now()
	for i, e := range s.encodings {
		p.running.Go(func() { e.readRTCP(transceiver.Sender()) })
		p.running.Go(func() { s.send(e, i, transceiver.Sender(), began) })
	}
	return s
}

// Sent is how many packets of an encoding were sent.
func (s *Simulcast) Sent(rid string) int { return int(s.find(rid).sent.Load()) }

// KeyframesAsked is how often the server asked an encoding for a keyframe.
func (s *Simulcast) KeyframesAsked(rid string) int { return int(s.find(rid).keyframes.Load()) }

// Fail stops an encoding although it is watched, or lets it go on.
func (s *Simulcast) Fail(rid string, failed bool) { s.find(rid).failed.Store(failed) }

func (s *Simulcast) find(rid string) *encoding {
	for _, e := range s.encodings {
		if e.RID == rid {
			return e
		}
	}
	s.peer.t.Helper()
	s.peer.t.Fatalf("no encoding %q", rid)
	return nil
}

// WaitWatched waits until the server says that exactly these encodings are watched.
func (s *Simulcast) WaitWatched(rids ...string) {
	s.peer.t.Helper()
	s.peer.wait("watched encodings", func() bool { return s.peer.layers != nil && slices.Equal(s.peer.layers[s.mid], rids) })
}

// WaitCodecs waits until the server says that everybody can decode exactly these.
func (p *Peer) WaitCodecs(names ...string) {
	p.t.Helper()
	p.wait("codecs for everybody", func() bool { return slices.Equal(p.codecs, names) })
}

// watched tells whether an encoding is worth sending, as far as the server has said.
func (s *Simulcast) watched(rid string) bool {
	s.peer.mu.Lock()
	defer s.peer.mu.Unlock()
	rids, told := s.peer.layers[s.mid]
	return !told || slices.Contains(rids, rid)
}

func (e *encoding) readRTCP(sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadSimulcastRTCP(e.RID)
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				e.keyframes.Add(1)
				e.wantKey.Store(true)
			}
		}
	}
}

// send makes an encoding's pictures. All encodings number the pictures alike in their content, and differently in RTP.
func (s *Simulcast) send(e *encoding, index int, sender *webrtc.RTPSender, began time.Time) {
	ticker := time.NewTicker(pictureTime)
	defer ticker.Stop()
	packet := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(rand.Uint32())}}
	for _, x := range sender.GetParameters().HeaderExtensions {
		switch x.URI {
		case sdp.SDESMidURI:
			_ = packet.SetExtension(uint8(x.ID), []byte(s.mid))
		case sdp.SDESRTPStreamIDURI:
			_ = packet.SetExtension(uint8(x.ID), []byte(e.RID))
		}
	}
	base := rand.Uint32()
	active := false
	for {
		select {
		case <-s.peer.stop:
			return
		case <-ticker.C:
		}
		was := active
		if active = s.watched(e.RID) && !e.failed.Load(); !active {
			continue
		}
		frame := uint32(time.Since(began) / pictureTime)
		key := e.wantKey.Swap(false) || !was
		packet.Timestamp = base + frame*uint32(90000*pictureTime/time.Second)
		for i := range e.Packets {
			packet.Payload = vp8(frame, i == 0, key, e.Width, e.Height)
			binary.BigEndian.PutUint16(packet.Payload[2:], 0x8000|uint16(int(e.sent.Load())/e.Packets+9000*index)&0x7fff)
			packet.Marker = i == e.Packets-1
			if e.track.WriteRTP(packet) == nil {
				e.sent.Add(1)
			}
			packet.SequenceNumber++
		}
	}
}

package loadtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media/ivfreader"

	"lectern/internal/wire"
)

// layer is one encoding of a camera: its share of the bit rate and its size.
type layer struct {
	rid           string
	share         float64
	width, height uint16
}

var (
	single = []layer{{"", 1, 1280, 720}}
	triple = []layer{{"q", 0.1, 320, 180}, {"h", 0.33, 640, 360}, {"f", 1, 1280, 720}}
)

// camera is a picture being sent, in one or more layers.
type camera struct {
	sender *webrtc.RTPSender
	tracks []*webrtc.TrackLocalStaticRTP // one per layer
	keys   atomic.Uint32                 // keyframes asked for
}

// publish adds camera and microphone to the publisher connection, offers it, and begins to send.
func (p *participant) publish(ctx context.Context) error {
	o := p.load.options
	var cam *camera
	if o.Video != "none" {
		var err error
		if cam, err = p.addCamera(); err != nil {
			return err
		}
	}
	mic, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: soundClock, Channels: 2}, "microphone", p.id)
	if err != nil {
		return err
	}
	line, err := p.pub.AddTransceiverFromTrack(mic, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return err
	}
	if err := p.offer(ctx); err != nil {
		return err
	}
	p.load.running.Go(func() { readRTCP(line.Sender(), nil) })
	p.load.running.Go(func() { p.sendSound(mic, line.Sender()) })
	if cam == nil {
		return nil
	}
	p.load.running.Go(func() { readRTCP(cam.sender, &cam.keys) })
	if o.Video == "pattern" {
		p.load.running.Go(func() { p.sendPattern(cam) })
	} else {
		p.load.running.Go(func() { p.sendFile(cam, o.Video) })
	}
	return nil
}

func (p *participant) addCamera() (*camera, error) {
	cam := new(camera)
	for _, l := range p.load.layers() {
		track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: videoClock},
			"camera", p.id, rid(l.rid)...)
		if err != nil {
			return nil, err
		}
		cam.tracks = append(cam.tracks, track)
		if cam.sender != nil {
			if err := cam.sender.AddEncoding(track); err != nil {
				return nil, err
			}
			continue
		}
		line, err := p.pub.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			return nil, err
		}
		cam.sender = line.Sender()
	}
	return cam, nil
}

func rid(name string) []func(*webrtc.TrackLocalStaticRTP) {
	if name == "" {
		return nil
	}
	return []func(*webrtc.TrackLocalStaticRTP){webrtc.WithRTPStreamID(name)}
}

// offer names the media lines and negotiates the publisher connection.
func (p *participant) offer(ctx context.Context) error {
	offer, err := p.pub.CreateOffer(nil)
	if err != nil {
		return err
	}
	if err := p.pub.SetLocalDescription(offer); err != nil {
		return err
	}
	var named wire.MeetingTracksCommand
	for _, t := range p.pub.GetTransceivers() {
		source := wire.SourceCamera
		if t.Kind() == webrtc.RTPCodecTypeAudio {
			source = wire.SourceMicrophone
		}
		named.Tracks = append(named.Tracks, wire.TrackSource{MID: t.Mid(), Source: source})
	}
	if err := p.socket.call(ctx, "meeting.tracks", named, nil); err != nil {
		return err
	}
	var answer wire.SDP
	if err := p.socket.call(ctx, "meeting.offer", wire.SDP{SDP: offer.SDP}, &answer); err != nil {
		return err
	}
	if err := p.pub.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.SDP}); err != nil {
		return err
	}
	p.heldPub.open(p.pub)
	return nil
}

// readRTCP counts requests for keyframes, of any layer, until the connection ends.
func readRTCP(sender *webrtc.RTPSender, keys *atomic.Uint32) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				if keys != nil {
					keys.Add(1)
				}
			}
		}
	}
}

func extensionID(list []webrtc.RTPHeaderExtensionParameter, uri string) uint8 {
	for _, e := range list {
		if e.URI == uri {
			return uint8(e.ID)
		}
	}
	return 0
}

// encoder is the state of one layer being sent.
type encoder struct {
	layer
	track  *webrtc.TrackLocalStaticRTP
	budget budget
	packet rtp.Packet
	id     uint16
}

// sendPattern sends pictures until the run ends.
func (p *participant) sendPattern(cam *camera) {
	o := p.load.options
	var encoders []*encoder
	parameters := cam.sender.GetParameters()
	for i, l := range p.load.layers() {
		e := &encoder{layer: l, track: cam.tracks[i], budget: budget{perPicture: int(l.share * float64(o.Bitrate) / 8 / float64(o.FPS))}}
		e.packet.Header = rtp.Header{Version: 2, SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32()}
		e.packet.Payload = make([]byte, packetPayload)
		if l.rid != "" {
			_ = e.packet.SetExtension(extensionID(parameters.HeaderExtensions, sdp.SDESMidURI), []byte(p.cameraMID()))
			_ = e.packet.SetExtension(extensionID(parameters.HeaderExtensions, sdp.SDESRTPStreamIDURI), []byte(l.rid))
		}
		encoders = append(encoders, e)
	}
	ticker := time.NewTicker(time.Second / time.Duration(o.FPS))
	defer ticker.Stop()
	var asked uint32
	var keyAt time.Duration
	for first := true; p.load.tick(ticker); first = false {
		now := clock()
		key := first || o.KeyEvery > 0 && now-keyAt >= o.KeyEvery
		if keys := cam.keys.Load(); keys != asked {
			asked, key = keys, true
		}
		if key {
			keyAt = now
		}
		for _, e := range encoders {
			p.sendPicture(e, key)
		}
	}
}

func (p *participant) sendPicture(e *encoder, key bool) {
	o := p.load.options
	n := e.budget.packets(packetPayload)
	for i := range n {
		fillPicture(e.packet.Payload, e.id, i == 0, key, e.width, e.height)
		e.packet.Marker = i == n-1
		putStamp(e.packet.Payload[pictureStamp:], clock())
		if e.track.WriteRTP(&e.packet) == nil {
			p.load.sentVideo.Add(1)
		}
		e.packet.SequenceNumber++
		if o.Spread > 0 && i < n-1 {
			time.Sleep(o.Spread / time.Duration(n))
		}
	}
	e.id++
	e.packet.Timestamp += uint32(videoClock / o.FPS)
}

// sendSound sends Opus-shaped packets until the run ends; a microphone that does not speak carries silence.
func (p *participant) sendSound(track *webrtc.TrackLocalStaticRTP, sender *webrtc.RTPSender) {
	packet := rtp.Packet{
		Header:  rtp.Header{Version: 2, SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32()},
		Payload: make([]byte, soundBytes),
	}
	packet.Payload[0] = 0x78 // CELT, full band, 20 ms (RFC 6716, section 3.1)
	level := extensionID(sender.GetParameters().HeaderExtensions, sdp.AudioLevelURI)
	speaks := p.load.options.Speaking < 0 || p.index < p.load.options.Speaking
	ticker := time.NewTicker(soundTime)
	defer ticker.Stop()
	for p.load.tick(ticker) {
		if level != 0 {
			dBov := byte(127)
			if speaks {
				dBov = 0x80 | byte(20+rand.IntN(15))
			}
			_ = packet.SetExtension(level, []byte{dBov})
		}
		putStamp(packet.Payload[soundStamp:], clock())
		if track.WriteRTP(&packet) == nil {
			p.load.sentSound.Add(1)
		}
		packet.SequenceNumber++
		packet.Timestamp += uint32(soundClock * soundTime / time.Second)
	}
}

// sendFile plays an IVF file over and over. Its frames cannot carry a stamp: the delay shown is that of the sound.
func (p *participant) sendFile(cam *camera, path string) {
	packetizer := rtp.NewPacketizer(packetPayload+12, 0, 0, &codecs.VP8Payloader{EnablePictureID: true},
		rtp.NewRandomSequencer(), videoClock)
	for {
		if err := p.playOnce(cam, path, packetizer); err != nil {
			if !errors.Is(err, context.Canceled) {
				p.load.fail(p, err)
			}
			return
		}
	}
}

func (p *participant) playOnce(cam *camera, path string, packetizer rtp.Packetizer) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader, header, err := openIVF(file)
	if err != nil {
		return err
	}
	perFrame := time.Second * time.Duration(header.TimebaseNumerator) / time.Duration(header.TimebaseDenominator)
	ticker := time.NewTicker(perFrame)
	defer ticker.Stop()
	for p.load.tick(ticker) {
		frame, _, err := reader.ParseNextFrame()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, packet := range packetizer.Packetize(frame, uint32(videoClock*perFrame/time.Second)) {
			if cam.tracks[0].WriteRTP(packet) == nil {
				p.load.sentVideo.Add(1)
			}
		}
	}
	return context.Canceled
}

// openIVF reads the file's head and refuses what is not VP8.
func openIVF(r io.Reader) (*ivfreader.IVFReader, *ivfreader.IVFFileHeader, error) {
	reader, header, err := ivfreader.NewWith(r)
	if err != nil {
		return nil, nil, fmt.Errorf("--video: %w", err)
	}
	if header.FourCC != "VP80" {
		return nil, nil, errors.New("--video: the IVF file has " + header.FourCC + ", not VP8")
	}
	if header.TimebaseNumerator == 0 || header.TimebaseDenominator == 0 || header.TimebaseDenominator > 240*header.TimebaseNumerator {
		return nil, nil, errors.New("--video: the IVF file says nothing useful of its frame rate")
	}
	return reader, header, nil
}

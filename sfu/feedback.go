package sfu

import (
	"encoding/binary"
	"io"

	"github.com/pion/rtcp"
	"github.com/pion/transport/v4/packetio"
)

// rtcpHeaderSize is that of a packet with its sender's SSRC, in bytes.
const rtcpHeaderSize = 8

// inbox takes the RTCP packets that Pion sorts by the SSRC they are about, as they come, on the connection's reading
// goroutine. That takes neither a goroutine nor a buffer for each track, and hears also of the SSRCs that Pion hands to
// nobody: browsers put that of a retransmission stream into transport-wide feedback.
type inbox struct {
	sub  *subscriber
	ssrc uint32
}

// openInbox is called by Pion for each SSRC of which something arrives. RTP is not awaited on a subscriber connection.
func (s *subscriber) openInbox(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	if kind != packetio.RTCPBufferPacket {
		return nowhere{}
	}
	return &inbox{sub: s, ssrc: ssrc}
}

// Write takes a packet.
func (b *inbox) Write(packet []byte) (int, error) {
	b.sub.reported(packet, b.ssrc)
	return len(packet), nil
}

// receiveCompound takes what was opened beside Pion: one or more packets (RFC 3550, section 6.1).
func (s *subscriber) receiveCompound(b []byte) {
	for len(b) >= rtcpHeaderSize {
		size := 4 + 4*int(binary.BigEndian.Uint16(b[2:]))
		if size < rtcpHeaderSize || size > len(b) {
			s.peer.metrics().malformed.Inc()
			return
		}
		var about uint32 // of reports, the first stream that they are about
		if size > rtcpHeaderSize {
			about = binary.BigEndian.Uint32(b[rtcpHeaderSize:])
		}
		s.reported(b[:size], about)
		b = b[size:]
	}
}

// reported takes a packet; a bad one, or one too many, is counted and forgotten.
func (s *subscriber) reported(packet []byte, ssrc uint32) {
	s.hearing.Lock()
	defer s.hearing.Unlock()
	at := now()
	if !s.reports.take(len(packet), at) {
		s.peer.metrics().flooded.Inc()
		return
	}
	if err := s.receiveRTCP(packet, ssrc, at); err != nil {
		s.peer.metrics().malformed.Inc()
	}
}

// Read has nothing left.
func (b *inbox) Read([]byte) (int, error) { return 0, io.EOF }

// Close does nothing.
func (b *inbox) Close() error { return nil }

// nowhere swallows everything.
type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) Read([]byte) (int, error)    { return 0, io.EOF }
func (nowhere) Close() error                { return nil }

// receiveRTCP handles one packet that concerns ssrc. Pion hands a packet about several over once for each.
func (s *subscriber) receiveRTCP(b []byte, ssrc uint32, at int64) error {
	if len(b) < rtcpHeaderSize {
		return io.ErrUnexpectedEOF
	}
	if kind := rtcp.PacketType(b[1]); kind == rtcp.TypeTransportSpecificFeedback && b[0]&0x1f == rtcp.FormatTCC {
		return s.path.transportFeedback(b, at)
	} else if kind == rtcp.TypeReceiverReport && len(b) >= rtcpHeaderSize+4 &&
		binary.BigEndian.Uint32(b[rtcpHeaderSize:]) != ssrc {
		return nil // handled when it came for its first block
	}
	packets, err := rtcp.Unmarshal(b)
	if err != nil {
		return err
	}
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.TransportLayerNack:
			if d := s.track(p.MediaSSRC); d != nil {
				d.repair(p.Nacks, at)
			}
		case *rtcp.PictureLossIndication:
			s.keyframeAsked(p.MediaSSRC)
		case *rtcp.FullIntraRequest:
			for _, entry := range p.FIR {
				s.keyframeAsked(entry.SSRC)
			}
		case *rtcp.ReceiverReport:
			for _, r := range p.Reports {
				if d := s.track(r.SSRC); d != nil {
					d.reported(r, at)
				}
			}
		case *rtcp.ReceiverEstimatedMaximumBitrate:
			s.path.remb(p, at)
		}
	}
	return nil
}

// track finds the outgoing track with an SSRC.
func (s *subscriber) track(ssrc uint32) *downTrack {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.tracks {
		if d.ssrc.Load() == ssrc {
			return d
		}
	}
	return nil
}

func (s *subscriber) keyframeAsked(ssrc uint32) {
	if d := s.track(ssrc); d != nil {
		s.peer.metrics().plisReceived.Inc()
		d.requestKeyframe()
	}
}

// repair sends again what the subscriber lacks.
func (d *downTrack) repair(pairs []rtcp.NackPair, at int64) {
	m := d.sub.peer.metrics()
	for i := range pairs {
		pairs[i].Range(func(seq uint16) bool {
			m.nacksReceived.Inc()
			if d.resend(seq, at) {
				m.resent.Inc()
			}
			return true
		})
	}
}

// reported takes what the subscriber says of how the track arrives (RFC 3550, section 6.4.1).
func (d *downTrack) reported(r rtcp.ReceptionReport, at int64) {
	d.mu.Lock()
	d.stream.roundTrip(r, at)
	d.mu.Unlock()
	d.sub.path.received(float64(r.FractionLost)/256, at)
}

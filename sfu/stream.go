package sfu

import (
	"strings"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// stream is an outgoing SSRC with its numbering, guarded by the mutex of its downTrack.
type stream struct {
	ssrc, rtxSSRC uint32
	writer        webrtc.TrackLocalWriter
	payloadTypes  [codecCount]uint8 // 0: the subscriber cannot decode it
	rtxTypes      [codecCount]uint8 // 0: retransmit plainly
	forwarder     forwarder
	rtxSeq        uint16
	packets       uint32 // for sender reports
	octets        uint32
	reported      uint32 // middle bits of the last report's wall clock
	reportedAt    int64
	rtt           int64 // nanoseconds

	ext struct {
		id    uint8 // 0: none negotiated
		value [1]byte
	}
	header, rtxHeader rtp.Header
	rtxBuffer         []byte
	resent            *[cacheSize]int64 // when a packet was sent again, by its number; made on the first NACK
}

// bind takes what was negotiated for the line.
func (s *stream) bind(ctx webrtc.TrackLocalContext, kind webrtc.RTPCodecType) (first webrtc.RTPCodecParameters) {
	s.ssrc, s.rtxSSRC, s.writer = uint32(ctx.SSRC()), uint32(ctx.SSRCRetransmission()), ctx.WriteStream()
	s.payloadTypes, s.rtxTypes = [codecCount]uint8{}, [codecCount]uint8{}
	byType := map[string]codec{}
	for _, p := range ctx.CodecParameters() {
		if c := codecOf(p.MimeType); c != codecUnknown {
			if first.MimeType == "" {
				first = p
			}
			s.payloadTypes[c] = uint8(p.PayloadType)
			byType[retransmits(p.PayloadType)] = c
		}
	}
	for _, p := range ctx.CodecParameters() {
		if strings.EqualFold(p.MimeType, webrtc.MimeTypeRTX) {
			s.rtxTypes[byType[p.SDPFmtpLine]] = uint8(p.PayloadType)
		}
	}
	uri := uriOrientation
	if kind == webrtc.RTPCodecTypeAudio {
		uri = uriAudioLevel
	}
	s.ext.id = 0
	for _, e := range ctx.HeaderExtensions() {
		if e.URI == uri && e.ID > 0 && e.ID < 15 {
			s.ext.id = uint8(e.ID)
		}
	}
	s.header = rtp.Header{Version: 2, SSRC: s.ssrc}
	s.rtxHeader = rtp.Header{Version: 2, SSRC: s.rtxSSRC}
	if s.ext.id != 0 {
		// Both headers point at the one value that send changes; an id below 15 and one byte cannot be refused.
		_ = s.header.SetExtension(s.ext.id, s.ext.value[:])
		_ = s.rtxHeader.SetExtension(s.ext.id, s.ext.value[:])
	}
	return first
}

// send writes p as the given number and timestamp and returns the payload's size, 0 when it was not sent.
func (s *stream) send(p *packet, seq uint16, ts uint32) int {
	s.header.Marker, s.header.SequenceNumber, s.header.Timestamp = p.marker, seq, ts
	s.header.PayloadType = s.payloadTypes[p.codec]
	s.header.Extension = s.extension(p)
	if _, err := s.writer.WriteRTP(&s.header, p.payload); err != nil {
		return 0
	}
	s.packets++
	s.octets += uint32(len(p.payload))
	return rtpHeaderSize + len(p.payload)
}

// extension sets the header extension's value and tells whether p has one.
func (s *stream) extension(p *packet) bool {
	switch {
	case s.ext.id == 0:
		return false
	case p.hasLevel:
		s.ext.value[0] = p.level
	case p.hasOrient:
		s.ext.value[0] = p.orientation
	default:
		return false
	}
	return true
}

// sendRTX retransmits p, whose payload lies two bytes into whole, as RFC 4588 says.
func (s *stream) sendRTX(p *packet, whole []byte, seq uint16, ts uint32) error {
	whole[0], whole[1] = byte(seq>>8), byte(seq)
	s.rtxSeq++
	s.rtxHeader.Marker, s.rtxHeader.SequenceNumber, s.rtxHeader.Timestamp = p.marker, s.rtxSeq, ts
	s.rtxHeader.PayloadType = s.rtxTypes[p.codec]
	s.rtxHeader.Extension = s.extension(p)
	_, err := s.writer.WriteRTP(&s.rtxHeader, whole)
	return err
}

package sfu

import (
	"encoding/binary"
	"strings"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// stream is an outgoing SSRC with its numbering, guarded by the mutex of its downTrack.
type stream struct {
	sub           *subscriber
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
	reception     reception
	repeated      uint32 // packets sent again
	refused       uint32 // not sent for want of room

	ext struct { // the level of a sound, the orientation of a picture
		id    uint8 // 0: none negotiated
		value [1]byte
	}
	wide struct { // transport-wide sequence number
		id    uint8 // 0: none negotiated
		value [2]byte
	}
	extensions        []rtp.Extension // wide, then ext, of those negotiated
	header, rtxHeader rtp.Header
	rtxBuffer         []byte
	resent            *[cacheSize]int64 // when a packet was sent again, by its number; made on the first NACK
}

// bind takes what was negotiated for the line.
func (s *stream) bind(ctx webrtc.TrackLocalContext, kind webrtc.RTPCodecType) (first webrtc.RTPCodecParameters) {
	s.ssrc, s.rtxSSRC, s.writer = uint32(ctx.SSRC()), uint32(ctx.SSRCRetransmission()), s.sub.egress
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
	var own, wide uint8
	for _, e := range ctx.HeaderExtensions() {
		switch {
		case e.ID <= 0 || e.ID >= 15:
		case e.URI == uri:
			own = uint8(e.ID)
		case e.URI == sdp.TransportCCURI:
			wide = uint8(e.ID)
			s.sub.path.negotiated.Store(true)
		}
	}
	s.header = rtp.Header{Version: 2, SSRC: s.ssrc}
	s.rtxHeader = rtp.Header{Version: 2, SSRC: s.rtxSSRC}
	s.setExtensions(own, wide)
	return first
}

// setExtensions prepares the header extensions with these ids, 0 for none. The headers point at the values that extend
// changes; ids below 15 and two bytes cannot be refused.
func (s *stream) setExtensions(own, wide uint8) {
	var h rtp.Header
	s.ext.id, s.wide.id = own, wide
	if wide != 0 {
		_ = h.SetExtension(wide, s.wide.value[:])
	}
	if own != 0 {
		_ = h.SetExtension(own, s.ext.value[:])
	}
	s.extensions = h.Extensions
	s.header.ExtensionProfile, s.rtxHeader.ExtensionProfile = h.ExtensionProfile, h.ExtensionProfile
}

// extend sets the header extensions of p, or of padding for nil, and returns the header's size.
func (s *stream) extend(h *rtp.Header, p *packet, payload int, at int64) int {
	list, size := s.extensions, rtpHeaderSize
	if s.ext.id != 0 && (p == nil || !s.extension(p)) {
		list = list[:len(list)-1]
	}
	switch len(list) { // in words, with one for the profile
	case 1:
		size += 8
	case 2:
		size += 12
	}
	h.Extension, h.Extensions = len(list) > 0, list
	if s.wide.id != 0 {
		binary.BigEndian.PutUint16(s.wide.value[:], s.sub.sent(size+payload, at))
	}
	return size
}

// send writes p as the given number and timestamp and returns its size, 0 when it was not sent.
func (s *stream) send(p *packet, seq uint16, ts uint32, at int64) int {
	s.header.Marker, s.header.SequenceNumber, s.header.Timestamp = p.marker, seq, ts
	s.header.PayloadType = s.payloadTypes[p.codec]
	size := s.extend(&s.header, p, len(p.payload), at) + len(p.payload)
	if _, err := s.writer.WriteRTP(&s.header, p.payload); err != nil {
		s.refused++
		return 0
	}
	s.packets++
	s.octets += uint32(len(p.payload))
	return size
}

// extension sets the header extension's value and tells whether p has one.
func (s *stream) extension(p *packet) bool {
	switch {
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
func (s *stream) sendRTX(p *packet, whole []byte, seq uint16, ts uint32, at int64) error {
	whole[0], whole[1] = byte(seq>>8), byte(seq)
	s.rtxSeq++
	s.rtxHeader.Marker, s.rtxHeader.SequenceNumber, s.rtxHeader.Timestamp = p.marker, s.rtxSeq, ts
	s.rtxHeader.PayloadType = s.rtxTypes[p.codec]
	s.extend(&s.rtxHeader, p, len(whole), at)
	if _, err := s.writer.WriteRTP(&s.rtxHeader, whole); err != nil {
		s.refused++
		return err
	}
	s.repeated++
	return nil
}

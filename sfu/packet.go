package sfu

import "encoding/binary"

// packet is one incoming RTP packet (RFC 3550, section 5.1), parsed in place: payload points into the buffer read.
type packet struct {
	seq    uint16
	ts     uint32
	pt     uint8
	marker bool
	codec  codec
	picture
	level       uint8 // RFC 6464: voice-activity bit and −dBov
	hasLevel    bool
	orientation uint8 // 3GPP TS 26.114, section 7.4.5
	hasOrient   bool
	payload     []byte
	at          int64 // arrival, nanoseconds of the server's monotonic clock
}

// extensionIDs are the negotiated ids of the header extensions that are read; 0 means not negotiated.
type extensionIDs struct{ level, orientation uint8 }

const (
	rtpHeaderSize  = 12
	extensionsSize = 12 // of what we send: a level or orientation, and a transport-wide number
)

// parse reads an RTP packet. It reports false for anything malformed and then leaves p undefined. Padding is cut off.
func (p *packet) parse(b []byte, ids extensionIDs) bool {
	if len(b) < rtpHeaderSize || b[0]>>6 != 2 {
		return false
	}
	p.marker = b[1]&0x80 != 0
	p.pt = b[1] & 0x7f
	p.seq = binary.BigEndian.Uint16(b[2:])
	p.ts = binary.BigEndian.Uint32(b[4:])
	p.hasLevel, p.hasOrient, p.codec, p.picture = false, false, 0, picture{}

	start := rtpHeaderSize + 4*int(b[0]&0x0f)
	if b[0]&0x10 != 0 {
		if len(b) < start+4 {
			return false
		}
		profile := binary.BigEndian.Uint16(b[start:])
		size := 4 * int(binary.BigEndian.Uint16(b[start+2:]))
		start += 4
		if len(b) < start+size {
			return false
		}
		p.parseExtensions(profile, b[start:start+size], ids)
		start += size
	}
	end := len(b)
	if b[0]&0x20 != 0 {
		end -= int(b[len(b)-1])
	}
	if start > end {
		return false
	}
	p.payload = b[start:end]
	return true
}

// parseExtensions reads one-byte and two-byte header extensions (RFC 8285); a malformed rest is ignored.
func (p *packet) parseExtensions(profile uint16, b []byte, ids extensionIDs) {
	twoByte := profile&0xfff0 == 0x1000
	if profile != 0xbede && !twoByte {
		return
	}
	for len(b) > 0 {
		var id uint8
		var size int
		switch {
		case b[0] == 0:
			b = b[1:]
			continue
		case twoByte:
			if len(b) < 2 {
				return
			}
			id, size, b = b[0], int(b[1]), b[2:]
		default:
			id, size, b = b[0]>>4, int(b[0]&0x0f)+1, b[1:]
			if id == 15 {
				return
			}
		}
		if size > len(b) {
			return
		}
		if size > 0 {
			switch id {
			case ids.level:
				p.level, p.hasLevel = b[0], true
			case ids.orientation:
				p.orientation, p.hasOrient = b[0], true
			}
		}
		b = b[size:]
	}
}

// primary is the newest sound of redundant audio data (RFC 2198), for those who understand only that or have a narrow line. It reports false for
// anything else.
func (p *packet) primary() (opus packet, ok bool) {
	if p.codec != codecRED {
		return packet{}, false
	}
	opus = *p
	opus.codec = codecOpus
	b, skip := p.payload, 0
	for len(b) >= 4 && b[0]&0x80 != 0 {
		skip += int(b[2]&3)<<8 | int(b[3])
		b = b[4:]
	}
	if len(b) < 1+skip || b[0]&0x80 != 0 {
		return packet{}, false
	}
	opus.payload = b[1+skip:]
	return opus, true
}

// newer tells whether sequence number a comes after b, across the wrap.
func newer(a, b uint16) bool { return int16(a-b) > 0 }

package sfu

// readVP8 reads the payload descriptor of RFC 7741, section 4.2, and of a key picture the frame header of RFC 6386,
// section 9.1.
func readVP8(b []byte) (p picture) {
	if len(b) < 1 {
		return p
	}
	first := b[0]&0x17 == 0x10 // the start of the first partition
	at := 1
	if b[0]&0x80 != 0 {
		if len(b) < 2 {
			return p
		}
		x := b[1]
		at = 2
		if x&0x80 != 0 {
			at = p.ids.readID(b, at)
		}
		if x&0x40 != 0 {
			at = p.ids.readTL0(b, at)
		}
		if x&0x30 != 0 { // TID or KEYIDX
			at++
		}
	}
	if !first || len(b) <= at || b[at]&1 != 0 {
		return p
	}
	p.keyframe = true
	if h := b[at:]; len(h) >= 10 && h[3] == 0x9d && h[4] == 0x01 && h[5] == 0x2a {
		p.width = (uint16(h[7])<<8 | uint16(h[6])) & 0x3fff
		p.height = (uint16(h[9])<<8 | uint16(h[8])) & 0x3fff
	}
	return p
}

package sfu

// readVP9 reads the payload descriptor of RFC 9628, section 4.2, and of a key picture the uncompressed header (VP9
// bitstream specification, section 6.2). Pictures have one spatial layer, or the lowest one is looked at.
func readVP9(b []byte) (p picture) {
	if len(b) < 1 {
		return p
	}
	flags := b[0]
	at, lowest := 1, true
	if flags&0x80 != 0 {
		at = p.ids.readID(b, at)
	}
	if flags&0x20 != 0 { // layer indices
		if len(b) <= at {
			return p
		}
		lowest = b[at]&0x0e == 0
		at++
		if flags&0x10 == 0 {
			at = p.ids.readTL0(b, at)
		}
	}
	const predicted, begins, structure = 0x40, 0x08, 0x02
	if flags&predicted != 0 || flags&begins == 0 || !lowest {
		return p
	}
	p.keyframe = true
	if flags&structure != 0 {
		if at = p.skipStructure(b, at); p.width != 0 {
			return p
		}
	}
	if len(b) < at+9 {
		return p
	}
	// Profile 0: marker, profile, type and flags fill a byte, then come the sync code and four bits of colour.
	if h := b[at:]; h[0]&0xfc == 0x80 && h[1] == 0x49 && h[2] == 0x83 && h[3] == 0x42 {
		r := bitReader{b: h, at: 36}
		p.width, p.height = uint16(r.read(16)+1), uint16(r.read(16)+1)
	}
	return p
}

// skipStructure takes the largest picture's size from a scalability structure and returns where it ends.
func (p *picture) skipStructure(b []byte, at int) int {
	if len(b) <= at {
		return at
	}
	head := b[at]
	at++
	if head&0x10 != 0 {
		for range int(head>>5) + 1 {
			if len(b) < at+4 {
				return at
			}
			p.width = uint16(b[at])<<8 | uint16(b[at+1])
			p.height = uint16(b[at+2])<<8 | uint16(b[at+3])
			at += 4
		}
	}
	if head&0x08 != 0 && len(b) > at {
		pictures := int(b[at])
		at++
		for range pictures {
			if len(b) <= at {
				return at
			}
			at += 1 + int(b[at]>>2&3)
		}
	}
	return at
}

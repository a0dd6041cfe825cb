package sfu

// H.264 NAL unit types (RFC 6184, section 5.2).
const (
	nalIDR   = 5
	nalSPS   = 7
	nalSTAPA = 24
	nalFUA   = 28
)

// readH264 finds an SPS or the start of an IDR slice: encoders send the SPS in front of each IDR picture, so a packet with
// one of them is where decoding may begin.
func readH264(b []byte) (p picture) {
	if len(b) < 1 {
		return p
	}
	switch b[0] & 0x1f {
	case nalIDR:
		p.keyframe = true
	case nalSPS:
		p.readSPS(b[1:])
	case nalSTAPA:
		for b = b[1:]; len(b) >= 3; {
			size := int(b[0])<<8 | int(b[1])
			switch b[2] & 0x1f {
			case nalIDR:
				p.keyframe = true
			case nalSPS:
				p.readSPS(b[3:min(max(2+size, 3), len(b))])
			}
			if size == 0 || len(b) < 2+size {
				return p
			}
			b = b[2+size:]
		}
	case nalFUA:
		p.keyframe = len(b) >= 2 && b[1]&0x80 != 0 && b[1]&0x1f == nalIDR
	}
	return p
}

// readSPS takes the size from a sequence parameter set (ITU-T H.264, section 7.3.2.1.1) of the profiles without chroma
// formats, which are the ones negotiated. What it does not know leaves the size unsaid.
func (p *picture) readSPS(b []byte) {
	p.keyframe = true
	if len(b) < 4 || b[0] != 66 && b[0] != 77 && b[0] != 88 {
		return
	}
	r := bitReader{b: b, at: 24}
	r.golomb() // id
	r.golomb() // frame numbers
	switch r.golomb() {
	case 0:
		r.golomb()
	case 1:
		return
	}
	r.golomb() // reference frames
	r.read(1)
	width, height := 16*(r.golomb()+1), 16*(r.golomb()+1)
	if r.read(1) == 0 { // fields
		height *= 2
		r.read(1)
	}
	r.read(1)
	if r.read(1) == 1 { // cropped, in units of two pixels
		width -= min(width, 2*(r.golomb()+r.golomb()))
		height -= min(height, 2*(r.golomb()+r.golomb()))
	}
	if !r.over && width < 1<<14 && height < 1<<14 {
		p.width, p.height = uint16(width), uint16(height)
	}
}

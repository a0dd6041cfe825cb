package sfu

// readAV1 reads the aggregation header of "RTP Payload Format For AV1", section 4.4. Its N bit marks the first packet of a
// coded video sequence, which begins with a key picture; the sequence header that follows tells the size.
func readAV1(b []byte) (p picture) {
	const continued, sequence = 0x80, 0x08
	if len(b) < 2 || b[0]&continued != 0 || b[0]&sequence == 0 {
		return p
	}
	p.keyframe = true
	count := int(b[0] >> 4 & 3)
	b = b[1:]
	for i := 1; len(b) > 0; i++ {
		element := b
		if i == count { // the last one goes to the end
			b = nil
		} else {
			size, n := leb128(b)
			if n == 0 || size > len(b)-n {
				return p
			}
			element, b = b[n:n+size], b[n+size:]
		}
		if p.readSequence(element) {
			return p
		}
	}
	return p
}

// leb128 reads a number below 2²¹; n is 0 when there is none.
func leb128(b []byte) (v, n int) {
	for n < 3 && n < len(b) {
		v |= int(b[n]&0x7f) << (7 * n)
		n++
		if b[n-1]&0x80 == 0 {
			return v, n
		}
	}
	return 0, 0
}

// readSequence takes the size from a sequence header OBU (AV1 bitstream specification, section 5.5) and reports whether it
// is one. What is not used in calls leaves the size unsaid.
func (p *picture) readSequence(b []byte) bool {
	const sequenceHeader, extended, sized = 1, 0x04, 0x02
	if len(b) < 1 || b[0]>>3&0x0f != sequenceHeader {
		return false
	}
	at := 1
	if b[0]&extended != 0 {
		at++
	}
	if b[0]&sized != 0 && len(b) > at {
		_, n := leb128(b[at:])
		at += n
	}
	if len(b) <= at {
		return true
	}
	r := bitReader{b: b[at:]}
	r.read(4)
	if r.read(1) == 1 { // reduced header
		r.read(5)
	} else {
		if r.read(1) == 1 { // timing
			return true
		}
		delays := r.read(1) == 1
		for range r.read(5) + 1 {
			r.read(12)
			if r.read(5) > 7 {
				r.read(1)
			}
			if delays && r.read(1) == 1 {
				r.read(4)
			}
		}
	}
	w, h := int(r.read(4))+1, int(r.read(4))+1
	width, height := r.read(w)+1, r.read(h)+1
	if !r.over && width < 1<<14 && height < 1<<14 {
		p.width, p.height = uint16(width), uint16(height)
	}
	return true
}

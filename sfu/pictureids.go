package sfu

import "encoding/binary"

// pictureIDs are the numbers by which the payload descriptors of VP8 and VP9 count pictures, and where they stand.
type pictureIDs struct {
	idAt, tl0At uint8  // offsets in the payload; 0: there is none
	wide        bool   // the id has 15 bits, not 7
	id          uint16 // PictureID
	tl0         uint8  // TL0PICIDX
}

// readID reads a picture id of one or two bytes and returns where it ends.
func (p *pictureIDs) readID(b []byte, at int) int {
	switch {
	case len(b) <= at:
	case b[at]&0x80 == 0:
		p.idAt, p.id = uint8(at), uint16(b[at])
	case len(b) > at+1:
		p.idAt, p.wide, p.id = uint8(at), true, binary.BigEndian.Uint16(b[at:])&0x7fff
		return at + 2
	}
	return at + 1
}

func (p *pictureIDs) readTL0(b []byte, at int) int {
	if len(b) > at {
		p.tl0At, p.tl0 = uint8(at), b[at]
	}
	return at + 1
}

// counter keeps a stream's picture numbers unbroken over pauses and changes of layer, as forwarder does with packets.
type counter struct {
	sent, based bool
	id          uint16 // of the newest picture sent
	tl0         uint8
	idOffset    uint16 // outgoing minus incoming
	tl0Offset   uint8
}

// pause ends the stretch: the next packet begins another.
func (c *counter) pause() { c.based = false }

// write puts the outgoing numbers of a packet into its payload, in place. They are made from ids, which were read before,
// so that one payload can be written for one subscriber after the other.
func (c *counter) write(ids *pictureIDs, payload []byte) {
	if !c.based {
		c.based = true
		if c.sent {
			c.idOffset, c.tl0Offset = c.id+1-ids.id, c.tl0+1-ids.tl0
		}
	}
	if ids.idAt != 0 {
		mask := uint16(0x7f)
		if ids.wide {
			mask = 0x7fff
		}
		id := (ids.id + c.idOffset) & mask
		if !c.sent || (id-c.id)&mask <= mask/2 {
			c.id = id
		}
		if ids.wide {
			binary.BigEndian.PutUint16(payload[ids.idAt:], 0x8000|id)
		} else {
			payload[ids.idAt] = byte(id)
		}
	}
	if ids.tl0At != 0 {
		tl0 := ids.tl0 + c.tl0Offset
		if !c.sent || tl0-c.tl0 <= 127 {
			c.tl0 = tl0
		}
		payload[ids.tl0At] = tl0
	}
	c.sent = true
}

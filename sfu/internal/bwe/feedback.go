package bwe

import (
	"encoding/binary"
	"errors"
)

// ErrFeedback is returned for a transport-wide feedback message that cannot be read.
var ErrFeedback = errors.New("bwe: malformed transport-wide feedback")

// Layout of a feedback message (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1), with its RTCP header.
const (
	baseAt     = 12
	countAt    = 14
	referredAt = 16
	chunksAt   = 20

	tick       = 250    // µs, unit of the deltas
	referTicks = 64_000 // µs, unit of the reference time
)

// Symbols of packets.
const (
	symbolLost = iota
	symbolSmall
	symbolLarge
)

// feedback walks over the packets that a message reports, in the order of their numbers. It allocates nothing.
type feedback struct {
	seq     uint16 // of the next packet
	left    int    // packets not walked over yet
	refer   uint32 // reference time, 24 bits
	elapsed int64  // µs from the reference time to the last arrival
	chunks  []byte
	deltas  []byte
	chunk   uint16
	inChunk int // symbols left in chunk
}

// parse checks that the message has all it announces, except for deltas, which are checked on the way.
func (f *feedback) parse(b []byte) error {
	if len(b) < chunksAt || b[0]>>6 != 2 {
		return ErrFeedback
	}
	size := 4 * (int(binary.BigEndian.Uint16(b[2:])) + 1)
	if size < chunksAt || size > len(b) {
		return ErrFeedback
	}
	b = b[:size]
	*f = feedback{
		seq: binary.BigEndian.Uint16(b[baseAt:]), left: int(binary.BigEndian.Uint16(b[countAt:])),
		refer: binary.BigEndian.Uint32(b[referredAt:]) >> 8,
	}
	at := chunksAt
	for covered := 0; covered < f.left; at += 2 {
		if at+2 > len(b) {
			return ErrFeedback
		}
		covered += symbols(binary.BigEndian.Uint16(b[at:]))
	}
	f.chunks, f.deltas = b[chunksAt:at], b[at:]
	return nil
}

// symbols is how many packets a chunk covers.
func symbols(chunk uint16) int {
	switch {
	case chunk&0x8000 == 0: // run length
		return int(chunk & 0x1fff)
	case chunk&0x4000 == 0: // one bit each
		return 14
	default: // two bits each
		return 7
	}
}

// next gives the next packet and, if it was received, the time from the reference time to its arrival, in µs. ok is
// false at the end, or where the message breaks off.
func (f *feedback) next() (seq uint16, elapsed int64, received, ok bool) {
	if f.left == 0 {
		return 0, 0, false, false
	}
	for f.inChunk == 0 {
		f.chunk = binary.BigEndian.Uint16(f.chunks)
		f.inChunk, f.chunks = symbols(f.chunk), f.chunks[2:]
	}
	var symbol uint16
	f.inChunk--
	switch {
	case f.chunk&0x8000 == 0:
		symbol = f.chunk >> 13 & 3
	case f.chunk&0x4000 == 0:
		symbol = f.chunk >> f.inChunk & 1
	default:
		symbol = f.chunk >> (2 * f.inChunk) & 3
	}
	seq = f.seq
	switch symbol {
	case symbolSmall:
		if len(f.deltas) < 1 {
			return 0, 0, false, false
		}
		f.elapsed += tick * int64(f.deltas[0])
		f.deltas, received = f.deltas[1:], true
	case symbolLarge:
		if len(f.deltas) < 2 {
			return 0, 0, false, false
		}
		f.elapsed += tick * int64(int16(binary.BigEndian.Uint16(f.deltas)))
		f.deltas, received = f.deltas[2:], true
	}
	f.seq++
	f.left--
	return seq, f.elapsed, received, true
}

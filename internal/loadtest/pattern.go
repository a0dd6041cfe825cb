package loadtest

import (
	"encoding/binary"
	"time"
)

// Clock rates of RTP timestamps, in Hz.
const (
	videoClock = 90000
	soundClock = 48000
)

const (
	soundBytes = 100 // Opus at 40 kbit/s
	soundTime  = 20 * time.Millisecond
	// A stamp is a mark and the time of sending; where it lies in a picture's packet, behind what VP8 puts there, and in
	// one of sound, behind Opus's first byte.
	stampMark    = 0x1ec7e41a
	stampSize    = 12
	pictureStamp = 16
	soundStamp   = 4
)

// clock is the time of this process; stamps carry it, which is why the sender and the receivers must share a process.
var clockStart = time.Now()

func clock() time.Duration { return time.Since(clockStart) }

func putStamp(b []byte, at time.Duration) {
	binary.BigEndian.PutUint32(b, stampMark)
	binary.BigEndian.PutUint64(b[4:], uint64(at))
}

// readStamp finds the time of sending in a payload; false when there is none.
func readStamp(payload []byte, video bool) (time.Duration, bool) {
	at := soundStamp
	if video {
		at = pictureStamp
	}
	if len(payload) < at+stampSize || binary.BigEndian.Uint32(payload[at:]) != stampMark {
		return 0, false
	}
	return time.Duration(binary.BigEndian.Uint64(payload[at+4:])), true
}

// fillPicture makes one packet of a picture look like VP8: a payload descriptor with a 15-bit picture id (RFC 7741,
// section 4.2) and, in the first packet, the frame tag and a keyframe's start code and size (RFC 6386, section 9.1).
func fillPicture(b []byte, id uint16, first, key bool, width, height uint16) {
	clear(b[:pictureStamp])
	b[0], b[1] = 0x80, 0x80
	binary.BigEndian.PutUint16(b[2:], 0x8000|id&0x7fff)
	if !first {
		return
	}
	b[0] |= 0x10
	b[4] = 0x01
	if key {
		b[4] = 0x10
		copy(b[7:], []byte{0x9d, 0x01, 0x2a})
		binary.LittleEndian.PutUint16(b[10:], width)
		binary.LittleEndian.PutUint16(b[12:], height)
	}
}

// budget says how many packets of a size a picture takes so that the bit rate comes out right over time.
type budget struct {
	perPicture int // bytes
	saved      int
}

// packets is at least 1.
func (b *budget) packets(size int) int {
	b.saved += b.perPicture
	n := max(b.saved/size, 1)
	b.saved -= n * size
	return n
}

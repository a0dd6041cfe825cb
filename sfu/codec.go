package sfu

import (
	"strings"

	"github.com/pion/webrtc/v4"
)

// codec is what a payload type stands for; outgoing tracks find their own payload type by it.
type codec uint8

const (
	codecUnknown codec = iota
	codecOpus
	codecRED
	codecVP8
	codecH264
	codecVP9
	codecAV1
	codecCount
)

// codecNames are the subtypes of the media types, in lower case.
var codecNames = [codecCount]string{
	codecOpus: "opus", codecRED: "red", codecVP8: "vp8", codecH264: "h264", codecVP9: "vp9", codecAV1: "av1",
}

func codecOf(mime string) codec {
	_, name, _ := strings.Cut(strings.ToLower(mime), "/")
	for c, have := range codecNames {
		if have == name && have != "" {
			return codec(c)
		}
	}
	return codecUnknown
}

// clockRate of the timestamps, in Hz.
func clockRate(kind webrtc.RTPCodecType) uint32 {
	if kind == webrtc.RTPCodecTypeAudio {
		return 48000
	}
	return 90000
}

// picture is what a video packet's payload tells about the picture it belongs to.
type picture struct {
	keyframe      bool   // it begins a picture that can be decoded without another
	width, height uint16 // of such a picture, in pixels; 0: not said
	ids           pictureIDs
}

// readPicture reads the beginning of a payload. Whatever it holds, it reads nothing outside. Sound is always a beginning.
func readPicture(c codec, payload []byte) picture {
	switch c {
	case codecVP8:
		return readVP8(payload)
	case codecVP9:
		return readVP9(payload)
	case codecH264:
		return readH264(payload)
	case codecAV1:
		return readAV1(payload)
	}
	return picture{keyframe: true}
}

// bitReader reads big-endian bit fields. Behind the end there are zeros, and over is set.
type bitReader struct {
	b    []byte
	at   int // bits
	over bool
}

func (r *bitReader) read(n int) (v uint32) {
	for range n {
		v <<= 1
		if r.at>>3 >= len(r.b) {
			r.over = true
			continue
		}
		v |= uint32(r.b[r.at>>3]>>(7-r.at&7)) & 1
		r.at++
	}
	return v
}

// golomb reads an unsigned Exp-Golomb number (ITU-T H.264, section 9.1) below 2³¹.
func (r *bitReader) golomb() uint32 {
	zeros := 0
	for zeros < 31 && !r.over && r.read(1) == 0 {
		zeros++
	}
	return 1<<zeros - 1 + r.read(zeros)
}

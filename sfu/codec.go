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
	codecCount
)

func codecOf(mime string) codec {
	switch strings.ToLower(mime) {
	case "audio/opus":
		return codecOpus
	case "audio/red":
		return codecRED
	case "video/vp8":
		return codecVP8
	case "video/h264":
		return codecH264
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

// isKeyframe tells whether the packet begins a picture that can be decoded without another. Sound always can.
func isKeyframe(c codec, payload []byte) bool {
	switch c {
	case codecVP8:
		return vp8Keyframe(payload)
	case codecH264:
		return h264Keyframe(payload)
	}
	return true
}

// vp8Keyframe reads the payload descriptor of RFC 7741, section 4.2, and the frame tag of RFC 6386, section 9.1.
func vp8Keyframe(b []byte) bool {
	if len(b) < 1 || b[0]&0x10 == 0 || b[0]&0x07 != 0 { // not the start of the first partition
		return false
	}
	at := 1
	if b[0]&0x80 != 0 {
		if len(b) < 2 {
			return false
		}
		x := b[1]
		at = 2
		if x&0x80 != 0 { // picture id, one or two bytes
			if len(b) <= at {
				return false
			}
			if b[at]&0x80 != 0 {
				at++
			}
			at++
		}
		if x&0x40 != 0 { // TL0PICIDX
			at++
		}
		if x&0x30 != 0 { // TID or KEYIDX
			at++
		}
	}
	return len(b) > at && b[at]&0x01 == 0
}

// H.264 NAL unit types (RFC 6184, section 5.2).
const (
	nalIDR   = 5
	nalSPS   = 7
	nalSTAPA = 24
	nalFUA   = 28
)

// h264Keyframe finds an SPS or the start of an IDR slice: encoders send the SPS in front of each IDR picture, so a
// packet with one of them is where decoding may begin.
func h264Keyframe(b []byte) bool {
	if len(b) < 1 {
		return false
	}
	switch b[0] & 0x1f {
	case nalIDR, nalSPS:
		return true
	case nalSTAPA:
		for b = b[1:]; len(b) >= 3; {
			size := int(b[0])<<8 | int(b[1])
			if t := b[2] & 0x1f; t == nalIDR || t == nalSPS {
				return true
			}
			if size == 0 || len(b) < 2+size {
				return false
			}
			b = b[2+size:]
		}
	case nalFUA:
		return len(b) >= 2 && b[1]&0x80 != 0 && b[1]&0x1f == nalIDR
	}
	return false
}

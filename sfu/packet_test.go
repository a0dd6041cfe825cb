package sfu

import (
	"bytes"
	"testing"

	"github.com/pion/rtp"
)

func TestParse(t *testing.T) {
	ids := extensionIDs{level: 3, orientation: 4}
	for name, h := range map[string]rtp.Header{
		"plain":    {},
		"marker":   {Marker: true},
		"csrc":     {CSRC: []uint32{1, 2, 3}},
		"level":    withExtension(t, rtp.Header{}, 3, 0x80|20),
		"rotation": withExtension(t, withExtension(t, rtp.Header{}, 1, 9), 4, 2),
	} {
		h.Version, h.PayloadType, h.SequenceNumber, h.Timestamp, h.SSRC = 2, 96, 65535, 1<<31, 7
		b, err := (&rtp.Packet{Header: h, Payload: []byte("payload")}).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		var p packet
		if !p.parse(b, ids) {
			t.Fatalf("%s: refused", name)
		}
		if p.pt != 96 || p.seq != 65535 || p.ts != 1<<31 || p.marker != h.Marker || string(p.payload) != "payload" {
			t.Errorf("%s: %+v", name, p)
		}
		if p.hasLevel != (name == "level") || p.hasLevel && p.level != 0x80|20 {
			t.Errorf("%s: level %v %d", name, p.hasLevel, p.level)
		}
		if p.hasOrient != (name == "rotation") || p.hasOrient && p.orientation != 2 {
			t.Errorf("%s: rotation %v %d", name, p.hasOrient, p.orientation)
		}
	}
}

func withExtension(t *testing.T, h rtp.Header, id, value uint8) rtp.Header {
	t.Helper()
	if err := h.SetExtension(id, []byte{value}); err != nil {
		t.Fatal(err)
	}
	return h
}

// FuzzParse compares with Pion's parser, which is as strict where it matters.
func FuzzParse(f *testing.F) {
	f.Add([]byte{0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 'x'})
	f.Add([]byte{0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde, 0, 1, 0x30, 0x94, 0, 0, 'x'})
	f.Add([]byte{0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x10, 0x00, 0, 1, 3, 1, 0x94, 0, 'x'})
	f.Add([]byte{0xb0, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde, 0, 1, 0x3f, 0x94, 0, 0, 'x', 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		var p packet
		if !p.parse(b, extensionIDs{level: 3, orientation: 4}) {
			return
		}
		var want rtp.Packet
		if err := want.Unmarshal(b); err != nil {
			return
		}
		if p.seq != want.SequenceNumber || p.ts != want.Timestamp || p.pt != want.PayloadType || !bytes.Equal(p.payload, want.Payload) {
			t.Errorf("%+v\n%+v", p, want)
		}
		for c := codecUnknown; c < codecCount; c++ {
			readPicture(c, p.payload)
		}
	})
}

func TestKeyframe(t *testing.T) {
	for name, c := range map[string]struct {
		codec   codec
		payload []byte
		want    bool
	}{
		"sound":                       {codecOpus, nil, true},
		"vp8 key":                     {codecVP8, []byte{0x10, 0x10}, true},
		"vp8 delta":                   {codecVP8, []byte{0x10, 0x11}, false},
		"vp8 key, second packet":      {codecVP8, []byte{0x00, 0x10}, false},
		"vp8 key, second partition":   {codecVP8, []byte{0x11, 0x10}, false},
		"vp8 key, 7-bit picture id":   {codecVP8, []byte{0x90, 0x80, 0x01, 0x10}, true},
		"vp8 key, 15-bit picture id":  {codecVP8, []byte{0x90, 0x80, 0x81, 0x01, 0x10}, true},
		"vp8 key, all extensions":     {codecVP8, []byte{0x90, 0xf0, 0x81, 1, 1, 1, 0x10}, true},
		"vp8 delta, all extensions":   {codecVP8, []byte{0x90, 0xf0, 0x81, 1, 1, 1, 0x11}, false},
		"vp8 empty":                   {codecVP8, nil, false},
		"vp8 cut":                     {codecVP8, []byte{0x90, 0xf0, 0x81}, false},
		"h264 idr":                    {codecH264, []byte{0x65, 1}, true},
		"h264 slice":                  {codecH264, []byte{0x41, 1}, false},
		"h264 sps in an aggregate":    {codecH264, []byte{0x78, 0, 2, 0x67, 1, 0, 1, 0x68}, true},
		"h264 aggregate without":      {codecH264, []byte{0x78, 0, 2, 0x41, 1, 0, 1, 0x68}, false},
		"h264 aggregate, sps later":   {codecH264, []byte{0x78, 0, 2, 0x09, 1, 0, 1, 0x67}, true},
		"h264 aggregate, cut":         {codecH264, []byte{0x78, 0, 9, 0x09}, false},
		"h264 fragment, start of idr": {codecH264, []byte{0x7c, 0x85}, true},
		"h264 fragment, rest of idr":  {codecH264, []byte{0x7c, 0x05}, false},
		"h264 empty":                  {codecH264, nil, false},
		"unknown":                     {codecUnknown, nil, true},
	} {
		if got := readPicture(c.codec, c.payload).keyframe; got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzOffer(f *testing.F) {
	f.Add("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=inactive\r\n")
	f.Fuzz(func(_ *testing.T, sdp string) { _ = checkOffer(sdp) })
}

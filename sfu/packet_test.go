package sfu

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
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

// TestDescriptionsThatWouldTakeLong: what Pion would think about for a second and more, for each frame of 200 KiB, is refused.
func TestDescriptionsThatWouldTakeLong(t *testing.T) {
	times := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(line, "#", strconv.Itoa(i)))
		}
		return b.String()
	}
	describe := func(media ...string) string {
		text := "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 00\r\n"
		for i, attributes := range media {
			text += "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\nc=IN IP4 0.0.0.0\r\na=mid:" + strconv.Itoa(i) + "\r\n" + attributes
		}
		return text
	}
	browser := times(50, "a=rtpmap:# VP8/90000\r\na=rtcp-fb:# nack\r\na=rtcp-fb:# nack pli\r\na=fmtp:# x=y\r\n")
	if err := checkOffer(describe(browser, browser, browser, browser)); err != nil {
		t.Errorf("a browser's: %v", err)
	}
	for name, media := range map[string][]string{
		"codecs of a line": {times(101, "a=rtpmap:# VP8/90000\r\n")},
		"formats":          {"m=video 9 UDP/TLS/RTP/SAVPF" + times(101, " #") + "\r\nc=IN IP4 0.0.0.0\r\na=mid:x\r\n"},
		"codecs of all":    slices.Repeat([]string{times(60, "a=rtpmap:# VP8/90000\r\n")}, 9),
		"feedback":         {times(301, "a=rtcp-fb:96 x#\r\n")},
		"feedback for all": {times(101, "a=rtcp-fb:* x#\r\n")},
		"attributes":       {times(1001, "a=x\r\n")},
	} {
		if err := checkOffer(describe(media...)); !errors.Is(err, ErrBadSDP) || !strings.Contains(err.Error(), "codecs") {
			t.Errorf("%s: %v", name, err)
		}
	}
	offered, more := describe(times(2, "a=rtpmap:# VP8/90000\r\n")), describe(times(7, "a=rtpmap:# VP8/90000\r\n"))
	if err := checkAnswer(offered, offered); err != nil {
		t.Errorf("an answer: %v", err)
	}
	if err := checkAnswer(offered, more); !errors.Is(err, ErrBadSDP) {
		t.Errorf("an answer with many more codecs than were offered: %v", err)
	}
}

func FuzzOffer(f *testing.F) {
	f.Add("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=inactive\r\n")
	f.Fuzz(func(_ *testing.T, sdp string) { _ = checkOffer(sdp) })
}

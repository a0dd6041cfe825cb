package sfu

import (
	"slices"
	"testing"

	"github.com/pion/webrtc/v4"
)

func TestReadPicture(t *testing.T) {
	vp8Size := []byte{0x90, 0x80, 0x81, 0x01, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x42, 0x68, 0x01} // 640 × 360, scaled
	vp9Frame := []byte{0x82, 0x49, 0x83, 0x42, 0x00, 0x4f, 0xf0, 0x2c, 0xf0}
	sps := []byte{0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40, 0x16, 0xe8, 0x06, 0xd0, 0xa1, 0x35}
	av1Sequence := []byte{0x0a, 0x0b, 0x00, 0x00, 0x00, 0x24, 0xcf, 0x7f, 0x0d, 0xbf, 0xff, 0x38, 0x18}
	for name, c := range map[string]struct {
		codec   codec
		payload []byte
		want    picture
	}{
		"vp8 size":                  {codecVP8, vp8Size, picture{true, 640, 360, pictureIDs{idAt: 2, wide: true, id: 0x101}}},
		"vp8 ids":                   {codecVP8, []byte{0x90, 0xf0, 0x81, 0x02, 7, 1, 0x11}, picture{ids: pictureIDs{idAt: 2, wide: true, id: 0x102, tl0At: 4, tl0: 7}}},
		"vp8 short id":              {codecVP8, []byte{0x90, 0xe0, 0x11, 7, 1, 0x11}, picture{ids: pictureIDs{idAt: 2, id: 0x11, tl0At: 3, tl0: 7}}},
		"vp9 key":                   {codecVP9, append([]byte{0x88, 0x05}, vp9Frame...), picture{true, 1280, 720, pictureIDs{idAt: 1, id: 5}}},
		"vp9 size in structure":     {codecVP9, []byte{0x8a, 0x05, 0x18, 0x05, 0, 0x02, 0xd0, 1, 0x04, 2}, picture{true, 1280, 720, pictureIDs{idAt: 1, id: 5}}},
		"vp9 layers":                {codecVP9, []byte{0xa8, 0x80, 0x05, 0x20, 9}, picture{keyframe: true, ids: pictureIDs{idAt: 1, wide: true, id: 5, tl0At: 4, tl0: 9}}},
		"vp9 flexible":              {codecVP9, []byte{0xb8, 0x05, 0x20, 9}, picture{keyframe: true, ids: pictureIDs{idAt: 1, id: 5}}},
		"vp9 upper spatial layer":   {codecVP9, []byte{0xa8, 0x05, 0x02, 9}, picture{ids: pictureIDs{idAt: 1, id: 5, tl0At: 3, tl0: 9}}},
		"vp9 predicted":             {codecVP9, []byte{0xc8, 0x05, 0x82}, picture{ids: pictureIDs{idAt: 1, id: 5}}},
		"vp9 not the beginning":     {codecVP9, []byte{0x80, 0x05, 0x82}, picture{ids: pictureIDs{idAt: 1, id: 5}}},
		"vp9 cut":                   {codecVP9, []byte{0xa8, 0x80}, picture{}},
		"vp9 empty":                 {codecVP9, nil, picture{}},
		"h264 size":                 {codecH264, sps, picture{keyframe: true, width: 1280, height: 720}},
		"h264 size in an aggregate": {codecH264, append([]byte{0x78, 0, byte(len(sps))}, sps...), picture{keyframe: true, width: 1280, height: 720}},
		"h264 sps cut":              {codecH264, sps[:6], picture{keyframe: true}},
		"h264 other profile":        {codecH264, []byte{0x67, 100, 0, 31, 0xac}, picture{keyframe: true}},
		"av1 key":                   {codecAV1, append([]byte{0x18}, av1Sequence...), picture{keyframe: true, width: 960, height: 540}},
		"av1 key, sized":            {codecAV1, append([]byte{0x08, byte(len(av1Sequence))}, av1Sequence...), picture{keyframe: true, width: 960, height: 540}},
		"av1 continued":             {codecAV1, append([]byte{0x98}, av1Sequence...), picture{}},
		"av1 within a sequence":     {codecAV1, []byte{0x10, 0x32, 1}, picture{}},
		"av1 element too long":      {codecAV1, []byte{0x08, 0x7f, 0x0a}, picture{keyframe: true}},
		"av1 empty":                 {codecAV1, nil, picture{}},
	} {
		if got := readPicture(c.codec, c.payload); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// FuzzKeyframe reads hostile payloads and writes new numbers into them: what is read back must be those.
func FuzzKeyframe(f *testing.F) {
	f.Add([]byte{0x90, 0xf0, 0x81, 1, 1, 1, 0x10})
	f.Add([]byte{0xaa, 0x80, 0x05, 0x20, 9, 0x18, 5, 0, 2, 0xd0, 1, 4, 2})
	f.Add([]byte{0x78, 0, 2, 0x67, 1, 0, 1, 0x68})
	f.Add([]byte{0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40, 0x16, 0xe8})
	f.Add([]byte{0x18, 0x0a, 0x0b, 0, 0, 0, 0x24, 0xcf, 0x7f, 0x0d, 0xbf})
	f.Fuzz(func(t *testing.T, b []byte) {
		for c := range codecCount {
			was := readPicture(c, b)
			payload := slices.Clone(b)
			numbers := counter{sent: true, id: 0x1234, tl0: 200}
			if was.ids.idAt|was.ids.tl0At == 0 {
				continue
			}
			numbers.write(&was.ids, payload)
			is := readPicture(c, payload)
			want := was
			if want.ids.id = 0x1235; !want.ids.wide {
				want.ids.id = 0x35
			}
			want.ids.tl0 = 201
			if was.ids.idAt == 0 {
				want.ids.id = 0
			}
			if was.ids.tl0At == 0 {
				want.ids.tl0 = 0
			}
			if is != want {
				t.Errorf("%s: %+v written as %+v, want %+v", codecNames[c], was, is, want)
			}
		}
	})
}

func TestCodecsByName(t *testing.T) {
	for mime, want := range map[string]codec{
		webrtc.MimeTypeVP8: codecVP8, webrtc.MimeTypeVP9: codecVP9, webrtc.MimeTypeAV1: codecAV1, webrtc.MimeTypeH264: codecH264,
		webrtc.MimeTypeOpus: codecOpus, "audio/RED": codecRED, webrtc.MimeTypeRTX: codecUnknown, "": codecUnknown, "video/": codecUnknown,
	} {
		if got := codecOf(mime); got != want {
			t.Errorf("%q is %v, not %v", mime, got, want)
		}
	}
	if got := codecList(alwaysCodecs | 1<<codecAV1); !slices.Equal(got, []string{"vp8", "h264", "av1"}) {
		t.Errorf("%v", got)
	}
}

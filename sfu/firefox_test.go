package sfu_test

import (
	_ "embed"
	"slices"
	"testing"

	"github.com/pion/sdp/v3"

	"lectern/sfu/sfutest"
)

// What Firefox 153 offers for a microphone and a camera with three layers: its own payload types, and no RED for sound.
//
//go:embed testdata/firefox-153-offer.sdp
var firefoxOffer string

func TestFirefoxOffers(t *testing.T) {
	s := newServer(t)
	sfutest.Join(t, s, "room", "ann")
	text, err := s.Offer(t.Context(), "ann", firefoxOffer)
	if err != nil {
		t.Fatal(err)
	}
	var answer sdp.SessionDescription
	if err := answer.UnmarshalString(text); err != nil {
		t.Fatal(err)
	}
	if len(answer.MediaDescriptions) != 2 {
		t.Fatalf("%d media lines", len(answer.MediaDescriptions))
	}
	sound, picture := answer.MediaDescriptions[0], answer.MediaDescriptions[1]
	wants := func(m *sdp.MediaDescription, attributes ...string) {
		t.Helper()
		for _, want := range attributes {
			if !slices.ContainsFunc(m.Attributes, func(a sdp.Attribute) bool { return a.String() == want }) {
				t.Errorf("no %q in the answer:\n%s", want, text)
			}
		}
	}
	wants(sound, "recvonly", "rtpmap:109 opus/48000/2", "extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level")
	wants(picture, "recvonly", "rtpmap:120 VP8/90000", "rtpmap:124 rtx/90000", "fmtp:124 apt=120", "rtcp-fb:120 nack pli", "rtcp-fb:120 transport-cc",
		"rid:q recv", "rid:h recv", "rid:f recv", "simulcast:recv q;h;f")
	if first := picture.MediaName.Formats[0]; first != "120" {
		t.Errorf("pictures come first as %s, not as VP8", first)
	}
}

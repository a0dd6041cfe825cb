package sfu_test

import (
	"errors"
	"testing"

	"github.com/pion/webrtc/v4"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

func TestAfterAFirstOfferThatCannotBeAnsweredAnotherMayCome(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	early := webrtc.ICECandidateInit{Candidate: "candidate:1 1 udp 2130706431 127.0.0.1 9 typ host"}
	if err := s.Candidate("ann", sfu.Publisher, early); err != nil {
		t.Fatal(err)
	}
	const offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n" +
		"a=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256  00\r\na=sendonly\r\n" +
		"a=rtpmap:111 opus/48000/2\r\n" // two spaces before the fingerprint are what Pion notices too late
	for range 2 {
		if _, err := s.Offer(t.Context(), "ann", offer); !errors.Is(err, sfu.ErrBadSDP) {
			t.Fatalf("offer: %v", err)
		}
	}
	ann.Publish(sfu.Camera)
	bob.WaitTrack("ann", sfu.Camera).WaitMore(5)
}

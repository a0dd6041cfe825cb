package sfu

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"
)

// Whatever a client sends as a candidate is either refused as ErrBadCandidate or kept for later; the queue has an end.
func FuzzCandidate(f *testing.F) {
	f.Add("candidate:1 1 udp 2130706431 127.0.0.1 50000 typ host")
	f.Add("candidate:2 1 tcp 1518280447 ::1 9 typ host tcptype active generation 0 ufrag a")
	f.Add("candidate:3 1 udp 1 abc.local 1 typ srflx raddr 0.0.0.0 rport 0")
	f.Add("candidate:")
	f.Add(strings.Repeat("a", maxCandidateBytes+1))
	f.Fuzz(func(t *testing.T, text string) {
		var q candidates
		for range maxCandidates + 1 {
			if err := q.add(webrtc.ICECandidateInit{Candidate: text}); err != nil && !errors.Is(err, ErrBadCandidate) {
				t.Fatalf("refused with %v", err)
			}
		}
		if len(q.queued) > maxCandidates {
			t.Fatalf("%d candidates wait", len(q.queued))
		}
	})
}

// A connection takes so many candidates, however they come; a restart of ICE makes room for others.
func TestCandidatesOfAConnectionHaveAnEnd(t *testing.T) {
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.Close() })
	description := func(candidates ...string) string {
		text := "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n" +
			"a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\na=sendrecv\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-mux\r\n" +
			"a=fingerprint:sha-256 " + strings.Repeat("00:", 31) + "00\r\n"
		for _, c := range candidates {
			text += "a=" + c + "\r\n"
		}
		return text
	}
	at := func(n int) string {
		return fmt.Sprintf("candidate:1 1 udp 2130706431 10.0.%d.%d 50000 typ host", n/250, n%250+1)
	}
	var q candidates
	rest, described, err := withoutCandidates(description(at(0), at(1)))
	if err != nil || len(described) != 2 || strings.Contains(rest, "candidate") {
		t.Fatalf("%v, %q of %q", err, described, rest)
	}
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: rest}); err != nil {
		t.Fatal(err)
	}
	q.flush(pc)
	for range 2 { // an offer repeats those of the one before
		q.take(described)
	}
	for n := 2; n < maxCandidates; n++ {
		if err := q.add(webrtc.ICECandidateInit{Candidate: at(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.add(webrtc.ICECandidateInit{Candidate: at(maxCandidates)}); !errors.Is(err, ErrBadCandidate) {
		t.Fatalf("one more: %v", err)
	}
	if err := q.add(webrtc.ICECandidateInit{Candidate: at(0)}); err != nil {
		t.Fatalf("a known one: %v", err)
	}
	q.renew()
	if err := q.add(webrtc.ICECandidateInit{Candidate: at(maxCandidates)}); err != nil {
		t.Fatalf("after a restart: %v", err)
	}
}

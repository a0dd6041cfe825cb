package sfu

import (
	"errors"
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

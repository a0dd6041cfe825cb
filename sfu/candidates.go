package sfu

import (
	"fmt"
	"strings"
	"sync"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
)

// candidates keeps a client's candidates until its description is set.
type candidates struct {
	mu     sync.Mutex             // guards the rest
	pc     *webrtc.PeerConnection // once it has its description
	queued []webrtc.ICECandidateInit
}

// checkCandidate refuses what is not an ICE candidate (RFC 8839, section 5.1). An empty one says that there are no more.
func checkCandidate(c webrtc.ICECandidateInit) error {
	if len(c.Candidate) > maxCandidateBytes {
		return fmt.Errorf("%w: longer than %d bytes", ErrBadCandidate, maxCandidateBytes)
	}
	text := strings.TrimPrefix(c.Candidate, "candidate:")
	if text == "" {
		return nil
	}
	if _, err := ice.UnmarshalCandidate(text); err != nil {
		return fmt.Errorf("%w: %w", ErrBadCandidate, err)
	}
	return nil
}

// add gives c to the connection, now or when its description comes.
func (q *candidates) add(c webrtc.ICECandidateInit) error {
	if err := checkCandidate(c); err != nil {
		return err
	}
	if strings.TrimPrefix(c.Candidate, "candidate:") == "" {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.pc != nil {
		return addCandidate(q.pc, c)
	}
	if len(q.queued) >= maxCandidates {
		return fmt.Errorf("%w: more than %d before the description", ErrBadCandidate, maxCandidates)
	}
	q.queued = append(q.queued, c)
	return nil
}

// flush is called once the remote description of pc is set.
func (q *candidates) flush(pc *webrtc.PeerConnection) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pc = pc
	for _, c := range q.queued {
		_ = addCandidate(pc, c) // checked when it came; one of an older description is of no use
	}
	q.queued = nil
}

// forget drops what waits for a description that was refused.
func (q *candidates) forget() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queued = nil
}

func addCandidate(pc *webrtc.PeerConnection, c webrtc.ICECandidateInit) error {
	if err := pc.AddICECandidate(c); err != nil {
		return fmt.Errorf("%w: %w", ErrBadCandidate, err)
	}
	return nil
}

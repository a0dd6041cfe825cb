package sfu

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pion/ice/v4"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// candidates keeps a client's candidates until its description is set. Pion tries every pair that they make and forgets none before
// ICE is restarted: there may be only so many.
type candidates struct {
	mu     sync.Mutex             // guards the rest
	pc     *webrtc.PeerConnection // once it has its description
	queued []webrtc.ICECandidateInit
	known  map[string]bool // taken since the last restart
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
	if q.known[c.Candidate] {
		return nil
	}
	if len(q.known) >= maxCandidates {
		return fmt.Errorf("%w: more than %d of one connection", ErrBadCandidate, maxCandidates)
	}
	if q.known == nil {
		q.known = map[string]bool{}
	}
	q.known[c.Candidate] = true
	if q.pc != nil {
		return addCandidate(q.pc, c)
	}
	q.queued = append(q.queued, c)
	return nil
}

// take adds those of a description, as far as they are any.
func (q *candidates) take(described []string) {
	for _, text := range described {
		_ = q.add(webrtc.ICECandidateInit{Candidate: text})
	}
}

// renew is called when ICE is restarted: Pion has forgotten all.
func (q *candidates) renew() {
	q.mu.Lock()
	defer q.mu.Unlock()
	clear(q.known)
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
	clear(q.known)
}

// withoutCandidates takes the candidates out of a description: they count like those that come on their own.
func withoutCandidates(text string) (rest string, described []string, err error) {
	var parsed sdp.SessionDescription
	if err := parsed.UnmarshalString(text); err != nil {
		return "", nil, err
	}
	for _, m := range parsed.MediaDescriptions {
		m.Attributes = slices.DeleteFunc(m.Attributes, func(a sdp.Attribute) bool {
			if a.Key == sdp.AttrKeyCandidate {
				described = append(described, "candidate:"+a.Value)
			}
			return a.Key == sdp.AttrKeyCandidate
		})
	}
	if described == nil {
		return text, nil, nil
	}
	b, err := parsed.Marshal()
	return string(b), described, err
}

func addCandidate(pc *webrtc.PeerConnection, c webrtc.ICECandidateInit) error {
	if err := pc.AddICECandidate(c); err != nil {
		return fmt.Errorf("%w: %w", ErrBadCandidate, err)
	}
	return nil
}

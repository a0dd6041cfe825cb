package sfu

import (
	"context"
	"fmt"

	"github.com/pion/webrtc/v4"
)

// Offer takes an offer on the publisher connection, the first or a later one (new tracks, an ICE restart), and returns
// the answer.
func (s *Server) Offer(ctx context.Context, participant, sdp string) (string, error) {
	p, err := s.peer(participant)
	if err != nil {
		return "", err
	}
	return p.pub.offer(ctx, sdp)
}

// Answer takes the answer to the last offer on the subscriber connection.
func (s *Server) Answer(participant, sdp string) error {
	p, err := s.peer(participant)
	if err != nil {
		return err
	}
	return p.sub.answer(sdp)
}

// Candidate takes one of the client's ICE candidates. It may come before the description it belongs to.
func (s *Server) Candidate(participant string, target Target, c webrtc.ICECandidateInit) error {
	p, err := s.peer(participant)
	if err != nil {
		return err
	}
	switch target {
	case Publisher:
		return p.pub.candidates.add(c)
	case Subscriber:
		return p.sub.candidates.add(c)
	}
	return fmt.Errorf("%w: target %q", ErrBadCandidate, target)
}

// SetTracks says what the publisher's media lines carry, by their mid. It may come before or after the offer; a track
// of which nothing is said is the microphone or the camera.
func (s *Server) SetTracks(participant string, sources map[string]Source) error {
	p, err := s.peer(participant)
	if err != nil {
		return err
	}
	if len(sources) > maxMediaLines {
		return fmt.Errorf("%w: more than %d tracks", ErrBadSDP, maxMediaLines)
	}
	for mid, source := range sources {
		if !source.valid() || len(mid) > maxName {
			return fmt.Errorf("%w: source %q", ErrBadSDP, source)
		}
	}
	p.room.setSources(p, sources)
	return nil
}

// SetView says which pictures the participant looks at: from now on only these cameras and screens are sent to it.
// Before the first view everything is. Sound does not depend on it. Tiles beyond 256 are ignored.
func (s *Server) SetView(participant string, tiles []Tile) error {
	p, err := s.peer(participant)
	if err != nil {
		return err
	}
	if len(tiles) > maxTiles {
		tiles = tiles[:maxTiles]
	}
	p.room.setView(p, tiles)
	return nil
}

// Allow opens or stops the forwarding of one of the participant's sources, now and for tracks still to come. While it is
// stopped not a packet of it is sent to anybody.
func (s *Server) Allow(participant string, source Source, allowed bool) {
	if p, err := s.peer(participant); err == nil {
		p.room.allow(p, source, allowed)
	}
}

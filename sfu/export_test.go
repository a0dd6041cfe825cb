package sfu

import "github.com/pion/webrtc/v4"

// DisconnectSubscriber does what happens when ICE hears nothing on a participant's subscriber connection.
func (s *Server) DisconnectSubscriber(participant string) {
	if p, err := s.peer(participant); err == nil {
		p.sub.stateChanged(webrtc.PeerConnectionStateDisconnected)
	}
}

// Bandwidth is what may be spent on a participant, in bits per second.
func (s *Server) Bandwidth(participant string) int {
	p, err := s.peer(participant)
	if err != nil {
		return 0
	}
	p.sub.path.mu.Lock()
	defer p.sub.path.mu.Unlock()
	return p.sub.path.estimate(now())
}

package sfu

import "github.com/pion/webrtc/v4"

// DisconnectSubscriber does what happens when ICE hears nothing on a participant's subscriber connection.
func (s *Server) DisconnectSubscriber(participant string) {
	if p, err := s.peer(participant); err == nil {
		p.sub.stateChanged(webrtc.PeerConnectionStateDisconnected)
	}
}

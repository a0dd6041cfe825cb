package services

import (
	"strconv"
	"time"

	"lectern/internal/wire"
)

// iceLife is how long TURN credentials count: longer than any lesson.
const iceLife = 12 * time.Hour

// ICE tells browsers which STUN and TURN servers help them to connect.
type ICE struct {
	stun, turn []string
	credential func(name string) string
	clock      Clock
}

// NewICE takes the servers' addresses and how the TURN server makes the password of a name "expiry:user", expiry in
// seconds since 1970; both lists may be empty.
func NewICE(stun, turn []string, credential func(name string) string, clock Clock) *ICE {
	return &ICE{stun: stun, turn: turn, credential: credential, clock: clock}
}

// Servers makes one user's list.
func (s *ICE) Servers(userID string) wire.ICEServers {
	list := wire.ICEServers{ICEServers: []wire.ICEServer{}, TTL: int(iceLife / time.Second)}
	if len(s.stun) > 0 {
		list.ICEServers = append(list.ICEServers, wire.ICEServer{URLs: s.stun})
	}
	if len(s.turn) > 0 {
		name := strconv.FormatInt(s.clock.Now().Add(iceLife).Unix(), 10) + ":" + userID
		list.ICEServers = append(list.ICEServers, wire.ICEServer{URLs: s.turn, Username: name, Credential: s.credential(name)})
	}
	return list
}

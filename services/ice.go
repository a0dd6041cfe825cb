package services

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"strconv"
	"time"

	"lectern/internal/wire"
)

// iceLife is how long TURN credentials count: longer than any lesson.
const iceLife = 12 * time.Hour

// ICE tells browsers which STUN and TURN servers help them to connect.
type ICE struct {
	stun, turn []string
	secret     []byte
	clock      Clock
}

// NewICE takes the servers' addresses and the secret shared with the TURN server; all may be empty.
func NewICE(stun, turn []string, secret string, clock Clock) *ICE {
	return &ICE{stun: stun, turn: turn, secret: []byte(secret), clock: clock}
}

// Servers makes one user's list. The credentials are those of draft-uberti-behave-turn-rest: the name is
// "expiry:user", the password an HMAC of it.
func (s *ICE) Servers(userID string) wire.ICEServers {
	list := wire.ICEServers{ICEServers: []wire.ICEServer{}, TTL: int(iceLife / time.Second)}
	if len(s.stun) > 0 {
		list.ICEServers = append(list.ICEServers, wire.ICEServer{URLs: s.stun})
	}
	if len(s.turn) > 0 {
		name := strconv.FormatInt(s.clock.Now().Add(iceLife).Unix(), 10) + ":" + userID
		mac := hmac.New(sha1.New, s.secret)
		mac.Write([]byte(name))
		list.ICEServers = append(list.ICEServers, wire.ICEServer{URLs: s.turn, Username: name,
			Credential: base64.StdEncoding.EncodeToString(mac.Sum(nil))})
	}
	return list
}

package ws

import "time"

// user is someone who is online: with sockets, or just gone and perhaps about to return. Hub.mu guards it.
type user struct {
	sockets  map[*Client]struct{}
	settling *time.Timer // runs after the last socket, or the last active one, has gone
	presence string      // see Hub.SetPresence
}

// active tells whether somebody is at one of the user's devices.
func (u *user) active() bool {
	for c := range u.sockets {
		if !c.away {
			return true
		}
	}
	return false
}

// settle looks again in a moment: a page that is reloaded returns within it.
func (u *user) settle(h *Hub, userID string) {
	if u.settling != nil {
		u.settling.Stop()
	}
	u.settling = time.AfterFunc(h.cfg.OfflineAfter, func() { h.settled(userID) })
}

func (h *Hub) settled(userID string) {
	h.mu.Lock()
	u := h.users[userID]
	if u == nil || h.closed {
		h.mu.Unlock()
		return
	}
	if len(u.sockets) == 0 {
		delete(h.users, userID)
	}
	h.mu.Unlock()
	h.cfg.OnPresence(userID)
}

// SetAway tells whether somebody is at this device. A user is Active who is at one of theirs.
func (c *Client) SetAway(away bool) {
	h := c.hub
	h.mu.Lock()
	u := h.users[c.userID]
	if u == nil {
		h.mu.Unlock()
		return
	}
	before := u.active()
	c.away = away
	changed := u.active() != before
	h.mu.Unlock()
	if changed {
		h.cfg.OnPresence(c.userID)
	}
}

// Online tells whether a user has a socket, or had one a moment ago.
func (h *Hub) Online(userID string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.users[userID] != nil
}

// Active tells whether a user has a socket that is not away.
func (h *Hub) Active(userID string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.users[userID]
	return u != nil && u.active()
}

// SetPresence keeps a word for a user who is online, until they are no longer, and tells whether it is another one than
// before.
func (h *Hub) SetPresence(userID, word string) (changed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.users[userID]
	if u == nil || u.presence == word {
		return false
	}
	u.presence = word
	return true
}

// Presence is the word kept for a user: "" for one who is not online, or of whom none was kept yet.
func (h *Hub) Presence(userID string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if u := h.users[userID]; u != nil {
		return u.presence
	}
	return ""
}

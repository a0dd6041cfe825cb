package services

import (
	"sync"
	"time"
)

// maxThrottled bounds the memory of a Throttle; at that many keys it starts anew.
const maxThrottled = 100_000

// Throttle slows guessing down: after some free attempts a key waits 1 s, 2 s, 4 s … up to a most. One attempt is forgotten in
// every decay, so nobody is kept out for good. A nil *Throttle allows everything.
type Throttle struct {
	free  int
	most  time.Duration
	decay time.Duration
	clock Clock

	mu   sync.Mutex // guards keys
	keys map[string]guesses
}

type guesses struct {
	count int
	since time.Time // of count; it moves on as attempts are forgotten
	next  time.Time // no attempt before
}

// NewThrottle prepares it.
func NewThrottle(free int, most, decay time.Duration, clock Clock) *Throttle {
	return &Throttle{free: free, most: most, decay: decay, clock: clock, keys: map[string]guesses{}}
}

// Attempt counts one, before it is known how it ends, or tells how long to wait.
func (t *Throttle) Attempt(key string) (wait time.Duration, ok bool) {
	if t == nil {
		return 0, true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	g := t.aged(key, now)
	if wait := g.next.Sub(now); wait > 0 {
		return wait, false
	}
	if g.count == 0 {
		g.since = now
	}
	g.count++
	if over := g.count - t.free; over >= 0 {
		g.next = now.Add(min(t.most, time.Second<<min(over, 20)))
	}
	if len(t.keys) >= maxThrottled {
		clear(t.keys)
	}
	t.keys[key] = g
	return 0, true
}

// Forgive takes an attempt that succeeded back.
func (t *Throttle) Forgive(key string) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.aged(key, t.clock.Now())
	if g.count--; g.count <= 0 {
		delete(t.keys, key)
		return
	}
	g.next = time.Time{}
	t.keys[key] = g
}

// Forget starts a key anew.
func (t *Throttle) Forget(key string) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.keys, key)
}

// aged is what is left of a key's attempts. The caller holds mu.
func (t *Throttle) aged(key string, now time.Time) guesses {
	g := t.keys[key]
	forgotten := int(now.Sub(g.since) / t.decay)
	if forgotten >= g.count {
		delete(t.keys, key)
		return guesses{next: g.next}
	}
	g.count -= forgotten
	g.since = g.since.Add(time.Duration(forgotten) * t.decay)
	return g
}

package services

import (
	"context"
	"sync"
	"time"
)

// turnstile lets one request at a time work on an upload. Who comes later asks the one before to stop: it is the same client,
// whose connection broke before the server has noticed.
type turnstile struct {
	mu     sync.Mutex // guards inside
	inside map[string]*visit
}

type visit struct {
	stop func()
	left chan struct{}
}

func newTurnstile() *turnstile { return &turnstile{inside: map[string]*visit{}} }

// patience is how long one waits for the request before to stop.
const patience = 10 * time.Second

// enter waits for one's turn, until ctx or the patience ends.
func (t *turnstile) enter(ctx context.Context, id string, stop func()) (leave func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		t.mu.Lock()
		before := t.inside[id]
		if before == nil {
			mine := &visit{stop: stop, left: make(chan struct{})}
			t.inside[id] = mine
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				delete(t.inside, id)
				t.mu.Unlock()
				close(mine.left)
			}, nil
		}
		before.stop() // under the lock: after it left, its connection belongs to the next request
		t.mu.Unlock()
		select {
		case <-before.left:
		case <-ctx.Done():
			return nil, &Error{Kind: KindLocked, Message: "Another request works on this upload. Please try again.", Cause: ctx.Err()}
		}
	}
}

package sfu

import "sync"

// outbox brings signals to one participant, one at a time and in order, from its own goroutine.
type outbox struct {
	signals Signals

	mu     sync.Mutex // guards the rest
	queue  []func(Signals)
	closed bool
	kick   chan struct{}
}

func newOutbox(s Signals) *outbox { return &outbox{signals: s, kick: make(chan struct{}, 1)} }

// send queues a call; after close it does nothing.
func (o *outbox) send(call func(Signals)) {
	o.mu.Lock()
	if !o.closed {
		o.queue = append(o.queue, call)
	}
	o.mu.Unlock()
	wake(o.kick)
}

// run makes the calls until close.
func (o *outbox) run() {
	for range o.kick {
		for {
			o.mu.Lock()
			if o.closed {
				o.mu.Unlock()
				return
			}
			if len(o.queue) == 0 {
				o.mu.Unlock()
				break
			}
			call := o.queue[0]
			o.queue = o.queue[1:]
			o.mu.Unlock()
			call(o.signals)
		}
	}
}

// close drops what is queued; a call that has begun may still end.
func (o *outbox) close() {
	o.mu.Lock()
	o.closed, o.queue = true, nil
	o.mu.Unlock()
	wake(o.kick)
}

// wake signals a channel of capacity one; several signals may become one.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

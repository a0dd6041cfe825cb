package services

import (
	"context"
	"time"
)

// lookAtLeast is how often a diary is read without a reason, should the clock be set or another server write in it.
const lookAtLeast = time.Minute

// diary lets stored work be done at its time: what is due is done now, and the rest when it is due.
type diary struct{ wake chan struct{} }

func newDiary() diary { return diary{make(chan struct{}, 1)} }

// Wake has the diary read again, as something was written in it.
func (d diary) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// follow calls do whenever something may be due, until ctx ends; next tells when that is, nil for never. An answer of do that
// is no success is its own to log.
func (d diary) follow(ctx context.Context, clock Clock, do func(ctx context.Context) bool, next func(ctx context.Context) (*time.Time, error)) {
	for ctx.Err() == nil {
		wait := lookAtLeast
		if do(ctx) {
			if at, err := next(ctx); err == nil && at != nil {
				wait = min(wait, max(0, at.Sub(clock.Now())))
			}
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-d.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// every calls do at once and then again and again, until ctx ends.
func every(ctx context.Context, interval time.Duration, do func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		do()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

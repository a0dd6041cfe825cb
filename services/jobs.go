package services

import (
	"context"
	"time"
)

// Job is work in the background that goes on as long as the program runs.
type Job struct {
	Name string // in the log and in the metrics
	Run  func(ctx context.Context, did Did)
}

// Did hears of every turn of a job, from the job's goroutine: how long it took and what went wrong. Logging is its business.
type Did func(took time.Duration, err error)

// turn does a job's work once.
func (did Did) turn(ctx context.Context, do func(context.Context) error) error {
	start := time.Now()
	err := do(ctx)
	if ctx.Err() == nil { // else it was stopped, which is neither success nor failure
		did(time.Since(start), err)
	}
	return err
}

// every calls do at once and then again and again, until ctx ends.
func every(ctx context.Context, interval time.Duration, did Did, do func(context.Context) error) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for ctx.Err() == nil {
		_ = did.turn(ctx, do)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

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

// follow calls do whenever something may be due, until ctx ends; next tells when that is, nil for never.
func (d diary) follow(ctx context.Context, clock Clock, did Did, do func(context.Context) error, next func(context.Context) (*time.Time, error)) {
	for ctx.Err() == nil {
		wait := lookAtLeast
		if did.turn(ctx, do) == nil {
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

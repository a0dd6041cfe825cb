package services

import (
	"cmp"
	"sync"
	"time"
)

// tellEvery is the least time between two events of the same state that changes with what people say.
const tellEvery = time.Second

// pace is when such a state was told last.
type pace struct {
	every time.Duration // instead of tellEvery, unless 0
	told  time.Time
	timer Timer // of the next time, or nil
}

// soon runs tell now, or when its time has passed since the last time. The caller holds mu, which guards the pace, and so does tell's.
func (p *pace) soon(clock Clock, mu sync.Locker, tell func()) {
	if p.timer != nil {
		return // soon anyway
	}
	now := clock.Now()
	if wait := cmp.Or(p.every, tellEvery) - now.Sub(p.told); wait > 0 {
		p.timer = clock.AfterFunc(wait, func() {
			mu.Lock()
			defer mu.Unlock()
			p.timer, p.told = nil, clock.Now()
			tell()
		})
		return
	}
	p.told = now
	tell()
}

func (p *pace) stop() {
	if p.timer != nil {
		p.timer.Stop()
	}
}

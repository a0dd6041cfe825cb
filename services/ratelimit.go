package services

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// RateLimit counts events per key. A nil *RateLimit allows everything.
type RateLimit struct {
	limit rate.Limit
	burst int
	clock Clock

	mu    sync.Mutex // guards keys and swept
	keys  map[string]*rate.Limiter
	swept time.Time
}

// NewRateLimit allows burst events at once and then perSecond of them per key.
func NewRateLimit(perSecond float64, burst int, clock Clock) *RateLimit {
	return &RateLimit{limit: rate.Limit(perSecond), burst: burst, clock: clock, keys: map[string]*rate.Limiter{}}
}

// Allow takes one event from a key, or tells how long to wait for the next.
func (r *RateLimit) Allow(key string) (wait time.Duration, ok bool) {
	if r == nil {
		return 0, true
	}
	now := r.clock.Now()
	r.mu.Lock()
	r.sweep(now)
	limiter := r.keys[key]
	if limiter == nil {
		limiter = rate.NewLimiter(r.limit, r.burst)
		r.keys[key] = limiter
	}
	r.mu.Unlock()
	if limiter.AllowN(now, 1) {
		return 0, true
	}
	missing := 1 - limiter.TokensAt(now)
	return time.Duration(missing / float64(r.limit) * float64(time.Second)), false
}

// sweep forgets, once a minute, the keys whose allowance is full again.
func (r *RateLimit) sweep(now time.Time) {
	if now.Sub(r.swept) < time.Minute {
		return
	}
	r.swept = now
	for key, limiter := range r.keys {
		if limiter.TokensAt(now) >= float64(r.burst) {
			delete(r.keys, key)
		}
	}
}

package sfu

import (
	"sync/atomic"
	"time"
)

// keyframeInterval is the least time between two requests to one encoder.
const keyframeInterval = 500 * time.Millisecond

// keyframes gathers the requests of all who wait for a picture of one layer. It is asked from many goroutines.
type keyframes struct {
	wanted atomic.Bool
	last   atomic.Int64 // when the encoder was asked, nanoseconds
}

// want notes that somebody waits and reports whether the encoder must be asked now.
func (k *keyframes) want(now int64) bool {
	k.wanted.Store(true)
	return k.due(now)
}

// due reports whether a keyframe is still awaited and the encoder may be asked (again); true counts as asked.
func (k *keyframes) due(now int64) bool {
	if !k.wanted.Load() {
		return false
	}
	last := k.last.Load()
	if last != 0 && now-last < int64(keyframeInterval) {
		return false
	}
	return k.last.CompareAndSwap(last, now)
}

// seen notes that a keyframe passed.
func (k *keyframes) seen() {
	if k.wanted.Load() {
		k.wanted.Store(false)
	}
}

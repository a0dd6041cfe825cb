package services

import (
	"hash/maphash"
	"sync"
)

// turns lets work on the same thing happen one after another; different things rarely wait for each other.
type turns struct {
	seed  maphash.Seed
	locks [64]sync.Mutex
}

func newTurns() *turns { return &turns{seed: maphash.MakeSeed()} }

// take waits for the turn of a thing; the answer ends it.
func (t *turns) take(id string) (done func()) {
	lock := &t.locks[maphash.String(t.seed, id)%uint64(len(t.locks))]
	lock.Lock()
	return lock.Unlock
}

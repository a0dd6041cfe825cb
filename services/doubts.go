package services

import (
	"context"
	"errors"
	"sync"

	"lectern/models"
)

// maxDoubts bounds the memory of doubts; at that many they are forgotten.
const maxDoubts = 10_000

// doubts remember entries of which nobody knows whether they were stored: the database went away at the commit, and what it had
// stored was not told to anybody. Their authors try again. A restart of the program needs no memory of them: everybody
// connects anew, and asks for what they missed.
type doubts struct {
	mu   sync.Mutex // guards keys
	keys map[string]struct{}
}

func doubt(authorID string, clientID *string) string {
	if clientID == nil {
		return ""
	}
	return authorID + " " + *clientID
}

// note keeps a doubt if that is what an error leaves.
func (d *doubts) note(err error, authorID string, clientID *string) {
	key := doubt(authorID, clientID)
	if key == "" || !models.Away(err) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.keys) >= maxDoubts {
		clear(d.keys)
	}
	d.keys[key] = struct{}{}
}

// settle tells whether there was one, once.
func (d *doubts) settle(authorID string, clientID *string) bool {
	key := doubt(authorID, clientID)
	d.mu.Lock()
	defer d.mu.Unlock()
	_, doubted := d.keys[key]
	delete(d.keys, key)
	return doubted
}

// resolve publishes what a retry has found, under the number that it had, if the first try left a doubt. Who knows the number
// drops it.
func (e *Entries) resolve(ctx context.Context, authorID string, clientID *string, topics []string, created models.Change, data any) error {
	if !e.doubts.settle(authorID, clientID) {
		return nil
	}
	last, err := e.store.LastChangeOf(ctx, created.Scope, created.EntityKind, created.EntityID)
	if errors.Is(err, models.ErrNotFound) { // long ago
		return nil
	}
	if err != nil {
		e.doubts.note(err, authorID, clientID)
		return err
	}
	if last.Type == created.Type { // otherwise what happened to it since was told, and whoever missed this asks for both
		e.pub.PublishChangeTo(topics, created.Scope, last.Seq, created.Type, data)
	}
	return nil
}

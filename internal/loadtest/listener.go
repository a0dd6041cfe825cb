package loadtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"time"

	"lectern/internal/wire"
)

// again is how long a listener waits before it connects once more.
const again = 500 * time.Millisecond

// listener is one window that hears of the posts. When its socket ends it opens another and asks for what it has missed, as
// every client does.
type listener struct {
	chat    *chat
	account *account
	life    context.Context // until leave
	leave   context.CancelFunc
	gone    sync.WaitGroup

	mu    sync.Mutex // guards the rest
	after int64      // the newest change of the channel that it knows
	seen  []uint64   // a bit for each post that has come
	live  []uint64   // the same for those that came by the present socket
}

// listen opens a listener that knows what happened in the channel up to after.
func (c *chat) listen(ctx context.Context, as *account, after int64) (*listener, error) {
	l := newListener(ctx, c, as, after)
	s, err := c.api.dial(ctx, as, l.hear)
	if err != nil {
		return nil, err
	}
	l.gone.Go(func() { l.follow(s) })
	return l, nil
}

func newListener(ctx context.Context, c *chat, as *account, after int64) *listener {
	l := &listener{chat: c, account: as, after: after, seen: make([]uint64, len(c.sent)/64+1), live: make([]uint64, len(c.sent)/64+1)}
	l.life, l.leave = context.WithCancel(context.WithoutCancel(ctx))
	return l
}

// close ends a listener.
func (l *listener) close() {
	l.leave()
	l.gone.Wait()
}

// follow keeps a socket open until leave.
func (l *listener) follow(s *socket) {
	for {
		select {
		case <-l.life.Done():
			s.close()
			return
		case <-s.done:
			s.close()
		}
		l.chat.ended(s.err)
		for s = nil; s == nil; {
			if wait(l.life, again) != nil {
				return
			}
			var err error
			if s, err = l.resume(); err != nil && l.life.Err() == nil {
				l.chat.fail(fmt.Errorf("connecting again: %w", err))
			}
		}
	}
}

// resume opens another socket and asks for what came in between.
func (l *listener) resume() (*socket, error) {
	patience, cancel := context.WithTimeout(l.life, l.chat.options.Patience)
	defer cancel()
	l.mu.Lock()
	clear(l.live)
	after := l.after
	l.mu.Unlock()
	s, err := l.chat.api.dial(patience, l.account, l.hear)
	if err == nil {
		err = l.catchUp(patience, after)
	}
	if err != nil && s != nil {
		s.close()
		return nil, err
	}
	return s, err
}

var errTooLong = errors.New("too much was missed to be told again")

// catchUp asks for what happened in the channel after a change.
func (l *listener) catchUp(ctx context.Context, after int64) error {
	for {
		var missed struct {
			wire.Changes
			Items []struct {
				Seq  int64           `json:"seq"`
				Type string          `json:"type"`
				Data json.RawMessage `json:"data"`
			} `json:"items"`
		}
		query := url.Values{"scope": {l.chat.scope()}, "after": {strconv.FormatInt(after, 10)}}
		if err := l.chat.api.do(ctx, l.account, "GET", "/api/v1/changes?"+query.Encode(), nil, &missed); err != nil {
			return err
		}
		if missed.Reset {
			return errTooLong
		}
		for _, item := range missed.Items {
			l.take(frame{Type: item.Type, Data: item.Data, Seq: item.Seq}, nil)
		}
		if after = missed.Seq; !missed.More {
			return nil
		}
	}
}

// hear takes an event of the socket, on its goroutine.
func (l *listener) hear(f frame) { l.take(f, l.live) }

// take counts a post that has come, and one that comes twice by the same socket, whose posts are live; nil: it was asked for.
func (l *listener) take(f frame, live []uint64) {
	c := l.chat
	n, ok := c.number(f)
	if !ok {
		return
	}
	at := clock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if live != nil {
		l.after = max(l.after, f.Seq)
		if mark(live, n) {
			c.doubled.Add(1)
		}
	}
	if !mark(l.seen, n) {
		c.arrive.add(at - time.Duration(c.sent[n].Load()))
		c.lastDelivery.Store(int64(at))
		c.delivered.Add(1)
	}
}

// mark sets a bit, and tells whether it was set.
func mark(bits []uint64, n int) (was bool) {
	bit := uint64(1) << (n % 64)
	was = bits[n/64]&bit != 0
	bits[n/64] |= bit
	return was
}

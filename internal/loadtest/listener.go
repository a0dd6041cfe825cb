package loadtest

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"strconv"
	"sync"
	"time"

	"lectern/internal/wire"
)

// A listener waits at least so long before it connects once more, and after each failure up to twice as long as before.
const (
	again     = 500 * time.Millisecond
	mostAgain = 8 * time.Second
)

// listener is one window that hears of the posts. When its socket ends it opens another and asks for what it has missed, as
// every client does.
type listener struct {
	chat    *chat
	account *account
	life    context.Context // until leave
	leave   context.CancelFunc
	gone    sync.WaitGroup

	mu     sync.Mutex // guards the rest
	after  int64      // it knows the changes of the channel up to this one
	newest int64      // the newest that came by the present socket
	behind bool       // what happened before that socket is still to be asked for
	seen   []uint64   // a bit for each post that has come
	live   []uint64   // the same for those that came by the present socket
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
		if s = l.comeBack(); s == nil {
			return
		}
	}
}

// comeBack tries until it has another socket and knows what it missed; nil: it is to leave.
func (l *listener) comeBack() *socket {
	l.chat.away.Add(1)
	for most := again; ; most = min(2*most, mostAgain) {
		if wait(l.life, again+rand.N(most)) != nil {
			return nil
		}
		s, err := l.resume()
		if err == nil {
			l.chat.away.Add(-1)
			return s
		}
		l.chat.refused(err)
	}
}

// resume opens another socket and asks for what came in between.
func (l *listener) resume() (*socket, error) {
	patience, cancel := context.WithTimeout(l.life, l.chat.options.Patience)
	defer cancel()
	l.mu.Lock()
	clear(l.live)
	l.newest, l.behind = 0, true
	l.mu.Unlock()
	s, err := l.chat.api.dial(patience, l.account, l.hear)
	if err != nil {
		return nil, err
	}
	if err := l.catchUp(patience); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// catchUp asks for what happened in the channel since the last change that is known, and counts as known what the socket told meanwhile.
func (l *listener) catchUp(ctx context.Context) error {
	for {
		l.mu.Lock()
		after := l.after
		l.mu.Unlock()
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
			if err := l.reload(ctx); err != nil {
				return err
			}
		}
		for _, item := range missed.Items {
			l.take(frame{Type: item.Type, Data: item.Data, Seq: item.Seq}, nil)
		}
		l.mu.Lock()
		l.after = missed.Seq
		if !missed.More {
			l.after, l.behind = max(l.after, l.newest), false
		}
		l.mu.Unlock()
		if !missed.More {
			return nil
		}
	}
}

// reload asks for the posts themselves, where too much was missed to be told again.
func (l *listener) reload(ctx context.Context) error {
	for query := (url.Values{"limit": {"100"}}); ; {
		var page wire.List[json.RawMessage]
		path := "/api/v1/channels/" + l.chat.class.channel.ID + "/posts?" + query.Encode()
		if err := l.chat.api.do(ctx, l.account, "GET", path, nil, &page); err != nil {
			return err
		}
		for _, post := range page.Items {
			l.take(frame{Type: wire.EventPostCreated, Data: post}, nil)
		}
		if page.NextCursor == nil {
			return nil
		}
		query.Set("before", *page.NextCursor)
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
		if l.newest = max(l.newest, f.Seq); !l.behind {
			l.after = l.newest
		}
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

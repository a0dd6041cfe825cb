package delivery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"lectern/internal/wire"
	"lectern/models"
)

// patience is how long a client waits for an answer before it tries again.
const patience = 2 * time.Second

// client is a faithful one, as PROTOCOL.md asks for: what is written waits in an outbox until the server has it, events are
// applied in the order of their numbers, and gaps are filled over GET /changes.
type client struct {
	name, userID, token string
	url                 string // of its network
	http                *http.Client
	eager               bool // sends some things twice at once, as two tabs would

	mu      sync.Mutex // guards all below
	places  map[string]*place
	outbox  map[string][]outgoing // by scope
	changed chan struct{}         // closed and replaced when something of it changes
	answers map[string]chan answer
	socket  *websocket.Conn
	next    int
	sent    []outgoing // everything ever written, in order
	counts  counts
}

// place is what a client knows of a scope.
type place struct {
	seq   int64
	items map[string]item // by id
}

// item is a post or message.
type item struct {
	id, author, body, clientID string
}

// outgoing is something written that the server does not have yet.
type outgoing struct{ scope, clientID, body string }

type answer struct {
	data   json.RawMessage
	failed *wire.ErrorFrame
}

// counts tell what a run was like.
type counts struct{ connects, retries, gaps, recovered, dropped, resets int }

func newClient(name, userID, token, url string, scopes []string) *client {
	c := &client{name: name, userID: userID, token: token, url: url, http: &http.Client{Timeout: patience, Transport: &http.Transport{}},
		places: map[string]*place{}, outbox: map[string][]outgoing{}, changed: make(chan struct{}), answers: map[string]chan answer{}}
	for _, scope := range scopes {
		c.places[scope] = &place{items: map[string]item{}}
	}
	return c
}

// write puts something into the outbox.
func (c *client) write(scope, body string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := outgoing{scope, models.NewID(), body}
	c.outbox[scope] = append(c.outbox[scope], o)
	c.sent = append(c.sent, o)
	c.notify()
}

// notify wakes who waits for changed. The caller holds mu.
func (c *client) notify() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// run keeps a socket and empties the outbox until ctx ends.
func (c *client) run(ctx context.Context) {
	var parts sync.WaitGroup
	for scope := range c.places {
		parts.Go(func() { c.deliver(ctx, scope) })
	}
	for ctx.Err() == nil {
		if err := c.connected(ctx); err != nil && ctx.Err() == nil {
			pause(ctx, 20*time.Millisecond)
		}
	}
	parts.Wait()
	c.http.CloseIdleConnections()
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// connected is one socket from its opening to its end.
func (c *client) connected(ctx context.Context) error {
	dialer := websocket.Dialer{HandshakeTimeout: patience}
	socket, res, err := dialer.DialContext(ctx, strings.Replace(c.url, "http", "ws", 1)+"/ws", nil)
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	defer socket.Close()
	unwatch := context.AfterFunc(ctx, func() { _ = socket.Close() })
	defer unwatch()
	if err := socket.WriteJSON(wire.Command{Type: "auth", ID: "auth", Data: encoded(wire.AuthCommand{AccessToken: c.token})}); err != nil {
		return err
	}
	var events sync.WaitGroup
	defer events.Wait()
	gaps := make(chan string, 1000)
	defer close(gaps)
	for {
		_ = socket.SetReadDeadline(time.Now().Add(12 * time.Second))
		var f struct {
			Type, ID, Scope string
			Seq             int64
			Data            json.RawMessage
			Error           *wire.ErrorFrame
		}
		if err := socket.ReadJSON(&f); err != nil {
			c.mu.Lock()
			if c.socket == socket {
				c.socket = nil
			}
			c.mu.Unlock()
			return err
		}
		switch {
		case f.ID == "auth":
			if f.Error != nil {
				return errors.New(f.Error.Message)
			}
			c.mu.Lock()
			c.socket = socket
			c.counts.connects++
			c.notify()
			c.mu.Unlock()
			events.Go(func() { c.catchUp(ctx) })
			events.Go(func() {
				for scope := range gaps {
					c.recover(ctx, scope)
				}
			})
		case f.Type == "ack" || f.Type == "error":
			c.mu.Lock()
			if waiting := c.answers[f.ID]; waiting != nil {
				waiting <- answer{f.Data, f.Error}
				delete(c.answers, f.ID)
			}
			c.mu.Unlock()
		case f.Seq > 0:
			if c.hear(f.Scope, f.Seq, f.Type, f.Data) {
				select {
				case gaps <- f.Scope:
				default: // it is being filled
				}
			}
		}
	}
}

// hear applies an event in its turn, and tells of a gap.
func (c *client) hear(scope string, seq int64, event string, data json.RawMessage) (gap bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.places[scope]
	switch {
	case p == nil: // of the user, which this client does not show
	case seq <= p.seq:
		c.counts.dropped++
	case seq > p.seq+1:
		c.counts.gaps++
		return true
	default:
		p.seq = seq
		p.apply(event, data)
		c.notify()
	}
	return false
}

func (p *place) apply(event string, data json.RawMessage) {
	var d struct {
		ID, Body string
		Author   wire.Profile
		ClientID *string `json:"client_id"`
	}
	if json.Unmarshal(data, &d) != nil {
		return
	}
	switch event {
	case wire.EventPostCreated, wire.EventPostUpdated, wire.EventMessageCreated, wire.EventMessageUpdated:
		it := item{id: d.ID, author: d.Author.ID, body: d.Body}
		if d.ClientID != nil {
			it.clientID = *d.ClientID
		}
		p.items[d.ID] = it
	case wire.EventPostDeleted, wire.EventMessageDeleted:
		delete(p.items, d.ID)
	}
}

// catchUp asks what is new after a connection.
func (c *client) catchUp(ctx context.Context) {
	var heads wire.Heads
	if !c.persist(ctx, func() error { return c.get(ctx, "/changes/heads", &heads) }) {
		return
	}
	for scope := range c.places {
		c.mu.Lock()
		behind := c.places[scope].seq != heads.Heads[scope]
		c.mu.Unlock()
		if behind {
			c.recover(ctx, scope)
		}
	}
}

// persist tries until it works, or the socket that asked for it is gone.
func (c *client) persist(ctx context.Context, try func() error) bool {
	for ctx.Err() == nil {
		if try() == nil {
			return true
		}
		c.mu.Lock()
		alive := c.socket != nil
		c.mu.Unlock()
		if !alive {
			return false // the next connection catches up
		}
		pause(ctx, 20*time.Millisecond)
	}
	return false
}

// recover fills a gap.
func (c *client) recover(ctx context.Context, scope string) {
	for more := true; more; {
		c.mu.Lock()
		after := c.places[scope].seq
		c.mu.Unlock()
		var changes wire.Changes
		ok := c.persist(ctx, func() error {
			changes = wire.Changes{}
			return c.get(ctx, fmt.Sprintf("/changes?scope=%s&after=%d&limit=100", scope, after), &changes)
		})
		if !ok {
			return
		}
		if changes.Reset {
			c.refetch(ctx, scope, changes.Seq)
			return
		}
		c.mu.Lock()
		p := c.places[scope]
		for _, change := range changes.Items {
			if change.Seq > p.seq {
				p.apply(change.Type, encoded(change.Data))
				c.counts.recovered++
			}
		}
		p.seq = max(p.seq, changes.Seq)
		more = changes.More
		c.notify()
		c.mu.Unlock()
	}
}

// refetch reads a place anew.
func (c *client) refetch(ctx context.Context, scope string, seq int64) {
	items := map[string]item{}
	if !c.persist(ctx, func() error { return c.list(ctx, scope, func(it item) { items[it.id] = it }) }) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.places[scope]; seq > p.seq {
		p.seq = seq
		maps.Copy(p.items, items)
	}
	c.counts.resets++
	c.notify()
}

// list reads all entries of a scope.
func (c *client) list(ctx context.Context, scope string, each func(item)) error {
	for before := ""; ; {
		var page wire.List[struct {
			ID, Body string
			Author   wire.Profile
			ClientID *string `json:"client_id"`
		}]
		if err := c.get(ctx, pathOf(scope)+"?limit=100"+before, &page); err != nil {
			return err
		}
		for _, d := range page.Items {
			it := item{id: d.ID, author: d.Author.ID, body: d.Body}
			if d.ClientID != nil {
				it.clientID = *d.ClientID
			}
			each(it)
		}
		if page.NextCursor == nil {
			return nil
		}
		before = "&before=" + *page.NextCursor
	}
}

func pathOf(scope string) string {
	kind, id, _ := strings.Cut(scope, ":")
	if kind == "channel" {
		return "/channels/" + id + "/posts"
	}
	return "/conversations/" + id + "/messages"
}

// deliver sends what is written in one place, one after the other, each until the server has it.
func (c *client) deliver(ctx context.Context, scope string) {
	for ctx.Err() == nil {
		c.mu.Lock()
		waiting, changed, again := c.outbox[scope], c.changed, c.eager
		c.mu.Unlock()
		if len(waiting) == 0 {
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		if again { // as another tab does that does not know of this one
			go func() { _ = c.send(ctx, waiting[0]) }()
		}
		if c.send(ctx, waiting[0]) != nil {
			c.mu.Lock()
			c.counts.retries++
			c.mu.Unlock()
			pause(ctx, 10*time.Millisecond)
			continue
		}
		c.mu.Lock()
		c.outbox[scope] = c.outbox[scope][1:]
		c.notify()
		c.mu.Unlock()
	}
}

func (c *client) send(ctx context.Context, o outgoing) error {
	if kind, id, _ := strings.Cut(o.scope, ":"); kind == "conversation" {
		return c.command(ctx, "message.send", wire.MessageSend{ConversationID: id,
			CreateMessageRequest: wire.CreateMessageRequest{Body: o.body, ClientID: o.clientID}})
	}
	return c.ask(ctx, "POST", pathOf(o.scope), wire.CreateEntryRequest{Body: o.body, ClientID: o.clientID}, nil)
}

// command sends one on the socket and waits for its answer.
func (c *client) command(ctx context.Context, kind string, data any) error {
	answered := make(chan answer, 1)
	c.mu.Lock()
	c.next++
	id := fmt.Sprintf("c%d", c.next)
	if c.socket == nil {
		c.mu.Unlock()
		return errors.New("not connected")
	}
	c.answers[id] = answered
	_ = c.socket.SetWriteDeadline(time.Now().Add(patience))
	err := c.socket.WriteJSON(wire.Command{Type: kind, ID: id, Data: encoded(data)})
	c.mu.Unlock()
	if err != nil {
		return err
	}
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case a := <-answered:
		if a.failed != nil {
			return errors.New(a.failed.Message)
		}
		return nil
	case <-timeout.C:
		return errors.New("no answer")
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *client) get(ctx context.Context, path string, out any) error {
	return c.ask(ctx, "GET", path, nil, out)
}

func (c *client) ask(ctx context.Context, method, path string, body, out any) error {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(encoded(body))
	}
	req, err := http.NewRequestWithContext(ctx, method, c.url+"/api/v1"+path, reader)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %d %s", method, path, res.StatusCode, raw)
	}
	if err == nil && out != nil {
		err = json.Unmarshal(raw, out)
	}
	return err
}

// shown lists what a client shows of a place, the oldest first.
func (c *client) shown(scope string) []item {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.SortedFunc(maps.Values(c.places[scope].items), func(a, b item) int { return strings.Compare(a.id, b.id) })
}

func encoded(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

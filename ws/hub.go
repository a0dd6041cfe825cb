// Package ws moves JSON frames between sockets and topics without knowing what they mean. A Hub has the sockets of this
// process and who follows what; a Client is one socket with one reader, one writer and one bounded queue.
package ws

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"lectern/internal/wire"
)

// Close codes of Lectern; the others are RFC 6455's.
const (
	CloseProtocol        = 4400 // repeated breaches of the protocol
	CloseUnauthenticated = 4401 // no valid access token in the first frame, or its session has ended
	CloseResync          = 4408 // too slow, or silent: reconnect and ask for what is missing
	CloseTooMany         = 4429 // this user has too many sockets
)

// ErrTooManySockets is Identify's answer to a user at the limit.
var ErrTooManySockets = errors.New("too many sockets of one user")

// Config of a Hub. Zero values get the defaults named.
type Config struct {
	Logger       *slog.Logger
	Origins      []string            // hosts ("example.org", "example.org:8443") allowed beside the request's own
	Heartbeat    time.Duration       // between pings, 5 s
	ReadTimeout  time.Duration       // without any frame, 12 s
	WriteTimeout time.Duration       // of one frame, 5 s
	AuthTimeout  time.Duration       // until Identify, 5 s
	OfflineAfter time.Duration       // a user stays online so long after the last socket, 3 s
	Queue        int                 // frames that may wait for one socket, 256
	PerUser      int                 // sockets of one user, 20
	RateLimits   bool                // 50 commands a second in bursts of 200 from one socket
	OnPresence   func(userID string) // Online(userID) may have changed
	now          func() time.Time    // of the limits that count, for tests
}

func (c *Config) setDefaults() {
	setDefault(&c.Logger, slog.Default())
	setDefault(&c.Heartbeat, 5*time.Second)
	setDefault(&c.ReadTimeout, 12*time.Second)
	setDefault(&c.WriteTimeout, 5*time.Second)
	setDefault(&c.AuthTimeout, 5*time.Second)
	setDefault(&c.OfflineAfter, 3*time.Second)
	setDefault(&c.Queue, 256)
	setDefault(&c.PerUser, 20)
	if c.OnPresence == nil {
		c.OnPresence = func(string) {}
	}
	if c.now == nil {
		c.now = time.Now
	}
}

func setDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

// Handler does something with the frames of one socket. Calls come from the socket's reader, one at a time.
type Handler interface {
	// Command is called for each well-formed frame; received is when it was read.
	Command(cmd wire.Command, received time.Time)
	// Closed is called once, last.
	Closed(ending Ending)
}

// Hub has the sockets of this process.
type Hub struct {
	cfg      Config
	upgrader websocket.Upgrader
	running  sync.WaitGroup // one per socket, and one per writer
	counters counters

	mu      sync.Mutex // guards all below, the topics of each client, and the order of events
	closed  bool
	clients map[*Client]struct{}
	topics  map[string]map[*Client]struct{}
	users   map[string]*user
}

// New makes a hub; Close ends it.
func New(cfg Config) *Hub {
	cfg.setDefaults()
	h := &Hub{
		cfg:     cfg,
		clients: map[*Client]struct{}{},
		topics:  map[string]map[*Client]struct{}{},
		users:   map[string]*user{},
	}
	h.upgrader = websocket.Upgrader{
		HandshakeTimeout: cfg.AuthTimeout,
		ReadBufferSize:   1024, // one per socket; most frames are small
		WriteBufferSize:  2048,
		WriteBufferPool:  &sync.Pool{},
		CheckOrigin:      h.checkOrigin,
	}
	return h
}

// checkOrigin keeps other sites' pages out. Programs that are no browsers send no Origin.
func (h *Hub) checkOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	for _, host := range append([]string{r.Host}, h.cfg.Origins...) {
		if strings.EqualFold(u.Host, host) {
			return true
		}
	}
	return false
}

// Serve upgrades the request and lets the socket run until it ends; it does not wait for that, so that nothing of the
// request has to stay in memory. When the upgrade fails the response is already written.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, handler func(*Client) Handler) error {
	conn, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return err
	}
	c := newClient(h, conn)
	if !h.add(c) {
		return conn.Close()
	}
	go c.run(handler(c))
	return nil
}

func (h *Hub) add(c *Client) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.clients[c] = struct{}{}
	h.running.Add(1)
	return true
}

// identify ties a client to its user and session.
func (h *Hub) identify(c *Client, userID, sessionID string) error {
	h.mu.Lock()
	c.session = sessionID
	if c.userID != "" {
		h.mu.Unlock()
		return nil
	}
	u := h.users[userID]
	if u == nil {
		u = &user{sockets: map[*Client]struct{}{}}
		h.users[userID] = u
	}
	if len(u.sockets) >= h.cfg.PerUser {
		h.mu.Unlock()
		return ErrTooManySockets
	}
	if u.settling != nil {
		u.settling.Stop()
		u.settling = nil
	}
	wasActive := u.active()
	u.sockets[c] = struct{}{}
	c.userID = userID
	h.mu.Unlock()
	if !wasActive {
		h.cfg.OnPresence(userID)
	}
	return nil
}

// remove forgets a client that has ended.
func (h *Hub) remove(c *Client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients, c)
	for topic := range c.topics {
		h.unfollow(c, topic)
	}
	u := h.users[c.userID]
	if u == nil {
		return
	}
	delete(u.sockets, c)
	if !u.active() && !h.closed {
		u.settle(h, c.userID)
	}
}

const sessionEnded = "the session has ended" // as a close frame says it

// Disconnect closes the sockets of a user's session, or all of the user's when sessionID is empty, with 4401.
func (h *Hub) Disconnect(userID, sessionID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if u := h.users[userID]; u != nil {
		for c := range u.sockets {
			if sessionID == "" || c.session == sessionID {
				c.Close(CloseUnauthenticated, sessionEnded)
			}
		}
	}
}

// Follow makes the user's present sockets follow a topic. A socket that comes later is told its topics by its owner,
// through Client.Start.
func (h *Hub) Follow(userID, topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if u := h.users[userID]; u != nil {
		for c := range u.sockets {
			delete(c.dropped, topic)
			h.follow(c, topic)
		}
	}
}

// Unfollow ends what Follow began.
func (h *Hub) Unfollow(userID, topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if u := h.users[userID]; u != nil {
		for c := range u.sockets {
			if c.dropped != nil {
				c.dropped[topic] = struct{}{}
			}
			h.unfollow(c, topic)
		}
	}
}

func (h *Hub) follow(c *Client, topic string) {
	if _, present := h.clients[c]; !present {
		return // ended meanwhile
	}
	followers := h.topics[topic]
	if followers == nil {
		followers = map[*Client]struct{}{}
		h.topics[topic] = followers
	}
	followers[c] = struct{}{}
	c.topics[topic] = struct{}{}
}

func (h *Hub) unfollow(c *Client, topic string) {
	delete(c.topics, topic)
	followers := h.topics[topic]
	delete(followers, c)
	if len(followers) == 0 {
		delete(h.topics, topic)
	}
}

// Publish encodes an event once and queues the same bytes to every socket that follows the topic.
func (h *Hub) Publish(topic, event string, data any) {
	h.publish("", wire.Event{Type: event, Data: data}, topic)
}

// PublishChange is Publish for a durable event: it carries its topic as its scope, and the number that it has there.
func (h *Hub) PublishChange(topic string, seq int64, event string, data any) {
	h.publish("", wire.Event{Type: event, Data: data, Scope: topic, Seq: seq}, topic)
}

// PublishChangeTo is PublishChange for a scope that has no followers of its own: it reaches those of some topics, each
// socket once.
func (h *Hub) PublishChangeTo(topics []string, scope string, seq int64, event string, data any) {
	h.publish("", wire.Event{Type: event, Data: data, Scope: scope, Seq: seq}, topics...)
}

// PublishState is Publish for state of which only the latest matters: it takes the place of an earlier one of the same
// topic and key that a socket has not been sent yet.
func (h *Hub) PublishState(topic, key, event string, data any) {
	h.publish(topic+" "+key, wire.Event{Type: event, Data: data}, topic)
}

// PublishStateTo is PublishState for several topics; it reaches each socket that follows one of them once. The key alone names
// the state.
func (h *Hub) PublishStateTo(topics []string, key, event string, data any) {
	h.publish(key, wire.Event{Type: event, Data: data}, topics...)
}

func (h *Hub) publish(state string, event wire.Event, topics ...string) {
	if !h.followed(topics) {
		return
	}
	prepared, err := encodeEvent(event)
	if err != nil {
		h.cfg.Logger.Error("event not encoded", "event", event.Type, "err", err)
		return
	}
	it := item{prepared: prepared, state: state}
	h.mu.Lock()
	defer h.mu.Unlock()
	var had map[*Client]struct{} // those who follow several of many topics
	if len(topics) > fewTopics {
		had = map[*Client]struct{}{}
	}
	for i, topic := range topics {
		for c := range h.topics[topic] {
			if had != nil {
				if _, again := had[c]; again {
					continue
				}
				had[c] = struct{}{}
			} else if c.followsAny(topics[:i]) {
				continue
			}
			c.queue.push(it)
		}
	}
}

// fewTopics: of so many it is quicker to look whether a client follows an earlier one than to remember everybody.
const fewTopics = 4

// followed tells whether an event would reach anybody.
func (h *Hub) followed(topics []string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, topic := range topics {
		if len(h.topics[topic]) > 0 {
			return true
		}
	}
	return false
}

// followsAny needs hub.mu.
func (c *Client) followsAny(topics []string) bool {
	for _, topic := range topics {
		if _, follows := c.topics[topic]; follows {
			return true
		}
	}
	return false
}

func encodeEvent(event wire.Event) (*websocket.PreparedMessage, error) {
	event.At = wire.At(time.Now())
	b, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	return websocket.NewPreparedMessage(websocket.TextMessage, b)
}

// Broadcast sends an event to every identified socket.
func (h *Hub) Broadcast(event string, data any) {
	prepared, err := encodeEvent(wire.Event{Type: event, Data: data})
	if err != nil {
		h.cfg.Logger.Error("event not encoded", "event", event, "err", err)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range h.users {
		for c := range u.sockets {
			c.queue.push(item{prepared: prepared})
		}
	}
}

// Heartbeat is the time between pings.
func (h *Hub) Heartbeat() time.Duration { return h.cfg.Heartbeat }

// Sockets counts those open now.
func (h *Hub) Sockets() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.clients)
}

// Close takes no more sockets, closes those there are with 1012 (service restart) and waits for them until ctx ends; the
// rest is cut off. It may be called twice.
func (h *Hub) Close(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
	for _, u := range h.users {
		if u.settling != nil {
			u.settling.Stop()
		}
	}
	for c := range h.clients {
		c.Close(websocket.CloseServiceRestart, "restarting")
	}
	h.mu.Unlock()
	done := make(chan struct{})
	go func() { h.running.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	h.mu.Lock()
	for c := range h.clients {
		_ = c.conn.Close()
	}
	h.mu.Unlock()
	<-done
	return ctx.Err()
}

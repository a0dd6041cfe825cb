package ws

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"lectern/internal/wire"
)

// Ending tells how a socket ended.
type Ending int

// The endings.
const (
	EndedByPeer    Ending = iota + 1 // a close frame: normal, going away, or without a code
	EndedByError                     // the connection broke, or was closed with another code
	EndedByTimeout                   // nothing was heard for the read timeout; closed with CloseResync
	EndedByServer                    // Client.Close
	EndedBySession                   // Hub.Disconnect
	EndedTooLarge                    // a frame over MaxSDPFrame
)

// A socket that breaks the protocol so often within a minute is closed.
const (
	maxBreaches   = 10
	breachesAfter = time.Minute
)

const (
	closeWait = time.Second // how long the peer has to answer a close frame
	maxDrain  = 4 << 20     // bytes read and thrown away after a close frame, so that the peer reads it
)

// Client is one socket. Its methods may be called from anywhere and never block on the network. While nothing happens it
// holds one goroutine, its reader; a writer comes when something is queued and goes when all is sent.
type Client struct {
	hub      *Hub
	conn     *websocket.Conn
	queue    *queue
	writer   func()        // write, made once: starting it allocates nothing
	limiter  *rate.Limiter // nil without limits
	lastSeen atomic.Int64  // Unix nanoseconds of the last frame, pongs included
	closeBy  atomic.Int64  // Unix nanoseconds: when the peer has had its time to answer the close frame; 0 before it was sent
	identity *time.Timer   // closes a socket that nobody identifies
	knownBy  time.Time     // when identity runs out; the reader's alone
	known    atomic.Bool   // Identify was called
	heart    *time.Timer   // pings
	breaches []time.Time   // of the last minute; the reader's alone

	userID  string              // written once, by Identify; guarded by hub.mu
	session string              // written by Identify; guarded by hub.mu
	away    bool                // see SetAway; guarded by hub.mu
	topics  map[string]struct{} // guarded by hub.mu
	dropped map[string]struct{} // what Hub.Unfollow took away before Start; guarded by hub.mu, nil afterwards
}

func newClient(h *Hub, conn *websocket.Conn) *Client {
	c := &Client{hub: h, conn: conn, topics: map[string]struct{}{}, dropped: map[string]struct{}{}}
	c.writer = c.write
	c.queue = newQueue(h.cfg.Queue, c.startWriter)
	if h.cfg.RateLimits {
		c.limiter = rate.NewLimiter(50, 200)
	}
	return c
}

// Identify ties the socket to its user, who is online from now on, and to the session that Hub.Disconnect may name. It ends
// the wait for authentication. A later call, with the same user, changes the session.
func (c *Client) Identify(userID, sessionID string) error {
	c.known.Store(true)
	c.identity.Stop()
	return c.hub.identify(c, userID, sessionID)
}

// Start follows the topics that the user had a moment ago, without those that Hub.Unfollow has taken away since Identify.
func (c *Client) Start(topics []string) {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	for _, topic := range topics {
		if _, dropped := c.dropped[topic]; !dropped {
			c.hub.follow(c, topic)
		}
	}
	c.dropped = nil
}

// Follow makes this socket alone follow topics.
func (c *Client) Follow(topics ...string) {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	for _, topic := range topics {
		c.hub.follow(c, topic)
	}
}

// Unfollow ends Follow. What is already queued still arrives.
func (c *Client) Unfollow(topics ...string) {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	for _, topic := range topics {
		c.hub.unfollow(c, topic)
	}
}

// LastSeen is when the last frame came in.
func (c *Client) LastSeen() time.Time { return time.Unix(0, c.lastSeen.Load()) }

// Ack answers a command.
func (c *Client) Ack(id string, data any) {
	c.queue.push(item{encode: func() []byte { return c.encode(wire.Ack{Type: "ack", ID: id, Data: data}) }})
}

// AckUrgent answers ahead of everything queued; data is called at the moment of writing.
func (c *Client) AckUrgent(id string, data func() any) {
	c.queue.pushUrgent(item{encode: func() []byte { return c.encode(wire.Ack{Type: "ack", ID: id, Data: data()}) }})
}

// Error answers a command that failed.
func (c *Client) Error(id string, e wire.ErrorFrame) {
	c.queue.push(item{encode: func() []byte { return c.encode(wire.CommandError{Type: "error", ID: id, Error: e}) }})
}

// Close sends what is queued, then a close frame. The first call wins.
func (c *Client) Close(code int, reason string) { c.queue.close(code, reason) }

func (c *Client) encode(frame any) []byte {
	b, err := json.Marshal(frame)
	if err != nil {
		c.hub.cfg.Logger.Error("answer not encoded", "err", err)
		c.Close(websocket.CloseInternalServerErr, "internal error")
	}
	return b
}

// run reads until the socket ends.
func (c *Client) run(handler Handler) {
	defer c.hub.running.Done()
	c.seen()
	c.conn.SetReadLimit(MaxSDPFrame)
	c.conn.SetPongHandler(func(string) error { c.seen(); return nil })
	c.conn.SetPingHandler(func(data string) error {
		c.seen()
		_ = c.conn.WriteControl(websocket.PongMessage, []byte(data), c.writeDeadline())
		return nil
	})
	c.knownBy = time.Now().Add(c.hub.cfg.AuthTimeout)
	c.identity = time.AfterFunc(c.hub.cfg.AuthTimeout, func() { c.Close(CloseUnauthenticated, "no authentication in time") })
	c.heart = time.AfterFunc(c.hub.cfg.Heartbeat, c.beat)

	c.hub.counters.opened.Add(1)
	ending := c.readSafely(handler)
	if code, _ := c.queue.ending(); code == CloseResync {
		c.hub.counters.tooSlow.Add(1)
	}
	c.queue.abandon()
	switch ending {
	case EndedTooLarge:
		c.drain()
	case EndedByTimeout:
		c.giveUp()
	}
	_ = c.conn.Close()
	c.identity.Stop()
	c.heart.Stop()
	c.hub.remove(c)
	handler.Closed(ending)
}

// drain reads what is still under way of a frame that was too large: closing over unread bytes resets the connection, and the
// peer would lose the close frame that tells it why.
func (c *Client) drain() {
	conn := c.conn.NetConn()
	_ = conn.SetReadDeadline(time.Now().Add(closeWait))
	if half, ok := conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_, _ = io.CopyN(io.Discard, conn, maxDrain)
	}
}

// giveUp tells a peer that did not answer in time why its socket ends: it may be alive and only behind, with much to read before the
// ping and this frame.
func (c *Client) giveUp() {
	frame := websocket.FormatCloseMessage(CloseResync, "not heard of in time")
	_ = c.conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeWait)) // of no use to one that is gone
}

// readSafely ends the socket, and not the program, when a command panics.
func (c *Client) readSafely(handler Handler) (ending Ending) {
	defer func() {
		if p := recover(); p != nil {
			c.hub.cfg.Logger.Error("a command panicked", "panic", p, "stack", string(debug.Stack()))
			ending = EndedByError
		}
	}()
	return c.read(handler)
}

// seen extends the life of the socket; only the reader calls it.
func (c *Client) seen() {
	now := time.Now()
	c.lastSeen.Store(now.UnixNano())
	c.extend(now)
}

func (c *Client) extend(from time.Time) {
	_ = c.conn.SetReadDeadline(from.Add(c.hub.cfg.ReadTimeout))
	if by := c.closeBy.Load(); by != 0 { // after a close frame nothing prolongs it
		_ = c.conn.SetReadDeadline(time.Unix(0, by))
	}
}

func (c *Client) read(handler Handler) Ending {
	for {
		for c.queue.busy() {
			<-c.queue.eased
			c.extend(time.Now()) // what came meanwhile was not read, so the peer cannot be called silent
		}
		kind, frame, err := c.conn.ReadMessage()
		if err != nil {
			return c.ending(err)
		}
		received := time.Now()
		c.hub.counters.received.Add(1)
		c.seen()
		if c.queue.isClosed() {
			continue // until the peer answers the close frame
		}
		if kind != websocket.TextMessage {
			c.Breach("", errBinary.ErrorFrame)
			continue
		}
		cmd, err := ParseCommand(frame)
		var refused *frameError
		switch {
		case errors.As(err, &refused):
			c.Breach(cmd.ID, refused.ErrorFrame)
		case c.limiter != nil && !c.limiter.Allow():
			c.Error(cmd.ID, wire.ErrorFrame{Code: "rate_limited", Message: "Too many commands; slow down.", Status: http.StatusTooManyRequests})
		default:
			c.carryOut(handler, cmd, received)
		}
	}
}

// carryOut stops the wait for authentication meanwhile: what a busy server takes for it is not the peer's time.
func (c *Client) carryOut(handler Handler, cmd wire.Command, received time.Time) {
	waiting, left := !c.known.Load() && c.identity.Stop(), time.Until(c.knownBy)
	handler.Command(cmd, received)
	if waiting && !c.known.Load() {
		c.knownBy = time.Now().Add(left)
		c.identity.Reset(left)
	}
}

func (c *Client) ending(err error) Ending {
	var closed *websocket.CloseError
	var timeout net.Error
	switch {
	case errors.Is(err, websocket.ErrReadLimit):
		return EndedTooLarge
	case c.queue.isClosed():
		if _, reason := c.queue.ending(); reason == sessionEnded {
			return EndedBySession
		}
		return EndedByServer
	case errors.As(err, &closed) && (closed.Code == websocket.CloseNormalClosure || closed.Code == websocket.CloseGoingAway ||
		closed.Code == websocket.CloseNoStatusReceived):
		return EndedByPeer
	case errors.As(err, &timeout) && timeout.Timeout():
		return EndedByTimeout
	}
	return EndedByError
}

// Breach answers a frame that breaks the protocol; the tenth within a minute closes the socket. Only for Handler.Command.
func (c *Client) Breach(id string, e wire.ErrorFrame) {
	c.Error(id, e)
	now := c.hub.cfg.now()
	for len(c.breaches) > 0 && now.Sub(c.breaches[0]) > breachesAfter {
		c.breaches = c.breaches[1:]
	}
	c.breaches = append(c.breaches, now)
	if len(c.breaches) >= maxBreaches {
		c.Close(CloseProtocol, "protocol breach")
	}
}

// startWriter is called by the queue, for one writer at a time, and never after abandon.
func (c *Client) startWriter() {
	c.hub.running.Add(1)
	go c.writer()
}

// write sends what is queued until there is nothing left or the socket has ended.
func (c *Client) write() {
	defer c.hub.running.Done()
	for {
		it, ok, ended := c.queue.pop()
		if ended {
			c.sayGoodbye()
			return
		}
		if !ok {
			return
		}
		if c.writeItem(it) != nil {
			c.queue.abandon()
			_ = c.conn.Close() // the reader ends by this
			return
		}
	}
}

// beat pings, so that both sides notice a dead connection.
func (c *Client) beat() {
	if c.conn.WriteControl(websocket.PingMessage, nil, c.writeDeadline()) != nil {
		_ = c.conn.Close()
		return
	}
	c.heart.Reset(c.hub.cfg.Heartbeat)
}

func (c *Client) writeItem(it item) error {
	_ = c.conn.SetWriteDeadline(c.writeDeadline())
	c.hub.counters.sent.Add(1)
	if it.prepared != nil {
		return c.conn.WritePreparedMessage(it.prepared)
	}
	return c.conn.WriteMessage(websocket.TextMessage, it.encode())
}

// sayGoodbye sends the close frame and gives the peer a moment to answer, so that it does read the frame; the reader ends
// by the answer or by the end of that moment.
func (c *Client) sayGoodbye() {
	code, reason := c.queue.ending()
	if c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), c.writeDeadline()) != nil {
		_ = c.conn.Close()
		return
	}
	c.closeBy.Store(time.Now().Add(closeWait).UnixNano())
	c.extend(time.Now())
}

func (c *Client) writeDeadline() time.Time { return time.Now().Add(c.hub.cfg.WriteTimeout) }

// Package wstest is a real socket client for tests: it sends commands, waits for answers and events, and says what it
// waited for when they do not come.
package wstest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
)

// Patience is how long the waiting methods wait before they fail the test.
const Patience = 10 * time.Second

// Frame is any frame from the server.
type Frame struct {
	Type  string           `json:"type"`
	ID    string           `json:"id"`
	Data  json.RawMessage  `json:"data"`
	Error *wire.ErrorFrame `json:"error"`
	At    wire.Time        `json:"at"`
	Scope string           `json:"scope"` // of a durable event
	Seq   int64            `json:"seq"`
}

// Conn is one socket.
type Conn struct {
	ws   *websocket.Conn
	done chan struct{}

	writing sync.Mutex // one frame at a time
	nextID  atomic.Int64

	mu      sync.Mutex // guards all below
	onEvent func(Frame)
	changed chan struct{}
	answers map[string]Frame
	events  []Frame // not yet taken by Expect or Fence
	closed  error   // how the socket ended
}

// Dial opens a socket at the address of a server ("http://127.0.0.1:1234" or its /ws) without authenticating. The test's
// end closes it.
func Dial(t testing.TB, address string, header http.Header) *Conn {
	t.Helper()
	return dial(t, websocket.DefaultDialer, address, header)
}

// DialTLS is Dial at an https address, over the connections that a transport makes.
func DialTLS(t testing.TB, address string, over *http.Transport) *Conn {
	t.Helper()
	config := over.TLSClientConfig.Clone()
	config.NextProtos = nil // sockets are HTTP/1.1
	return dial(t, &websocket.Dialer{NetDialContext: over.DialContext, TLSClientConfig: config}, address, nil)
}

func dial(t testing.TB, dialer *websocket.Dialer, address string, header http.Header) *Conn {
	t.Helper()
	address = strings.Replace(address, "http", "ws", 1)
	if !strings.HasSuffix(address, "/ws") {
		address += "/ws"
	}
	ws, _, err := dialer.Dial(address, header)
	require.NoError(t, err)
	c := &Conn{ws: ws, done: make(chan struct{}), changed: make(chan struct{}), answers: map[string]Frame{}}
	go c.read()
	t.Cleanup(c.Drop)
	return c
}

// Connect dials and authenticates.
func Connect(t testing.TB, address, token string) *Conn {
	t.Helper()
	c := Dial(t, address, nil)
	c.Call(t, "auth", wire.AuthCommand{AccessToken: token}, nil)
	return c
}

func (c *Conn) read() {
	defer close(c.done)
	for {
		_, b, err := c.ws.ReadMessage()
		var f Frame
		if err == nil {
			err = json.Unmarshal(b, &f)
		}
		c.mu.Lock()
		switch {
		case err != nil:
			c.closed = err
		case f.Type == "ack" || f.Type == "error":
			c.answers[f.ID] = f
		default:
			c.events = append(c.events, f)
		}
		close(c.changed)
		c.changed = make(chan struct{})
		onEvent := c.onEvent
		c.mu.Unlock()
		if err != nil {
			return
		}
		if onEvent != nil && f.ID == "" {
			onEvent(f)
		}
	}
}

// OnEvent also passes every later event to f, on the reader's goroutine.
func (c *Conn) OnEvent(f func(Frame)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onEvent = f
}

// Send writes a command and returns its id.
func (c *Conn) Send(t testing.TB, command string, data any) string {
	t.Helper()
	id := fmt.Sprintf("c%d", c.nextID.Add(1))
	c.SendRaw(t, websocket.TextMessage, mustMarshal(t, map[string]any{"type": command, "id": id, "data": data}))
	return id
}

// SendRaw writes any frame. The server may close the socket before all of a large one is written: Closed tells.
func (c *Conn) SendRaw(t testing.TB, kind int, frame []byte) {
	t.Helper()
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.ws.WriteMessage(kind, frame); !errors.Is(err, websocket.ErrCloseSent) {
		require.NoError(t, err)
	}
}

// Call sends a command, waits for its ack and decodes it into out unless that is nil.
func (c *Conn) Call(t testing.TB, command string, data, out any) {
	t.Helper()
	f := c.Answer(t, c.Send(t, command, data))
	require.Nil(t, f.Error, "%s was refused", command)
	if out != nil {
		require.NoError(t, json.Unmarshal(f.Data, out))
	}
}

// CallError sends a command that must be refused.
func (c *Conn) CallError(t testing.TB, command string, data any) wire.ErrorFrame {
	t.Helper()
	f := c.Answer(t, c.Send(t, command, data))
	require.NotNil(t, f.Error, "%s was not refused", command)
	return *f.Error
}

// Answer waits for the ack or error of a command.
func (c *Conn) Answer(t testing.TB, id string) Frame {
	t.Helper()
	var answer Frame
	c.wait(t, "the answer to "+id, func() (ok bool) {
		answer, ok = c.answers[id]
		delete(c.answers, id)
		return ok
	})
	return answer
}

// Expect waits for the next event of a type, leaves those of other types for later, and decodes its data into out.
func (c *Conn) Expect(t testing.TB, event string, out any) Frame {
	t.Helper()
	return c.ExpectWhere(t, event, func(f Frame) bool {
		return out == nil || json.Unmarshal(f.Data, out) == nil
	})
}

// ExpectWhere waits for an event of a type that satisfies a condition.
func (c *Conn) ExpectWhere(t testing.TB, event string, ok func(Frame) bool) Frame {
	t.Helper()
	var found Frame
	c.wait(t, "event "+event, func() bool {
		for i, f := range c.events {
			if f.Type == event && ok(f) {
				found = f
				c.events = append(c.events[:i], c.events[i+1:]...)
				return true
			}
		}
		return false
	})
	return found
}

// Fence returns every event not yet taken that was sent before now: it asks something and takes what came before the answer.
func (c *Conn) Fence(t testing.TB) []Frame {
	t.Helper()
	c.Answer(t, c.Send(t, "test.fence", nil))
	c.mu.Lock()
	defer c.mu.Unlock()
	events := c.events
	c.events = nil
	return events
}

// Types lists the types of frames.
func Types(frames []Frame) []string {
	types := []string{}
	for _, f := range frames {
		types = append(types, f.Type)
	}
	return types
}

// Closed waits until the server has ended the socket and returns the close code, or 1006 without a close frame.
func (c *Conn) Closed(t testing.TB) int {
	t.Helper()
	c.wait(t, "the end of the socket", func() bool { return c.closed != nil })
	var e *websocket.CloseError
	if errors.As(c.closed, &e) {
		return e.Code
	}
	return websocket.CloseAbnormalClosure
}

// Close says goodbye with a code, as a browser tab does with 1001.
func (c *Conn) Close(t testing.TB, code int) {
	t.Helper()
	require.NoError(t, c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(Patience)))
	<-c.done
	_ = c.ws.Close()
}

// Drop cuts the connection without a close frame, as a lost network does.
func (c *Conn) Drop() {
	_ = c.ws.Close()
	<-c.done
}

func (c *Conn) wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	timeout := time.After(Patience)
	for {
		c.mu.Lock()
		done, changed := ok(), c.changed
		ended := c.closed
		seen := Types(c.events)
		c.mu.Unlock()
		if done {
			return
		}
		if ended != nil {
			require.FailNow(t, "the socket ended while waiting for "+what, "%v; events not taken: %v", ended, seen)
		}
		select {
		case <-changed:
		case <-timeout:
			require.FailNow(t, "waited in vain for "+what, "events not taken: %v", seen)
		}
	}
}

func mustMarshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}

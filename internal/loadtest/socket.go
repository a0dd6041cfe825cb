package loadtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"lectern/internal/wire"
)

// frame is any frame from the server.
type frame struct {
	Type  string           `json:"type"`
	ID    string           `json:"id"`
	Data  json.RawMessage  `json:"data"`
	Seq   int64            `json:"seq"` // of a durable event, in its scope
	Error *wire.ErrorFrame `json:"error"`
}

// socket speaks PROTOCOL.md: commands with answers, events to a callback.
type socket struct {
	conn    *websocket.Conn
	events  func(frame) // on the reader's goroutine; must not block
	done    chan struct{}
	writing sync.Mutex // one frame at a time

	mu      sync.Mutex // guards the rest
	next    int
	waiting map[string]chan frame
	err     error
}

var errSocketEnded = errors.New("the socket ended")

// dial opens and authenticates a socket.
func (a *api) dial(ctx context.Context, as *account, events func(frame)) (*socket, error) {
	at := *a.base
	at.Scheme = strings.Replace(at.Scheme, "http", "ws", 1)
	at.Path = "/ws"
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, at.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	conn.SetPingHandler(func(data string) error { // one that cannot be answered ends nothing: why the socket ends is still to be read
		_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		return nil
	})
	s := &socket{conn: conn, events: events, done: make(chan struct{}), waiting: map[string]chan frame{}}
	go s.read()
	if err := s.call(ctx, "auth", wire.AuthCommand{AccessToken: as.Token}, nil); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *socket) read() {
	defer close(s.done)
	for {
		_, raw, err := s.conn.ReadMessage()
		var f frame
		if err == nil {
			err = json.Unmarshal(raw, &f)
		}
		if err != nil {
			s.mu.Lock()
			s.err = err
			s.mu.Unlock()
			return
		}
		if f.Type != "ack" && f.Type != "error" {
			s.events(f)
			continue
		}
		s.mu.Lock()
		answer := s.waiting[f.ID]
		delete(s.waiting, f.ID)
		s.mu.Unlock()
		if answer != nil {
			answer <- f
		}
	}
}

// call sends a command, waits for its answer and decodes that into out unless it is nil.
func (s *socket) call(ctx context.Context, command string, data, out any) error {
	answer := make(chan frame, 1)
	s.mu.Lock()
	s.next++
	id := strconv.Itoa(s.next)
	s.waiting[id] = answer
	s.mu.Unlock()
	if err := s.write(map[string]any{"type": command, "id": id, "data": data}); err != nil {
		return fmt.Errorf("%s: %w", command, err)
	}
	select {
	case f := <-answer:
		if f.Error != nil {
			return fmt.Errorf("%s: %d %s: %s", command, f.Error.Status, f.Error.Code, f.Error.Message)
		}
		if out != nil {
			return json.Unmarshal(f.Data, out)
		}
		return nil
	case <-s.done:
		s.mu.Lock()
		defer s.mu.Unlock()
		return fmt.Errorf("%s: %w: %w", command, errSocketEnded, s.err)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", command, ctx.Err())
	}
}

func (s *socket) write(v any) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.conn.WriteJSON(v)
}

// close says goodbye, so that the place in the meeting is given up at once.
func (s *socket) close() {
	bye := websocket.FormatCloseMessage(websocket.CloseGoingAway, "")
	_ = s.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second))
	select {
	case <-s.done:
	case <-time.After(time.Second):
	}
	_ = s.conn.Close()
	<-s.done
}

package sfu

import (
	"net"
	"sync"
)

// listener is the media port over TCP. It knows the connections that it accepted, since Pion's mux, when it closes, waits
// for those that have not said yet whose they are, but does not end them.
type listener struct {
	net.Listener

	mu     sync.Mutex // guards the rest
	closed bool
	conns  map[*accepted]struct{}
}

// accepted is one of its connections.
type accepted struct {
	net.Conn
	from *listener
}

func newListener(l net.Listener) *listener {
	return &listener{Listener: l, conns: map[*accepted]struct{}{}}
}

// Accept takes the next connection.
func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &accepted{Conn: conn, from: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	l.conns[c] = struct{}{}
	return c, nil
}

// Close stops accepting and ends every connection.
func (l *listener) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	for c := range l.conns {
		_ = c.Conn.Close()
	}
	clear(l.conns)
	return l.Listener.Close()
}

// Close ends the connection.
func (c *accepted) Close() error {
	c.from.mu.Lock()
	delete(c.from.conns, c)
	c.from.mu.Unlock()
	return c.Conn.Close()
}

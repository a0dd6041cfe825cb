package relay

import (
	"crypto/tls"
	"net"
	"net/netip"
	"sync"
	"time"

	"lectern/internal/publicnet"
)

// Limits of TURN over TCP. A client refreshes its allocation well within connIdle.
const (
	connFirst   = 10 * time.Second // until the first message
	connIdle    = 11 * time.Minute // between messages
	connWrite   = 5 * time.Second  // of one message to a slow client, which then loses its connection
	maxConns    = 2000
	maxConnsPer = 400 // of one address, behind which there may be a school: one person in a meeting has two
)

// listener is a TCP port, with TLS or without. It ends connections that say nothing, and all of them when it closes.
type listener struct {
	net.Listener
	tls *tls.Config // nil: none

	mu     sync.Mutex // guards the rest
	closed bool
	conns  map[*conn]struct{}
	from   map[netip.Addr]int
}

// conn is one of its connections.
type conn struct {
	net.Conn          // what TLS protects, where there is TLS
	raw      net.Conn // beneath it
	listener *listener
	ip       netip.Addr
	heard    bool // of the reader
}

func newListener(l net.Listener, tls *tls.Config) *listener {
	return &listener{Listener: l, tls: tls, conns: map[*conn]struct{}{}, from: map[netip.Addr]int{}}
}

// Accept takes the next connection; those beyond a limit are closed unheard.
func (l *listener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c := &conn{Conn: accepted, raw: accepted, listener: l}
		if l.tls != nil {
			c.Conn = tls.Server(accepted, l.tls) // shakes hands on the first read
		}
		if tcp, ok := accepted.RemoteAddr().(*net.TCPAddr); ok {
			c.ip = publicnet.Network(tcp.AddrPort().Addr())
		}
		if l.add(c) {
			return c, nil
		}
		_ = accepted.Close()
	}
}

func (l *listener) add(c *conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.conns) >= maxConns || l.from[c.ip] >= maxConnsPer {
		return false
	}
	l.conns[c] = struct{}{}
	l.from[c.ip]++
	return true
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
		_ = c.raw.Close()
	}
	return l.Listener.Close()
}

// Read gives up on a client that says nothing.
func (c *conn) Read(b []byte) (int, error) {
	wait := connFirst
	if c.heard {
		wait = connIdle
	}
	if err := c.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	c.heard = c.heard || n > 0
	return n, err
}

// Write gives up on a client that does not read.
func (c *conn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(connWrite)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(b)
	if err != nil {
		_ = c.Close() // half a message was written: what follows could not be read
	}
	return n, err
}

// Close ends the connection; again, it does nothing.
func (c *conn) Close() error {
	l := c.listener
	l.mu.Lock()
	if _, there := l.conns[c]; there {
		delete(l.conns, c)
		if l.from[c.ip]--; l.from[c.ip] == 0 {
			delete(l.from, c.ip)
		}
	}
	l.mu.Unlock()
	return c.Conn.Close()
}

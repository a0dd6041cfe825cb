package sfu

import (
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// listener is the media port over TCP. It knows the connections that it accepted, since Pion's mux, when it closes, waits
// for those that have not said yet whose they are, but does not end them.
type listener struct {
	net.Listener

	mu     sync.Mutex // guards the rest
	closed bool
	conns  map[netip.AddrPort]*accepted

	writing sync.WaitGroup // goroutines of accepted.write
}

// accepted is one of its connections. Media is written into its queue, as frames of RFC 4571; Pion writes its own frames
// between them.
type accepted struct {
	net.Conn
	from *listener
	addr netip.AddrPort

	mu      sync.Mutex // guards the rest
	queue   []byte
	spare   []byte
	writing bool
	broken  bool
}

func newListener(l net.Listener) *listener {
	return &listener{Listener: l, conns: map[netip.AddrPort]*accepted{}}
}

// Accept takes the next connection.
func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &accepted{Conn: conn, from: l, addr: remote(conn)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	l.conns[c.addr] = c
	return c, nil
}

// remote is the address at the other end.
func remote(conn net.Conn) netip.AddrPort {
	if a, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		at := a.AddrPort()
		return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	}
	return netip.AddrPort{}
}

// find is the connection from an address, or nil.
func (l *listener) find(from netip.AddrPort) *accepted {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conns[from]
}

// Close stops accepting and ends every connection.
func (l *listener) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	for _, c := range l.conns {
		_ = c.Conn.Close()
	}
	clear(l.conns)
	l.mu.Unlock()
	l.writing.Wait()
	return l.Listener.Close()
}

// Close ends the connection.
func (c *accepted) Close() error {
	c.from.mu.Lock()
	if c.from.conns[c.addr] == c {
		delete(c.from.conns, c.addr)
	}
	c.from.mu.Unlock()
	return c.Conn.Close()
}

const frameHeader = 2 // bytes: the length of what follows

// Begin is part of outlet.
func (c *accepted) Begin(n int) []byte {
	c.mu.Lock()
	if c.broken || len(c.queue)+frameHeader+n > tcpWriteBuffer {
		c.mu.Unlock()
		return nil
	}
	c.queue = slices.Grow(c.queue, frameHeader+n)
	at := len(c.queue) + frameHeader
	return c.queue[at : at+n : at+n]
}

// End is part of outlet.
func (c *accepted) End(n int) {
	defer c.mu.Unlock()
	if n == 0 {
		return
	}
	c.queue = binary.BigEndian.AppendUint16(c.queue, uint16(n))
	c.queue = c.queue[:len(c.queue)+n]
	if !c.writing {
		c.writing = true
		c.from.writing.Go(c.write)
	}
}

// write writes until the queue is empty. Only this waits for a slow client.
func (c *accepted) write() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.queue) > 0 && !c.broken {
		b := c.queue
		c.queue = c.spare[:0]
		c.mu.Unlock()
		_, err := c.Conn.Write(b)
		c.mu.Lock()
		c.spare, c.broken = b, err != nil
	}
	c.writing = false
}

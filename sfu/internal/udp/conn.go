// Package udp is a UDP socket for the media of many peers. Whoever writes media pays for copying it into a queue; a flush
// hands everything that waits to the kernel in as few system calls as it can: on Linux many messages per call, and per
// message a run of datagrams that the kernel cuts apart (UDP segmentation offload). Reading is in batches too.
//
// Other systems get one system call per datagram, with the same behaviour otherwise.
package udp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"sync/atomic"
	"time"
)

// Config is what Listen needs. Buffer is what to ask of the kernel for each direction, in bytes; it may grant less. Keep
// tells which datagrams are held for another attempt when the socket's buffer is full; the others are then dropped. It
// must not change or keep what it is given. Nil keeps none.
type Config struct {
	Address string // host:port; an empty host is every address of both families, port 0 any free one
	Buffer  int
	Keep    func(datagram []byte) bool
}

// patience is how long media may wait for a Flush before it is sent all the same.
const patience = time.Millisecond

// Conn is the socket. It is a net.PacketConn whose media (first byte 128 to 191, RFC 7983) waits for Flush, or a
// millisecond; everything else is written at once. Writes never wait for the network: what the kernel will not take is
// dropped and counted.
type Conn struct {
	socket  *net.UDPConn
	local   net.Addr
	reader  reader
	shards  []shard
	keep    func([]byte) bool
	holders atomic.Int32
	armed   atomic.Bool // timer will flush
	timer   *time.Timer
	closed  atomic.Bool
	dropped atomic.Uint64
	sent    atomic.Uint64
	calls   atomic.Uint64
}

var _ net.PacketConn = (*Conn)(nil)

// Listen opens the socket.
func Listen(cfg Config) (*Conn, error) {
	opened, err := net.ListenPacket("udp", cfg.Address)
	if err != nil {
		return nil, err
	}
	socket := opened.(*net.UDPConn)
	c := &Conn{socket: socket, local: socket.LocalAddr(), keep: cfg.Keep, shards: make([]shard, shardCount())}
	if c.keep == nil {
		c.keep = func([]byte) bool { return false }
	}
	p, err := prepare(socket, cfg.Buffer)
	if err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("udp: %w", err)
	}
	c.reader.init(p)
	for i := range c.shards {
		c.shards[i].init(c, p)
	}
	c.timer = time.AfterFunc(time.Hour, c.Flush)
	c.timer.Stop()
	return c, nil
}

// shardCount is a power of two near the number of processors that may send at one time.
func shardCount() int {
	n := 1
	for n < runtime.GOMAXPROCS(0) && n < 8 {
		n *= 2
	}
	return n
}

// WriteToAddrPort queues media and writes anything else.
func (c *Conn) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if len(b) == 0 || b[0] < 128 || b[0] > 191 || len(b) > chunkSize {
		return c.socket.WriteToUDPAddrPort(b, to)
	}
	if c.closed.Load() {
		return 0, net.ErrClosed
	}
	d := c.Destination(to)
	if room := d.Begin(len(b)); room != nil {
		d.End(copy(room, b))
	}
	return len(b), nil
}

// Destination is the queue of an address, for those who write to it often.
func (c *Conn) Destination(to netip.AddrPort) *Destination {
	return c.shard(to).destination(to)
}

func (c *Conn) shard(of netip.AddrPort) *shard { return &c.shards[int(of.Port())&(len(c.shards)-1)] }

// WriteTo is WriteToAddrPort with an address of the net package.
func (c *Conn) WriteTo(b []byte, to net.Addr) (int, error) {
	addr, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, net.InvalidAddrError("not a UDP address")
	}
	return c.WriteToAddrPort(b, addr.AddrPort())
}

// Hold begins the writing of several datagrams, which Release ends. Between them nothing needs to see to it that the
// media is sent after a while, which is cheaper.
func (c *Conn) Hold() { c.holders.Add(1) }

// Release ends a Hold with a Flush.
func (c *Conn) Release() {
	c.holders.Add(-1)
	c.Flush()
}

// arm sees to it that what was queued is sent even if nobody flushes.
func (c *Conn) arm() {
	if c.holders.Load() == 0 && !c.armed.Load() && c.armed.CompareAndSwap(false, true) {
		c.timer.Reset(patience)
	}
}

// Flush sends what waits. When another goroutine is sending, that one takes this call's share too and Flush returns.
func (c *Conn) Flush() {
	// Before the sending, not after it: what is queued meanwhile arms the timer anew.
	if c.armed.CompareAndSwap(true, false) {
		c.timer.Stop()
	}
	for i := range c.shards {
		c.shards[i].flush()
	}
}

// ReadFromAddrPort reads one datagram. Only one goroutine may read. What is longer than 2,048 bytes is no packet of any
// protocol spoken here, and is skipped.
func (c *Conn) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		n, from, err := c.reader.read(b)
		if err != nil || !isControl(b[:n]) || !c.shard(from).control(from, b[:n]) {
			return n, from, err
		}
	}
}

// isControl tells RTCP from RTP (RFC 5761, section 4) and from everything else.
func isControl(b []byte) bool {
	return len(b) > 1 && b[0] >= 128 && b[0] <= 191 && b[1] >= 192 && b[1] <= 223
}

// ReadFrom is ReadFromAddrPort with an address of the net package.
func (c *Conn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.ReadFromAddrPort(b)
	if err != nil {
		return 0, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// Stats counts since the start: datagrams of media handed to the kernel, system calls that took, and datagrams that
// were dropped because the socket's buffer or a queue was full.
func (c *Conn) Stats() (sent, calls, dropped uint64) {
	return c.sent.Load(), c.calls.Load(), c.dropped.Load()
}

// Close ends the socket; media that waits is dropped.
func (c *Conn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	c.timer.Stop()
	err := c.socket.Close()
	for i := range c.shards { // wait for those who are sending
		c.shards[i].close()
	}
	return err
}

// LocalAddr is the socket's address.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// SetReadDeadline ends a read that waits.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.socket.SetReadDeadline(t) }

// SetWriteDeadline bounds writes of what is not media; the others never wait.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.socket.SetWriteDeadline(t) }

// SetDeadline does both.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

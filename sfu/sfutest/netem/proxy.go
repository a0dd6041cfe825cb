package netem

import (
	"container/heap"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Proxy stands between one client and a server's UDP port, both on this machine. All connections of the client share the
// one line, as they do at home. It forwards until Close.
type Proxy struct {
	front    *net.UDPConn
	server   netip.AddrPort
	up, down *direction
	running  sync.WaitGroup

	mu     sync.Mutex // guards the rest
	flows  map[netip.AddrPort]*net.UDPConn
	closed bool
}

// maxFlows is how many client addresses a proxy serves.
const maxFlows = 64

// Start listens on a free port of 127.0.0.1 for a client of the server, whose address must be a loopback one.
func Start(server string, seed uint64) (*Proxy, error) {
	addr, err := netip.ParseAddrPort(server)
	if err != nil {
		return nil, fmt.Errorf("netem: server %q: %w", server, err)
	}
	if !addr.Addr().IsLoopback() {
		return nil, fmt.Errorf("netem: server %q is not on this machine", server)
	}
	front, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		return nil, fmt.Errorf("netem: %w", err)
	}
	size(front)
	p := &Proxy{
		front: front, server: addr, flows: map[netip.AddrPort]*net.UDPConn{},
		up: newDirection(2 * seed), down: newDirection(2*seed + 1),
	}
	p.running.Go(p.up.run)
	p.running.Go(p.down.run)
	p.running.Go(p.fromClient)
	return p, nil
}

// size asks for buffers that do not lose anything of their own accord; the kernel may grant less.
func size(c *net.UDPConn) {
	_ = c.SetReadBuffer(4 << 20)
	_ = c.SetWriteBuffer(4 << 20)
}

// Addr is where the client shall send.
func (p *Proxy) Addr() netip.AddrPort { return p.front.LocalAddr().(*net.UDPAddr).AddrPort() }

// Set changes the conditions from the client to the server (up) and back (down).
func (p *Proxy) Set(up, down Conditions) error {
	if err := up.check(); err != nil {
		return err
	}
	if err := down.check(); err != nil {
		return err
	}
	p.up.set(up)
	p.down.set(down)
	return nil
}

// Stats of both directions.
func (p *Proxy) Stats() (up, down Stats) { return p.up.stats(), p.down.stats() }

// Rewrite makes the server's candidates in a session description, or one alone as it is trickled ("candidate:…"), lead
// through the proxy; those over TCP, which would lead past it, are left out: of a candidate alone "" remains.
func (p *Proxy) Rewrite(text string) string {
	addr := p.Addr()
	seen := map[string]bool{}
	var out strings.Builder
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if _, found := strings.CutPrefix(strings.TrimPrefix(line, "a="), "candidate:"); !found || len(fields) < 8 {
			out.WriteString(line)
			continue
		}
		if !strings.EqualFold(fields[2], "udp") || seen[fields[1]] {
			continue
		}
		seen[fields[1]] = true // one of each component is enough: they all lead to the same place
		fields[4], fields[5] = addr.Addr().String(), fmt.Sprint(addr.Port())
		out.WriteString(strings.Join(fields, " "))
		out.WriteString(line[len(strings.TrimRight(line, "\r\n")):])
	}
	return out.String()
}

// Hide takes all candidates out of a client's session description, so that the server finds no way past the proxy and
// learns the client's address from what comes through it.
func Hide(sdp string) string {
	var out strings.Builder
	for line := range strings.Lines(sdp) {
		if !strings.HasPrefix(line, "a=candidate:") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// Move changes the address under which the server sees each client, as a new network or a forgetful NAT does.
func (p *Proxy) Move() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.flows {
		_ = c.Close()
	}
	clear(p.flows)
}

// Close ends it and waits for its goroutines. It may be called again.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	for _, c := range p.flows {
		_ = c.Close()
	}
	clear(p.flows)
	p.mu.Unlock()
	p.up.close()
	p.down.close()
	_ = p.front.Close() // fails only when closed before
	p.running.Wait()
	return nil
}

// fromClient reads what the client sends and gives each of its addresses a socket of its own towards the server.
func (p *Proxy) fromClient() {
	buf := make([]byte, 1<<16)
	for {
		n, from, err := p.front.ReadFromUDPAddrPort(buf)
		if err != nil {
			if p.gone() {
				return
			}
			continue // an ICMP error of an earlier datagram
		}
		if back := p.flow(from); back != nil {
			p.up.send(buf[:n], func(b []byte) { _, _ = back.Write(b) })
		}
	}
}

func (p *Proxy) gone() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// flow is the socket for a client address; nil when there are too many or all is over.
func (p *Proxy) flow(from netip.AddrPort) *net.UDPConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.flows[from]; c != nil || p.closed || len(p.flows) >= maxFlows {
		return c
	}
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(p.server))
	if err != nil {
		return nil
	}
	size(c)
	p.flows[from] = c
	p.running.Go(func() { p.fromServer(c, from) })
	return c
}

func (p *Proxy) fromServer(c *net.UDPConn, to netip.AddrPort) {
	buf := make([]byte, 1<<16)
	for {
		n, err := c.Read(buf)
		if err != nil {
			if p.gone() || errors.Is(err, net.ErrClosed) {
				return
			}
			continue
		}
		p.down.send(buf[:n], func(b []byte) { _, _ = p.front.WriteToUDPAddrPort(b, to) })
	}
}

// direction carries datagrams over a link in real time.
type direction struct {
	kick chan struct{}
	done chan struct{}
	once sync.Once

	mu      sync.Mutex // guards the rest
	link    *Link
	waiting arrivals
	count   int // orders what arrives at the same time
}

func newDirection(seed uint64) *direction {
	return &direction{
		kick: make(chan struct{}, 1), done: make(chan struct{}), link: NewLink(seed, Conditions{}),
	}
}

func (d *direction) set(c Conditions) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.link.Set(c)
}

func (d *direction) stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.link.Stats()
}

func (d *direction) close() { d.once.Do(func() { close(d.done) }) }

// send decides about a datagram and keeps a copy until it arrives.
func (d *direction) send(b []byte, deliver func([]byte)) {
	at := now()
	d.mu.Lock()
	times, n := d.link.Send(len(b), at)
	if n > 0 {
		b = append([]byte(nil), b...)
	}
	for _, t := range times[:n] {
		heap.Push(&d.waiting, arrival{t, d.count, b, deliver})
		d.count++
	}
	d.mu.Unlock()
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

// run delivers what is due until close.
func (d *direction) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		next := time.Hour
		for {
			d.mu.Lock()
			if len(d.waiting) == 0 {
				d.mu.Unlock()
				break
			}
			if wait := d.waiting[0].at - now(); wait > 0 {
				d.mu.Unlock()
				next = time.Duration(wait)
				break
			}
			a := heap.Pop(&d.waiting).(arrival)
			d.mu.Unlock()
			a.deliver(a.data)
		}
		timer.Reset(next)
		select {
		case <-d.done:
			return
		case <-d.kick:
		case <-timer.C:
		}
	}
}

var started = time.Now()

// now is a monotonic clock in nanoseconds.
func now() int64 { return int64(time.Since(started)) }

// arrival is a datagram on its way.
type arrival struct {
	at      int64
	order   int
	data    []byte
	deliver func([]byte)
}

// arrivals is a heap, the next first.
type arrivals []arrival

func (a arrivals) Len() int { return len(a) }
func (a arrivals) Less(i, j int) bool {
	return a[i].at < a[j].at || a[i].at == a[j].at && a[i].order < a[j].order
}
func (a arrivals) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *arrivals) Push(x any)   { *a = append(*a, x.(arrival)) }
func (a *arrivals) Pop() any {
	old := *a
	last := old[len(old)-1]
	old[len(old)-1] = arrival{}
	*a = old[:len(old)-1]
	return last
}

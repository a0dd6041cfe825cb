package delivery

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// network is the path of one client to the server: a proxy whose connections the adversary holds up and cuts.
type network struct {
	listener net.Listener
	server   string
	running  sync.WaitGroup

	mu    sync.Mutex // guards all below
	conns map[net.Conn]struct{}
	held  chan struct{} // closed when bytes may flow
}

func newNetwork(t *testing.T, server string) *network {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	flowing := make(chan struct{})
	close(flowing)
	n := &network{listener: listener, server: server, conns: map[net.Conn]struct{}{}, held: flowing}
	n.running.Go(n.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		n.cut()
		n.running.Wait()
	})
	return n
}

func (n *network) accept() {
	for {
		client, err := n.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", n.server)
		if err != nil { // it is being restarted
			_ = client.Close()
			continue
		}
		n.mu.Lock()
		n.conns[client], n.conns[server] = struct{}{}, struct{}{}
		n.mu.Unlock()
		n.running.Go(func() { n.carry(client, server) })
		n.running.Go(func() { n.carry(server, client) })
	}
}

// carry passes bytes on until one of the two ends.
func (n *network) carry(to, from net.Conn) {
	defer func() {
		_, _ = to.Close(), from.Close()
		n.mu.Lock()
		delete(n.conns, from)
		n.mu.Unlock()
	}()
	buffer := make([]byte, 16<<10)
	for {
		size, err := from.Read(buffer)
		if size > 0 {
			n.mu.Lock()
			held := n.held
			n.mu.Unlock()
			<-held
			if _, err := to.Write(buffer[:size]); err != nil {
				return
			}
		}
		if err != nil { // also io.EOF: half-open connections are not for browsers
			return
		}
	}
}

// cut ends all connections without a word. What is under way is lost.
func (n *network) cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for c := range n.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}

// hold lets nothing through for a while.
func (n *network) hold(d time.Duration) {
	held := make(chan struct{})
	n.mu.Lock()
	before := n.held
	n.held = held
	n.mu.Unlock()
	time.AfterFunc(d, func() { <-before; close(held) })
}

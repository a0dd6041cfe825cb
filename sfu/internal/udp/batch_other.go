//go:build !linux

package udp

import (
	"net"
	"net/netip"
)

// name is a socket address.
type name = netip.AddrPort

// prepared is an open socket.
type prepared struct{ socket *net.UDPConn }

// prepare sizes the buffers.
func prepare(socket *net.UDPConn, buffer int) (prepared, error) {
	if buffer > 0 { // the system may grant less, which only costs packets under load
		_ = socket.SetReadBuffer(buffer)
		_ = socket.SetWriteBuffer(buffer)
	}
	return prepared{socket}, nil
}

// sender sends one datagram after the other. Its shard's lock guards it.
type sender struct {
	prepared
	shard *shard
}

func (s *sender) init(of *shard, p prepared) { s.shard, s.prepared = of, p }

func (s *sender) name(to netip.AddrPort) name { return to }

// add sends a chunk and releases it.
func (s *sender) add(d *Destination, k *chunk) {
	conn := s.shard.conn
	for _, r := range k.runs[:k.count] {
		for at := r.from; at < r.to; at += r.size {
			conn.calls.Add(1)
			if _, err := s.socket.WriteToUDPAddrPort(k.data[at:min(at+r.size, r.to)], d.name); err != nil {
				conn.dropped.Add(1)
			} else {
				conn.sent.Add(1)
			}
		}
	}
	k.release()
}

func (s *sender) flush() {}

// reader reads one datagram after the other.
type reader struct{ prepared }

func (r *reader) init(p prepared) { r.prepared = p }

func (r *reader) read(b []byte) (int, netip.AddrPort, error) { return r.socket.ReadFromUDPAddrPort(b) }

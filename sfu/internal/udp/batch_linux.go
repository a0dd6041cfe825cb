package udp

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	sendBatch = 64 // messages per system call
	readBatch = 32
	readSize  = 2048
)

// message is the kernel's struct mmsghdr.
type message struct {
	header unix.Msghdr
	length uint32
}

// name is a socket address, of the socket's family.
type name struct {
	raw  unix.RawSockaddrInet6 // large enough for IPv4 too
	size uint32
}

// prepared is an open socket and what is known of it.
type prepared struct {
	raw     syscall.RawConn
	v4      bool // an IPv4 socket; else IPv6 or both
	segment *atomic.Bool
}

// prepare sizes the buffers and finds out what the kernel can do.
func prepare(socket *net.UDPConn, buffer int) (prepared, error) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return prepared{}, err
	}
	p := prepared{raw: raw, segment: new(atomic.Bool)}
	var failed error
	err = raw.Control(func(fd uintptr) {
		var domain int
		if domain, failed = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_DOMAIN); failed != nil {
			return
		}
		p.v4 = domain == unix.AF_INET
		if buffer > 0 { // a process that may passes the limits of the system; the others get what these allow
			if unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, buffer) != nil {
				_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF, buffer)
			}
			if unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, buffer) != nil {
				_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, buffer)
			}
		}
		_, unknown := unix.GetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_SEGMENT) // since Linux 4.18
		p.segment.Store(unknown == nil)
	})
	return p, errors.Join(err, failed)
}

// sender gathers messages and sends them together. Its shard's lock guards it.
type sender struct {
	prepared
	shard *shard

	count    int
	to       [sendBatch]*Destination
	from     [sendBatch]*chunk
	runs     [sendBatch]run
	messages [sendBatch]message
	vectors  [sendBatch]unix.Iovec
	controls [sendBatch][]byte
	held     []*chunk // all of whose runs are in the batch, or sent

	first, end, n int // of a system call
	errno         syscall.Errno
	call          func(fd uintptr)
}

func (s *sender) init(of *shard, p prepared) {
	s.shard, s.prepared, s.call = of, p, s.system
	for i := range s.messages {
		s.controls[i] = make([]byte, unix.CmsgSpace(2))
		h := (*unix.Cmsghdr)(unsafe.Pointer(&s.controls[i][0]))
		h.Level, h.Type = unix.SOL_UDP, unix.UDP_SEGMENT
		h.SetLen(unix.CmsgLen(2))
		s.messages[i].header.Iov = &s.vectors[i]
		s.messages[i].header.SetIovlen(1)
	}
}

// name gives an address as the kernel wants it.
func (s *sender) name(to netip.AddrPort) name {
	var n name
	if s.v4 {
		raw := (*unix.RawSockaddrInet4)(unsafe.Pointer(&n.raw))
		raw.Family = unix.AF_INET
		raw.Addr = to.Addr().Unmap().As4()
		binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&raw.Port))[:], to.Port())
		n.size = unix.SizeofSockaddrInet4
		return n
	}
	n.raw.Family = unix.AF_INET6
	n.raw.Addr = to.Addr().As16()
	n.raw.Scope_id = scope(to.Addr().Zone())
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&n.raw.Port))[:], to.Port())
	n.size = unix.SizeofSockaddrInet6
	return n
}

// scope is the number of the interface that a link-local address names.
func scope(zone string) uint32 {
	if zone == "" {
		return 0
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index)
	}
	n, _ := strconv.ParseUint(zone, 10, 32)
	return uint32(n)
}

// add takes a chunk, to be released when its runs are sent.
func (s *sender) add(d *Destination, k *chunk) {
	for i := range k.runs[:k.count] {
		r := k.runs[i]
		if r.count > 1 && (d.plain.Load() || !s.segment.Load()) {
			for at := r.from; at < r.to; at += r.size {
				s.put(d, k, run{from: at, to: min(at+r.size, r.to), size: r.size, count: 1})
			}
			continue
		}
		s.put(d, k, r)
	}
	s.held = append(s.held, k)
}

// put adds a message, after sending a batch that is full.
func (s *sender) put(d *Destination, k *chunk, r run) {
	if s.count == sendBatch {
		s.flush()
	}
	i := s.count
	s.count++
	s.to[i], s.from[i], s.runs[i] = d, k, r
	s.vectors[i].Base = &k.data[r.from]
	s.vectors[i].SetLen(r.to - r.from)
	h := &s.messages[i].header
	h.Name, h.Namelen = (*byte)(unsafe.Pointer(&d.name.raw)), d.name.size
	if r.count > 1 {
		binary.NativeEndian.PutUint16(s.controls[i][unix.CmsgLen(0):], uint16(r.size))
		h.Control = &s.controls[i][0]
		h.SetControllen(len(s.controls[i]))
	} else {
		h.Control = nil
		h.SetControllen(0)
	}
}

// flush sends the batch and releases the chunks that are done.
func (s *sender) flush() {
	for first := 0; first < s.count; {
		n, errno := s.sendmmsg(first, s.count)
		switch {
		case n > 0:
			first += n
		case errno == syscall.EINTR:
		case errno == syscall.EAGAIN, errno == syscall.ENOBUFS, errno == syscall.EBADF: // full, or closed
			for ; first < s.count; first++ {
				s.each(first, s.postpone)
			}
		default:
			s.refused(first, errno)
			first++
		}
	}
	s.count = 0
	for i, k := range s.held {
		k.release()
		s.held[i] = nil
	}
	s.held = s.held[:0]
}

// refused handles message i, which the kernel did not take: a run goes again in single datagrams.
func (s *sender) refused(i int, errno syscall.Errno) {
	if s.runs[i].count == 1 {
		s.shard.conn.dropped.Add(1)
		return
	}
	if errno == syscall.EIO { // the device cannot compute checksums of segments
		s.segment.Store(false)
	} else { // likely larger than this path takes in one piece
		s.to[i].plain.Store(true)
	}
	s.messages[i].header.Control = nil
	s.messages[i].header.SetControllen(0)
	s.each(i, func(i int, b []byte) {
		s.vectors[i].Base = &b[0]
		s.vectors[i].SetLen(len(b))
		s.runs[i].count = 1
		switch n, errno := s.sendmmsg(i, i+1); {
		case n == 1:
		case errno == syscall.EAGAIN, errno == syscall.ENOBUFS:
			s.postpone(i, b)
		default:
			s.shard.conn.dropped.Add(1)
		}
	})
}

// each calls f for the datagrams of message i.
func (s *sender) each(i int, f func(i int, b []byte)) {
	r, data := s.runs[i], s.from[i].data[:]
	for at := r.from; at < r.to; at += r.size {
		f(i, data[at:min(at+r.size, r.to)])
	}
}

// postpone keeps a datagram for another attempt, or drops it.
func (s *sender) postpone(i int, b []byte) {
	if s.shard.conn.keep(b) && !s.shard.conn.closed.Load() {
		s.shard.again(s.to[i], b)
	} else {
		s.shard.conn.dropped.Add(1)
	}
}

// sendmmsg sends the messages from first up to end, as far as the kernel takes them, and counts them.
func (s *sender) sendmmsg(first, end int) (n int, errno syscall.Errno) {
	s.first, s.end, s.n, s.errno = first, end, 0, syscall.EBADF
	_ = s.raw.Control(s.call) // an error means closed, and leaves EBADF
	if s.n < 0 {
		s.n = 0
	}
	conn := s.shard.conn
	conn.calls.Add(1)
	for _, r := range s.runs[first : first+s.n] {
		conn.sent.Add(uint64(r.count))
	}
	return s.n, s.errno
}

// system never waits, so the scheduler need not know of it: were it told, it would take the processor away from a call
// that hands many packets over, and a thread would have to be woken to give it back.
func (s *sender) system(fd uintptr) {
	n, _, errno := unix.RawSyscall6(unix.SYS_SENDMMSG, fd, uintptr(unsafe.Pointer(&s.messages[s.first])),
		uintptr(s.end-s.first), unix.MSG_DONTWAIT, 0, 0)
	s.n, s.errno = int(n), errno
}

// reader reads in batches. One goroutine uses it.
type reader struct {
	raw      syscall.RawConn
	next     int // of those that were read
	count    int
	messages [readBatch]message
	vectors  [readBatch]unix.Iovec
	names    [readBatch]unix.RawSockaddrInet6
	buffers  [readBatch][readSize]byte
	zones    map[uint32]string
	errno    syscall.Errno
	call     func(fd uintptr) bool
}

func (r *reader) init(p prepared) {
	r.raw, r.call, r.zones = p.raw, r.system, map[uint32]string{}
	for i := range r.messages {
		r.vectors[i].Base = &r.buffers[i][0]
		r.vectors[i].SetLen(readSize)
		h := &r.messages[i].header
		h.Name = (*byte)(unsafe.Pointer(&r.names[i]))
		h.Iov = &r.vectors[i]
		h.SetIovlen(1)
	}
}

func (r *reader) read(b []byte) (int, netip.AddrPort, error) {
	for {
		for r.next == r.count {
			if err := r.fill(); err != nil {
				return 0, netip.AddrPort{}, err
			}
		}
		m := &r.messages[r.next]
		i := r.next
		r.next++
		if m.header.Flags&unix.MSG_TRUNC == 0 {
			return copy(b, r.buffers[i][:m.length]), r.address(&r.names[i]), nil
		}
	}
}

// fill waits for datagrams and reads as many as there are.
func (r *reader) fill() error {
	r.next, r.count = 0, 0
	for i := range r.messages {
		r.messages[i].header.Namelen = unix.SizeofSockaddrInet6
	}
	if err := r.raw.Read(r.call); err != nil {
		return err
	}
	if r.errno != 0 && r.errno != syscall.EINTR && r.errno != syscall.ECONNREFUSED {
		return r.errno
	}
	return nil
}

func (r *reader) system(fd uintptr) bool {
	n, _, errno := unix.RawSyscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&r.messages[0])), readBatch,
		unix.MSG_DONTWAIT, 0, 0)
	r.errno = errno
	if errno == 0 {
		r.count = int(n)
	}
	return errno != syscall.EAGAIN
}

// address reads what the kernel wrote. IPv4 addresses come as such whatever the socket's family.
func (r *reader) address(raw *unix.RawSockaddrInet6) netip.AddrPort {
	port := binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&raw.Port))[:])
	if raw.Family == unix.AF_INET {
		return netip.AddrPortFrom(netip.AddrFrom4((*unix.RawSockaddrInet4)(unsafe.Pointer(raw)).Addr), port)
	}
	addr := netip.AddrFrom16(raw.Addr).Unmap()
	if raw.Scope_id != 0 {
		addr = addr.WithZone(r.zone(raw.Scope_id))
	}
	return netip.AddrPortFrom(addr, port)
}

// zone names an interface by its number.
func (r *reader) zone(id uint32) string {
	z, ok := r.zones[id]
	if !ok {
		z = strconv.FormatUint(uint64(id), 10)
		if i, err := net.InterfaceByIndex(int(id)); err == nil {
			z = i.Name
		}
		r.zones[id] = z
	}
	return z
}

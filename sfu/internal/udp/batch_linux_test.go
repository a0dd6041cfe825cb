package udp

import (
	"net/netip"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func withoutSegments(c *Conn) {
	for i := range c.shards {
		c.shards[i].sender.segment.Store(false)
	}
}

func TestSegmentsSaveSystemCalls(t *testing.T) {
	c := open(t, Config{})
	if !c.shards[0].sender.segment.Load() {
		t.Log("this kernel does not segment")
	}
	_, addr := plain(t, "udp4", "127.0.0.1:0")
	for i := range uint32(10) {
		_, _ = c.WriteToAddrPort(media(i, 1166), addr)
	}
	c.Flush()
	sent, calls, dropped := c.Stats()
	require.Equal(t, []uint64{10, 1, 0}, []uint64{sent, calls, dropped})
}

// hold puts datagrams in a sender's batch as its shard would.
func hold(t *testing.T, c *Conn, to netip.AddrPort, list ...[]byte) *sender {
	t.Helper()
	s := &c.shards[0].sender
	d := c.shards[0].destination(to)
	k := chunks.Get().(*chunk)
	waiting.Add(1)
	for _, b := range list {
		k.commit(copy(k.room(len(b)), b))
	}
	s.add(d, k)
	return s
}

func TestARefusedRunGoesInSingleDatagrams(t *testing.T) {
	for name, errno := range map[string]syscall.Errno{"the path": syscall.EINVAL, "the device": syscall.EIO} {
		t.Run(name, func(t *testing.T) {
			c := open(t, Config{})
			to, addr := plain(t, "udp4", "127.0.0.1:0")
			s := hold(t, c, addr, media(0, 500), media(1, 500), media(2, 100))
			require.Equal(t, 1, s.count)
			s.refused(0, errno)
			for i, n := range []int{500, 500, 100} {
				require.Equal(t, media(uint32(i), n), receive(t, to))
			}
			s.count = 0
			hold(t, c, addr, media(0, 500), media(1, 500))
			require.Equal(t, 2, s.count, "from now on in single ones")
			s.flush()
		})
	}
}

func TestAFullSocketKeepsWhatIsToBeKept(t *testing.T) {
	c := open(t, Config{Keep: func(b []byte) bool { return len(b) < 200 }})
	to, addr := plain(t, "udp4", "127.0.0.1:0")
	c.shards[0].sending.Lock()
	s := hold(t, c, addr, media(0, 500), media(1, 500), media(2, 100), media(3, 150))
	for i := range s.count {
		s.each(i, s.postpone)
	}
	s.count = 0
	c.shards[0].sending.Unlock()
	_, _, dropped := c.Stats()
	require.EqualValues(t, 2, dropped)
	require.Equal(t, media(2, 100), receive(t, to), "by the timer")
	require.Equal(t, media(3, 150), receive(t, to))
}

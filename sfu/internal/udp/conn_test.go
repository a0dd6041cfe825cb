package udp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patient = 10 * time.Second // for what must come

func open(t testing.TB, cfg Config) *Conn {
	t.Helper()
	if cfg.Address == "" {
		cfg.Address = "127.0.0.1:0"
	}
	c, err := Listen(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// plain is a socket of the standard library.
func plain(t testing.TB, network, address string) (*net.UDPConn, netip.AddrPort) {
	t.Helper()
	at, err := net.ResolveUDPAddr(network, address)
	require.NoError(t, err)
	c, err := net.ListenUDP(network, at)
	require.NoError(t, err)
	require.NoError(t, c.SetReadBuffer(2<<20))
	t.Cleanup(func() { _ = c.Close() })
	return c, c.LocalAddr().(*net.UDPAddr).AddrPort()
}

// receive reads one datagram.
func receive(t testing.TB, c *net.UDPConn) []byte {
	t.Helper()
	b := make([]byte, 1<<16)
	require.NoError(t, c.SetReadDeadline(time.Now().Add(patient)))
	n, err := c.Read(b)
	require.NoError(t, err)
	return b[:n]
}

// media is an RTP-like datagram of n bytes that carries a number.
func media(number uint32, n int) []byte {
	b := make([]byte, max(n, 8))
	b[0], b[1] = 0x80, 96
	binary.BigEndian.PutUint32(b[4:], number)
	for i := 8; i < len(b); i++ {
		b[i] = byte(number) + byte(i)
	}
	return b
}

func TestMediaArrivesWholeAndInOrder(t *testing.T) {
	sizes := map[string][]int{
		"a picture":               {1166, 1166, 1166, 1166, 700},
		"one":                     {300},
		"growing":                 {100, 200, 300, 300, 301},
		"shorter in between":      {500, 500, 20, 500, 500},
		"more than one chunk":     many(40, 1166),
		"more than one message":   many(130, 100),
		"more runs than in one":   alternating(100),
		"more than waits at once": many(200, 1400),
	}
	sockets := map[string]struct{ from, network, to string }{
		"IPv4":                  {"127.0.0.1:0", "udp4", "127.0.0.1:0"},
		"IPv6":                  {"[::1]:0", "udp6", "[::1]:0"},
		"both, towards IPv4":    {":0", "udp4", "127.0.0.1:0"},
		"both, towards IPv6":    {":0", "udp6", "[::1]:0"},
		"both, towards a twin":  {":0", "udp", "[::ffff:127.0.0.1]:0"},
		"IPv4 without segments": {"127.0.0.1:0", "udp4", "127.0.0.1:0"},
	}
	for name, s := range sockets {
		t.Run(name, func(t *testing.T) {
			for what, list := range sizes {
				t.Run(what, func(t *testing.T) {
					c := open(t, Config{Address: s.from, Buffer: 1 << 20})
					to, addr := plain(t, s.network, s.to)
					if name == "IPv4 without segments" {
						withoutSegments(c)
					}
					for i, n := range list {
						written, err := c.WriteToAddrPort(media(uint32(i), n), addr)
						require.NoError(t, err)
						require.Equal(t, max(n, 8), written)
					}
					c.Flush()
					for i, n := range list {
						require.Equal(t, media(uint32(i), n), receive(t, to), "datagram %d", i)
					}
				})
			}
		})
	}
}

func many(n, size int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = size
	}
	return list
}

func alternating(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = 50 + 30*(i%2) + i
	}
	return list
}

func TestMediaWaitsForTheFlushAndOthersDoNot(t *testing.T) {
	c := open(t, Config{})
	to, addr := plain(t, "udp4", "127.0.0.1:0")
	c.armed.Store(true) // no timer
	_, err := c.WriteToAddrPort(media(1, 100), addr)
	require.NoError(t, err)
	stun := []byte{0, 1, 0, 0}
	_, err = c.WriteTo(stun, net.UDPAddrFromAddrPort(addr))
	require.NoError(t, err)
	require.Equal(t, stun, receive(t, to))
	c.Flush()
	require.Equal(t, media(1, 100), receive(t, to))
}

func TestMediaLeavesWithoutAFlush(t *testing.T) {
	c := open(t, Config{})
	to, addr := plain(t, "udp4", "127.0.0.1:0")
	for i := range uint32(3) {
		_, err := c.WriteToAddrPort(media(i, 100), addr)
		require.NoError(t, err)
		require.Equal(t, media(i, 100), receive(t, to))
	}
}

func TestManyWritersKeepTheirOrder(t *testing.T) {
	const writers, destinations, each = 4, 10, 300
	c := open(t, Config{Buffer: 4 << 20})
	sockets, addrs := make([]*net.UDPConn, destinations), make([]netip.AddrPort, destinations)
	for i := range sockets {
		sockets[i], addrs[i] = plain(t, "udp4", "127.0.0.1:0")
		require.NoError(t, sockets[i].SetReadBuffer(8<<20))
	}
	var writing sync.WaitGroup
	for w := range uint32(writers) {
		writing.Go(func() {
			for n := range uint32(each) {
				for _, to := range addrs {
					_, _ = c.WriteToAddrPort(media(w<<16|n, 200), to)
				}
				if n%5 == w {
					c.Flush()
				}
			}
			c.Flush()
		})
	}
	writing.Wait()
	_, _, dropped := c.Stats()
	require.Zero(t, dropped)
	for _, s := range sockets {
		var next [writers]uint32
		for range writers * each {
			number := binary.BigEndian.Uint32(receive(t, s)[4:])
			require.Equal(t, next[number>>16], number&0xffff, "writer %d", number>>16)
			next[number>>16]++
		}
	}
}

func TestReading(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0", ":0"} {
		t.Run(address, func(t *testing.T) {
			c := open(t, Config{Address: address, Buffer: 1 << 20})
			host := "127.0.0.1"
			if address == "[::1]:0" {
				host = "::1"
			}
			at := net.UDPAddr{IP: net.ParseIP(host), Port: c.LocalAddr().(*net.UDPAddr).Port}
			from, err := net.DialUDP("udp", nil, &at)
			require.NoError(t, err)
			defer from.Close()
			_, err = from.Write(make([]byte, 3000)) // skipped
			require.NoError(t, err)
			for i := range uint32(100) {
				_, err := from.Write(media(i, 1200))
				require.NoError(t, err)
			}
			b := make([]byte, 8192)
			for i := range uint32(50) {
				n, source, err := c.ReadFromAddrPort(b)
				require.NoError(t, err)
				require.Equal(t, media(i, 1200), b[:n])
				require.Equal(t, from.LocalAddr().(*net.UDPAddr).AddrPort().String(), source.String())
			}
			_, source, err := c.ReadFrom(b)
			require.NoError(t, err)
			require.Equal(t, from.LocalAddr().String(), source.String())
		})
	}
}

func TestCloseEndsReadingAndWriting(t *testing.T) {
	c := open(t, Config{})
	_, addr := plain(t, "udp4", "127.0.0.1:0")
	read := make(chan error)
	go func() {
		_, _, err := c.ReadFromAddrPort(make([]byte, 100))
		read <- err
	}()
	var writing sync.WaitGroup
	for range 3 {
		writing.Go(func() {
			for {
				if _, err := c.WriteToAddrPort(media(0, 300), addr); err != nil {
					return
				}
				c.Flush()
			}
		})
	}
	require.NoError(t, c.Close())
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-read, net.ErrClosed)
	writing.Wait()
}

func TestDestinationsAreForgotten(t *testing.T) {
	s := &open(t, Config{}).shards[0]
	for i := range 10_000 {
		d := s.destination(netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, byte(i >> 8), byte(i)}), 9))
		d.used = i%100 == 0
	}
	require.Less(t, len(s.destinations), 3*leastSweep)
}

func TestAFullQueueIsSent(t *testing.T) {
	c := open(t, Config{})
	_, addr := plain(t, "udp4", "127.0.0.1:0")
	c.armed.Store(true) // no timer
	const room = chunkSize / 1166
	for range room + 1 {
		_, err := c.WriteToAddrPort(media(0, 1166), addr)
		require.NoError(t, err)
	}
	sent, _, dropped := c.Stats()
	require.EqualValues(t, room+1, sent)
	require.Zero(t, dropped)
}

func TestAllQueuesTogetherAreBounded(t *testing.T) {
	waiting.Add(allChunks)
	defer waiting.Add(-allChunks)
	c := open(t, Config{})
	_, addr := plain(t, "udp4", "127.0.0.1:0")
	_, err := c.WriteToAddrPort(media(0, 1166), addr)
	require.NoError(t, err)
	_, _, dropped := c.Stats()
	require.EqualValues(t, 1, dropped)
}

func TestNothingIsAllocated(t *testing.T) {
	c := open(t, Config{})
	from, err := net.DialUDP("udp", nil, c.LocalAddr().(*net.UDPAddr))
	require.NoError(t, err)
	defer from.Close()
	to := from.LocalAddr().(*net.UDPAddr).AddrPort()
	picture, sound, b := media(0, 1166), media(0, 100), make([]byte, 2048)
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		for range 5 {
			_, _ = c.WriteToAddrPort(picture, to)
		}
		_, _ = c.WriteToAddrPort(sound, to)
		c.Flush()
		_, _ = from.Write(sound)
		_, _, _ = c.ReadFromAddrPort(b)
	}))
}

package udp

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
)

// BenchmarkSend sends pictures of five packets, one to every destination, over the loopback interface. An operation is one
// packet. Nobody reads at the other end: what does not fit there any more is dropped by the kernel after the same work.
func BenchmarkSend(b *testing.B) {
	for _, destinations := range []int{1, 10, 50, 100} {
		addrs := make([]netip.AddrPort, destinations)
		for i := range addrs {
			var to *net.UDPConn
			to, addrs[i] = plain(b, "udp4", "127.0.0.1:0")
			_ = to.SetReadBuffer(64 << 10) // or the benchmark measures the kernel's memory
		}
		for _, packets := range []int{1, 5} {
			b.Run(fmt.Sprintf("to=%d/burst=%d/segments", destinations, packets), func(b *testing.B) {
				send(b, open(b, Config{Buffer: 4 << 20}), addrs, packets)
			})
			b.Run(fmt.Sprintf("to=%d/burst=%d/sendmmsg", destinations, packets), func(b *testing.B) {
				c := open(b, Config{Buffer: 4 << 20})
				withoutSegments(c)
				send(b, c, addrs, packets)
			})
		}
		b.Run(fmt.Sprintf("to=%d/sendto", destinations), func(b *testing.B) {
			c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			packet := media(0, 1166)
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				_, _ = c.WriteToUDPAddrPort(packet, addrs[n%len(addrs)])
			}
		})
	}
}

func send(b *testing.B, c *Conn, addrs []netip.AddrPort, packets int) {
	packet := media(0, 1166)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		_, _ = c.WriteToAddrPort(packet, addrs[n%len(addrs)])
		if (n+1)%(packets*len(addrs)) == 0 {
			c.Flush()
		}
	}
}

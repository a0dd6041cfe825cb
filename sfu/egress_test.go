package sfu

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/stretchr/testify/require"

	"lectern/sfu/internal/udp"
)

// sealing is an egress whose handshake is done, and the context that opens what it seals.
func sealing(tb testing.TB, profile srtp.ProtectionProfile, to outlet) (*egress, *srtp.Context) {
	tb.Helper()
	return &egress{to: to, context: sealer(tb, profile)}, sealer(tb, profile)
}

// sealer has the same keys each time.
func sealer(tb testing.TB, profile srtp.ProtectionProfile, opts ...srtp.ContextOption) *srtp.Context {
	tb.Helper()
	keyLen, err := profile.KeyLen()
	require.NoError(tb, err)
	saltLen, err := profile.SaltLen()
	require.NoError(tb, err)
	c, err := srtp.CreateContext(bytes.Repeat([]byte{7}, keyLen), bytes.Repeat([]byte{9}, saltLen), profile, opts...)
	require.NoError(tb, err)
	return c
}

func socket(tb testing.TB) (*net.UDPConn, netip.AddrPort) {
	tb.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = c.Close() })
	return c, c.LocalAddr().(*net.UDPAddr).AddrPort()
}

func batching(tb testing.TB) *udp.Conn {
	tb.Helper()
	c, err := udp.Listen(udp.Config{Address: "127.0.0.1:0", Buffer: socketBuffer, Keep: outlastsPictures})
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

// header is that of a picture's packet, with an extension as outgoing packets have.
func header(tb testing.TB, seq uint16) *rtp.Header {
	tb.Helper()
	h := &rtp.Header{Version: 2, PayloadType: 96, SequenceNumber: seq, Timestamp: 5, SSRC: 77}
	require.NoError(tb, h.SetExtension(3, []byte{1, 2}))
	return h
}

func TestSealedMediaArrives(t *testing.T) {
	for _, profile := range []srtp.ProtectionProfile{srtp.ProtectionProfileAeadAes128Gcm, srtp.ProtectionProfileAes128CmHmacSha1_80} {
		t.Run(profile.String(), func(t *testing.T) {
			out := batching(t)
			to, addr := socket(t)
			e, opening := sealing(t, profile, out.Destination(addr))
			for seq := range uint16(20) {
				_, err := e.WriteRTP(header(t, 65530+seq), bytes.Repeat([]byte{byte(seq)}, 900+int(seq)))
				require.NoError(t, err)
			}
			out.Flush()
			b := make([]byte, readBuffer)
			require.NoError(t, to.SetReadDeadline(time.Now().Add(10*time.Second)))
			for seq := range uint16(20) {
				n, err := to.Read(b)
				require.NoError(t, err)
				plain, err := opening.DecryptRTP(nil, b[:n], nil)
				require.NoError(t, err)
				var p rtp.Packet
				require.NoError(t, p.Unmarshal(plain))
				require.Equal(t, 65530+seq, p.SequenceNumber)
				require.Equal(t, []byte{1, 2}, p.GetExtension(3))
				require.Equal(t, bytes.Repeat([]byte{byte(seq)}, 900+int(seq)), p.Payload)
			}
		})
	}
}

func TestNothingLeavesWithoutKeysOrAWay(t *testing.T) {
	e := &egress{}
	_, err := e.WriteRTP(header(t, 1), []byte{1})
	require.ErrorIs(t, err, errNotConnected)
	require.ErrorIs(t, e.connected(), errNoKeys)
	e, _ = sealing(t, srtp.ProtectionProfileAeadAes128Gcm, batching(t).Destination(netip.MustParseAddrPort("127.0.0.1:9")))
	e.close()
	_, err = e.WriteRTP(header(t, 1), []byte{1})
	require.ErrorIs(t, err, errNotConnected)
}

// What a subscriber reports is opened by the goroutine that reads the socket; what cannot be opened goes on to Pion, as does
// everything once the way has changed.
func TestControlIsOpenedWhereItIsRead(t *testing.T) {
	for _, profile := range []srtp.ProtectionProfile{srtp.ProtectionProfileAeadAes128Gcm, srtp.ProtectionProfileAes128CmHmacSha1_80} {
		t.Run(profile.String(), func(t *testing.T) {
			in := batching(t)
			from, addr := socket(t)
			e, client := sealing(t, profile, nil)
			e.opening.Store(sealer(t, profile, srtp.SRTCPReplayProtection(replayWindow)))
			var opened [][]byte
			e.feedback = func(b []byte) { opened = append(opened, bytes.Clone(b)) }
			e.turn(in.Destination(addr))
			send := func(b []byte) {
				_, err := from.WriteToUDPAddrPort(b, in.LocalAddr().(*net.UDPAddr).AddrPort())
				require.NoError(t, err)
			}
			report, err := rtcp.Marshal([]rtcp.Packet{&rtcp.ReceiverReport{SSRC: 1}, &rtcp.PictureLossIndication{SenderSSRC: 1, MediaSSRC: 77}})
			require.NoError(t, err)
			sealed, err := client.EncryptRTCP(nil, report, nil)
			require.NoError(t, err)
			forged := bytes.Clone(sealed)
			forged[len(forged)-1] ^= 1
			next := func() []byte {
				b := make([]byte, readBuffer)
				require.NoError(t, in.SetReadDeadline(time.Now().Add(10*time.Second)))
				n, _, err := in.ReadFromAddrPort(b)
				require.NoError(t, err)
				return b[:n]
			}
			send(sealed)
			send(sealed) // a replay
			require.Equal(t, sealed, next())
			send(forged)
			require.Equal(t, forged, next())
			send([]byte{0, 1, 0, 0})
			require.Equal(t, []byte{0, 1, 0, 0}, next())
			require.Equal(t, [][]byte{report}, opened)
			e.close()
			again, err := client.EncryptRTCP(nil, report, nil)
			require.NoError(t, err)
			send(again)
			require.Equal(t, again, next())
			require.Len(t, opened, 1)
		})
	}
}

// A client who does not read his TCP connection costs his own packets and nobody's time; one who reads gets whole frames.
func TestMediaOverTCPHasABoundedQueue(t *testing.T) {
	opened, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	l := newListener(opened)
	t.Cleanup(func() { _ = l.Close() })
	client, err := net.Dial("tcp4", l.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	_, err = l.Accept()
	require.NoError(t, err)
	c := l.find(client.LocalAddr().(*net.TCPAddr).AddrPort())
	require.NotNil(t, c)
	e, opening := sealing(t, srtp.ProtectionProfileAeadAes128Gcm, c)
	payload, sent, dropped := make([]byte, 1100), 0, 0
	for seq := range uint16(30_000) { // 33 MB, more than the kernel takes
		switch _, err := e.WriteRTP(header(t, seq), payload); err {
		case nil:
			sent++
		case errQueueFull:
			dropped++
		default:
			t.Fatal(err)
		}
	}
	require.Positive(t, dropped)
	require.NoError(t, client.SetReadDeadline(time.Now().Add(10*time.Second)))
	size, frame := make([]byte, frameHeader), make([]byte, readBuffer)
	for range sent {
		_, err := io.ReadFull(client, size)
		require.NoError(t, err)
		b := frame[:binary.BigEndian.Uint16(size)]
		_, err = io.ReadFull(client, b)
		require.NoError(t, err)
		_, err = opening.DecryptRTP(nil, b, nil)
		require.NoError(t, err)
	}
	require.NoError(t, c.Close())
	require.Nil(t, l.find(client.LocalAddr().(*net.TCPAddr).AddrPort()))
}

func TestSealingAllocatesNothing(t *testing.T) {
	out := batching(t)
	_, addr := socket(t)
	e, _ := sealing(t, srtp.ProtectionProfileAeadAes128Gcm, out.Destination(addr))
	h, payload := header(t, 0), make([]byte, 1100)
	require.Zero(t, testing.AllocsPerRun(2000, func() {
		h.SequenceNumber++
		_, _ = e.WriteRTP(h, payload)
		out.Flush()
	}))
}

// BenchmarkEgress seals pictures of five packets and sends them over the loopback interface, to each destination in turn.
// An operation is one packet.
func BenchmarkEgress(b *testing.B) {
	const burst = 5
	for _, profile := range []srtp.ProtectionProfile{srtp.ProtectionProfileAeadAes128Gcm, srtp.ProtectionProfileAes128CmHmacSha1_80} {
		for _, destinations := range []int{1, 10, 50, 100} {
			b.Run(fmt.Sprintf("%s/to=%d", profile, destinations), func(b *testing.B) {
				out := batching(b)
				list := make([]*egress, destinations)
				for i := range list {
					to, addr := socket(b)
					require.NoError(b, to.SetReadBuffer(64<<10)) // or the kernel's memory is measured
					list[i], _ = sealing(b, profile, out.Destination(addr))
				}
				h, payload := header(b, 0), make([]byte, 1138)
				b.ReportAllocs()
				for n := 0; b.Loop(); n++ {
					h.SequenceNumber = uint16(n/burst/destinations*burst + n%burst)
					_, _ = list[n/burst%destinations].WriteRTP(h, payload)
					if n%(burst*destinations) == burst*destinations-1 {
						out.Flush()
					}
				}
			})
		}
	}
}

package sfu

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"lectern/sfu/internal/bwe"
	"lectern/sfu/internal/udp"
)

// sink is where an outgoing track writes in these tests.
type sink struct {
	keep    bool
	packets []rtp.Packet
}

func (s *sink) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	if s.keep {
		s.packets = append(s.packets, rtp.Packet{Header: h.Clone(), Payload: slices.Clone(payload)})
	}
	return len(payload), nil
}
func (s *sink) Write([]byte) (int, error) { return 0, nil }

// fanOut is a receiver of one kind with n subscribers whose tracks are open.
func fanOut(tb testing.TB, kind webrtc.RTPCodecType, n int, keep bool) (*layer, []*sink) {
	tb.Helper()
	m, err := newMetrics(nil)
	if err != nil {
		tb.Fatal(err)
	}
	out, err := udp.Listen(udp.Config{Address: "127.0.0.1:0"})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = out.Close() })
	p := &peer{id: "ann", server: &Server{metrics: m, transport: &transport{udp: out}}}
	r := newReceiver(p, "0", kind, nil)
	l := &layer{receiver: r}
	l.codecs[96], l.codecs[111] = codecVP8, codecOpus
	l.ids.level = 1
	if kind == webrtc.RTPCodecTypeVideo {
		l.packets = new(cache)
	}
	l.keyframes.last.Store(1 << 62) // nobody to ask
	l.burst = newBurst(l.forward)
	r.addLayer(l)
	var sinks []*sink
	for range n {
		s := &sink{keep: keep}
		sub := &subscriber{peer: p}
		sub.path.estimator = bwe.New()
		d := newDownTrack(r, sub, defaultSource(kind))
		d.stream.writer, d.stream.ssrc, d.stream.rtxSSRC = s, 77, 78
		d.stream.payloadTypes = [codecCount]uint8{codecOpus: 111, codecVP8: 100}
		d.stream.rtxTypes[codecVP8] = 101
		d.stream.header = rtp.Header{Version: 2, SSRC: 77}
		d.stream.rtxHeader = rtp.Header{Version: 2, SSRC: 78}
		d.stream.setExtensions(5, 3)
		d.target, d.open = l, true
		r.subscribe(d)
		sinks = append(sinks, s)
	}
	return l, sinks
}

// datagram makes a packet of a picture.
func datagram(seq uint16, key bool) []byte {
	b := make([]byte, 1162)
	b[0], b[1], b[2], b[3] = 0x80, 0x80|96, byte(seq>>8), byte(seq)
	b[12], b[13] = 0x10, 1
	if key {
		b[13] = 0
	}
	return b
}

func TestPicturesBeginWithAKeyframeAndAreResentOnce(t *testing.T) {
	l, sinks := fanOut(t, webrtc.RTPCodecTypeVideo, 2, true)
	var p packet
	for i, key := range []bool{false, true, false, false} {
		l.receive(datagram(uint16(i), key), int64(i), &p)
		l.receive(datagram(uint16(i), key), int64(i), &p) // a probe repeats it
	}
	for _, s := range sinks {
		if len(s.packets) != 3 || s.packets[0].Payload[1] != 0 || s.packets[0].PayloadType != 100 || s.packets[0].SSRC != 77 {
			t.Fatalf("%d packets: %v", len(s.packets), s.packets)
		}
		if s.packets[2].SequenceNumber-s.packets[0].SequenceNumber != 2 {
			t.Error("numbers have a gap")
		}
	}
	d, s := (*l.receiver.subs.Load())[0], sinks[0]
	lost := s.packets[1]
	at := int64(1e9)
	if !d.resend(lost.SequenceNumber, at) || d.resend(lost.SequenceNumber, at+defaultRTT-1) || !d.resend(lost.SequenceNumber, at+defaultRTT) {
		t.Error("sent again not just once per round trip")
	}
	if d.resend(lost.SequenceNumber-2, at) || d.resend(lost.SequenceNumber+2, at) {
		t.Error("sent again what was never sent")
	}
	rtx := s.packets[3]
	osn := uint16(rtx.Payload[0])<<8 | uint16(rtx.Payload[1])
	if rtx.SSRC != 78 || rtx.PayloadType != 101 || osn != lost.SequenceNumber || rtx.Timestamp != lost.Timestamp ||
		!slices.Equal(rtx.Payload[2:], lost.Payload) {
		t.Errorf("RTX %v of %v", rtx.Header, lost.Header)
	}
	l.receiver.allowed.Store(false)
	if d.resend(lost.SequenceNumber, at+5*defaultRTT) {
		t.Error("a stopped source was sent again")
	}
	l.receive(datagram(4, true), 5, &p)
	if len(s.packets) != 5 {
		t.Error("a stopped source was forwarded")
	}
}

func TestTransportWideNumbersRunOverAllThatIsSent(t *testing.T) {
	l, sinks := fanOut(t, webrtc.RTPCodecTypeVideo, 1, true)
	var p packet
	for i := range uint16(5) {
		l.receive(datagram(i, i == 0), int64(i), &p)
	}
	d, s := (*l.receiver.subs.Load())[0], sinks[0]
	if !d.resend(s.packets[2].SequenceNumber, 1e9) {
		t.Fatal("not sent again")
	}
	d.bound, d.negotiated, d.connected = true, true, true
	if size := d.pad(2e9); size != rtpHeaderSize+8+paddingSize {
		t.Errorf("padding of %d bytes", size)
	}
	if len(s.packets) != 7 {
		t.Fatalf("%d packets", len(s.packets))
	}
	for i, packet := range s.packets {
		if !slices.Equal(packet.GetExtension(3), []byte{0, byte(i)}) {
			t.Errorf("packet %d has the number %v", i, packet.GetExtension(3))
		}
	}
	if last := s.packets[6]; !last.Padding || last.SSRC != 78 || last.SequenceNumber != s.packets[5].SequenceNumber+1 {
		t.Errorf("padding %v", last.Header)
	}
	d.receiver().allowed.Store(false)
	if d.pad(3e9) != 0 {
		t.Error("padding of a track that is stopped")
	}
}

func TestSoundCarriesItsLevel(t *testing.T) {
	l, sinks := fanOut(t, webrtc.RTPCodecTypeAudio, 1, true)
	var p packet
	l.receive([]byte{0x90, 111, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde, 0, 1, 0x10, 0x94, 0, 0, 'x'}, 1, &p)
	l.receive([]byte{0x80, 111, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 'x'}, 1, &p)
	got := sinks[0].packets
	if len(got) != 2 || !slices.Equal(got[0].GetExtension(5), []byte{0x94}) || got[1].GetExtension(5) != nil {
		t.Errorf("%v", got)
	}
	if share, loud := l.receiver.level.take(); share != 1 || loud != 107 {
		t.Errorf("speech %v, %v dB", share, loud)
	}
}

// BenchmarkForward is everything done with one packet of 1,150 bytes between the socket's layers: parse, window, cache,
// rewrite and hand to n subscribers, without encryption and system calls.
func BenchmarkForward(b *testing.B) {
	for _, n := range []int{1, 10, 50, 100, 500} {
		b.Run(fmt.Sprintf("subscribers=%d", n), func(b *testing.B) {
			l, _ := fanOut(b, webrtc.RTPCodecTypeVideo, n, false)
			var p packet
			packet := datagram(0, true)
			l.receive(packet, 1, &p)
			for i := range 2 * cacheSize { // fill the cache's buffers
				packet[2], packet[3] = byte((i+1)>>8), byte(i+1)
				l.receive(packet, 1, &p)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				seq := uint16(i + 2*cacheSize + 1)
				packet[2], packet[3] = byte(seq>>8), byte(seq)
				l.receive(packet, int64(i), &p)
			}
			b.StopTimer()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/subscriber")
			if got := (*l.receiver.subs.Load())[n-1].stream.packets; got != uint32(b.N+2*cacheSize+1) {
				b.Fatalf("%d packets forwarded of %d", got, b.N+2*cacheSize+1)
			}
		})
	}
}

package sfu

import (
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

func marshal(tb testing.TB, p rtcp.Packet) []byte {
	tb.Helper()
	b, err := p.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestFeedbackReachesItsTrack(t *testing.T) {
	l, sinks := fanOut(t, webrtc.RTPCodecTypeVideo, 1, true)
	var p packet
	for i := range uint16(3) {
		l.receive(datagram(i, i == 0), int64(i), &p)
	}
	d := (*l.receiver.subs.Load())[0]
	d.ssrc.Store(77)
	sub := d.sub
	sub.tracks = []*downTrack{d}
	take := func(p rtcp.Packet, ssrc uint32) {
		t.Helper()
		if err := sub.receiveRTCP(marshal(t, p), ssrc, 1e9); err != nil {
			t.Fatal(err)
		}
	}
	take(&rtcp.TransportLayerNack{MediaSSRC: 77, Nacks: []rtcp.NackPair{{PacketID: sinks[0].packets[1].SequenceNumber}}}, 77)
	take(&rtcp.TransportLayerNack{MediaSSRC: 99, Nacks: []rtcp.NackPair{{PacketID: sinks[0].packets[2].SequenceNumber}}}, 99)
	if n := len(sinks[0].packets); n != 4 {
		t.Errorf("%d packets after the NACKs", n)
	}

	if bits := sub.bandwidth(1e9); bits < 1<<40 {
		t.Errorf("%d bits before anything is known", bits)
	}
	report := &rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: 77, FractionLost: 128}, {SSRC: 88}}}
	take(report, 88) // Pion hands it over for each of its blocks
	if sub.path.heard {
		t.Error("the report was taken for its second block")
	}
	take(report, 77)
	if bits := sub.bandwidth(1e9); bits > 5_000_000 {
		t.Errorf("%d bits with half of the packets lost", bits)
	}
	take(&rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: 400_000, SSRCs: []uint32{77}}, 77)
	if bits := sub.bandwidth(1e9); bits != 400_000 {
		t.Errorf("%d bits where the client says 400,000", bits)
	}
	for range 10 {
		if err := sub.receiveRTCP([]byte{0x8f, byte(rtcp.TypeTransportSpecificFeedback), 0, 1, 1, 2, 3, 4}, 77, 1e9); err == nil {
			t.Error("transport-wide feedback without content was taken")
		}
	}
}

func TestRepairsGetHalfOfTheBandwidth(t *testing.T) {
	l, _ := fanOut(t, webrtc.RTPCodecTypeVideo, 1, false)
	sub := (*l.receiver.subs.Load())[0].sub
	sub.path.received(0, 0)
	sub.path.remb(&rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: 400_000}, 0)
	bytes := 0
	for at := int64(0); at < 4e9; at += 1e6 {
		if sub.mayRepair(1000, at) {
			bytes += 1000
		}
	}
	if bits := bytes * 8 / 4; bits < 180_000 || bits > 240_000 {
		t.Errorf("%d bits a second of repairs", bits)
	}
}

// FuzzFeedback is whatever a subscriber may send as RTCP.
func FuzzFeedback(f *testing.F) {
	f.Add(marshal(f, &rtcp.TransportLayerNack{MediaSSRC: 77, Nacks: []rtcp.NackPair{{PacketID: 1, LostPackets: 0xffff}}}))
	f.Add(marshal(f, &rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: 77, FractionLost: 255, TotalLost: 1 << 23}}}))
	f.Add(marshal(f, &rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: 1e30, SSRCs: []uint32{77}}))
	f.Add(marshal(f, &rtcp.FullIntraRequest{MediaSSRC: 77, FIR: []rtcp.FIREntry{{SSRC: 77}}}))
	f.Add([]byte{0x8f, byte(rtcp.TypeTransportSpecificFeedback), 0, 4, 0, 0, 0, 1, 0, 0, 0, 77, 0, 0, 0, 1, 0, 0, 1, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		l, _ := fanOut(t, webrtc.RTPCodecTypeVideo, 1, false)
		var p packet
		for i := range uint16(30) {
			l.receive(datagram(i, i == 0), int64(i)*1e6, &p)
		}
		d := (*l.receiver.subs.Load())[0]
		d.ssrc.Store(77)
		d.sub.tracks = []*downTrack{d}
		for i := range int64(3) {
			_ = d.sub.receiveRTCP(b, 77, 1e9+i*1e9)
			if bits := d.sub.bandwidth(1e9 + i*1e9); bits < 0 {
				t.Fatalf("%d bits", bits)
			}
		}
	})
}

package sfu

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// FuzzSubscriberRTCP: whatever a subscriber sends as RTCP is taken or refused; the picture goes on with the next number, and
// no estimate or loss leaves its bounds.
func FuzzSubscriberRTCP(f *testing.F) {
	const ssrc = 77
	for _, p := range []rtcp.Packet{
		&rtcp.TransportLayerNack{MediaSSRC: ssrc, Nacks: []rtcp.NackPair{{PacketID: 1, LostPackets: 0xffff}}},
		&rtcp.PictureLossIndication{MediaSSRC: ssrc},
		&rtcp.FullIntraRequest{MediaSSRC: ssrc, FIR: []rtcp.FIREntry{{SSRC: ssrc}}},
		&rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: ssrc, TotalLost: 0xffffff, LastSequenceNumber: 1 << 31, LastSenderReport: 1}}},
		&rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: 1, SSRCs: []uint32{ssrc}},
		&rtcp.SenderReport{SSRC: ssrc}, &rtcp.Goodbye{Sources: []uint32{ssrc}},
	} {
		raw, err := p.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, sinks := fanOut(t, webrtc.RTPCodecTypeVideo, 1, true)
		d := (*l.receiver.subs.Load())[0]
		s := d.sub
		s.tracks = []*downTrack{d}
		d.ssrc.Store(ssrc)
		at := int64(time.Hour)
		var p packet
		for seq := range uint16(4) {
			l.receive(datagram(seq, seq == 0), at, &p)
		}
		if len(sinks[0].packets) != 4 {
			t.Fatalf("%d packets", len(sinks[0].packets))
		}
		for range 3 {
			_ = s.receiveRTCP(raw, ssrc, at) // an error is counted, no more
			s.receiveCompound(raw)
			at += int64(100 * time.Millisecond)
		}
		l.receive(datagram(4, false), at, &p)
		last := sinks[0].packets[len(sinks[0].packets)-1]
		if last.SSRC != ssrc || last.SequenceNumber != sinks[0].packets[0].SequenceNumber+4 {
			t.Errorf("after it comes number %d of %d", last.SequenceNumber, last.SSRC)
		}
		if s.bandwidth(at) < 0 {
			t.Error("a bandwidth below zero")
		}
		count, rtt := s.takeLoss(nil, at)
		if share := count.share(); share > 1 || rtt < 0 {
			t.Errorf("loss %v, round trip %v", share, rtt)
		}
	})
}

// FuzzPublisherReports: sender reports of any content leave a clock that gives times.
func FuzzPublisherReports(f *testing.F) {
	f.Add(uint64(1)<<63, uint32(5), int64(1), uint32(90000), uint32(1<<31))
	f.Fuzz(func(t *testing.T, ntp uint64, ts uint32, passed int64, rate, later uint32) {
		if rate = rate%90000 + 1; passed < 0 {
			passed = -(passed + 1)
		}
		var c senderClock
		c.set(ntp, ts, 0)
		if _, _, ok := c.read(passed, rate); !ok {
			t.Error("a clock that was set gives no time")
		}
		if _, ok := c.wall(later, rate); !ok {
			t.Error("nor that of a timestamp")
		}
	})
}

package sfutest

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// floodTick is how often a hostile participant sends a burst.
const floodTick = 5 * time.Millisecond

// Flood sends, beside the publication's own packets, so many a second that no encoder sends: jumping numbers, truncated
// and random payloads, odd header extensions. It ends with the participant.
func (p *Publication) Flood(perSecond int) {
	p.peer.running.Go(func() {
		ticker := time.NewTicker(floodTick)
		defer ticker.Stop()
		for !p.done(ticker) {
			for range perSecond * int(floodTick) / int(time.Second) {
				_ = p.track.WriteRTP(oddPacket())
			}
		}
	})
}

func oddPacket() *rtp.Packet {
	packet := &rtp.Packet{
		Header: rtp.Header{
			Version: 2, Marker: rand.IntN(2) == 0, SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32(),
		},
		Payload: make([]byte, rand.IntN(1200)),
	}
	for i := 0; i+8 <= len(packet.Payload); i += 8 {
		binary.BigEndian.PutUint64(packet.Payload[i:], rand.Uint64())
	}
	if rand.IntN(2) == 0 {
		_ = packet.SetExtension(uint8(1+rand.IntN(14)), packet.Payload[:min(len(packet.Payload), rand.IntN(16))]) // or without one
	}
	return packet
}

// Pester sends so much feedback a second about what it receives that no decoder sends: NACKs of everything, requests for
// keyframes, impossible reports and estimates, and bytes that are no RTCP at all. It ends with the participant.
func (r *Received) Pester(perSecond int) {
	ssrc := uint32(r.ssrc)
	r.peer.running.Go(func() {
		ticker := time.NewTicker(floodTick)
		defer ticker.Stop()
		for {
			select {
			case <-r.peer.stop:
				return
			case <-ticker.C:
			}
			for range perSecond * int(floodTick) / int(time.Second) {
				_ = r.peer.sub.WriteRTCP([]rtcp.Packet{oddFeedback(ssrc)})
			}
		}
	})
}

func oddFeedback(ssrc uint32) rtcp.Packet {
	switch rand.IntN(6) {
	case 0:
		nack := &rtcp.TransportLayerNack{MediaSSRC: ssrc}
		for range 200 {
			nack.Nacks = append(nack.Nacks, rtcp.NackPair{PacketID: uint16(rand.Uint32()), LostPackets: rtcp.PacketBitmap(rand.Uint32())})
		}
		return nack
	case 1:
		return &rtcp.PictureLossIndication{MediaSSRC: ssrc}
	case 2:
		return &rtcp.FullIntraRequest{MediaSSRC: ssrc, FIR: []rtcp.FIREntry{{SSRC: ssrc, SequenceNumber: uint8(rand.Uint32())}}}
	case 3:
		return &rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{
			SSRC: ssrc, FractionLost: uint8(rand.Uint32()), TotalLost: rand.Uint32() & 0xffffff, LastSequenceNumber: rand.Uint32(),
			Jitter: rand.Uint32(), LastSenderReport: rand.Uint32(), Delay: rand.Uint32(),
		}}}
	case 4:
		return &rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: float32(rand.Uint32()), SSRCs: []uint32{ssrc}}
	}
	// Transport-wide feedback with a random rest, or of no known format.
	raw := make([]byte, 32)
	for i := 0; i < len(raw); i += 8 {
		binary.BigEndian.PutUint64(raw[i:], rand.Uint64())
	}
	raw[0], raw[1], raw[2], raw[3] = 0x80|byte(rand.IntN(32)), byte(rtcp.TypeTransportSpecificFeedback), 0, byte(len(raw)/4-1)
	binary.BigEndian.PutUint32(raw[8:], ssrc)
	packet := rtcp.RawPacket(raw)
	return &packet
}

package loadtest

import (
	"encoding/binary"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// stream is one track that a participant receives.
type stream struct {
	p        *participant
	ssrc     uint32
	video    bool
	receiver *webrtc.RTPReceiver

	mu       sync.Mutex // guards the rest
	sequence sequence
	nacks    uint64
	reported struct{ expected, received uint64 } // at the last receiver report
	lastSR   uint32                              // middle bits of the last sender report's wall clock
	lastSRAt time.Duration
}

// receive is called by Pion for each incoming track.
func (p *participant) receive(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	s := &stream{p: p, ssrc: uint32(remote.SSRC()), video: remote.Kind() == webrtc.RTPCodecTypeVideo, receiver: receiver}
	p.mu.Lock()
	p.streams = append(p.streams, s)
	p.mu.Unlock()
	p.load.running.Go(s.readRTCP)
	p.load.running.Go(func() { s.read(remote) })
}

func (s *stream) read(remote *webrtc.TrackRemote) {
	buf := make([]byte, 1500)
	var due []uint16
	for {
		n, _, err := remote.Read(buf)
		if err != nil {
			return
		}
		now := clock()
		seq, payload := parse(buf[:n])
		if len(payload) == 0 { // padding of a probe
			continue
		}
		s.mu.Lock()
		fresh := s.sequence.add(seq, now)
		due = due[:0]
		if s.video && len(s.sequence.missing) > 0 {
			due = s.sequence.due(now, due)
			s.nacks += uint64(len(due))
		}
		s.mu.Unlock()
		if len(due) > 0 {
			s.write(&rtcp.TransportLayerNack{MediaSSRC: s.ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(due)})
		}
		if !fresh {
			continue
		}
		s.p.first.Do(func() {
			s.p.took = now - s.p.asked
			close(s.p.media)
		})
		if at, ok := readStamp(payload, s.video); ok && s.p.load.measuring.Load() {
			s.p.load.delays.add(now - at)
		}
	}
}

// parse reads what is needed of an RTP packet that Pion has already found well formed.
func parse(b []byte) (seq uint16, payload []byte) {
	if len(b) < 12 {
		return 0, nil
	}
	seq = binary.BigEndian.Uint16(b[2:])
	start := 12 + 4*int(b[0]&0x0f)
	if b[0]&0x10 != 0 && len(b) >= start+4 {
		start += 4 + 4*int(binary.BigEndian.Uint16(b[start+2:]))
	}
	end := len(b)
	if b[0]&0x20 != 0 {
		end -= int(b[len(b)-1])
	}
	if start >= end {
		return seq, nil
	}
	return seq, b[start:end]
}

func (s *stream) write(packets ...rtcp.Packet) {
	_ = s.p.sub.WriteRTCP(packets) // a connection that is gone needs no feedback
}

// readRTCP notes the sender reports, which the next receiver report refers to.
func (s *stream) readRTCP() {
	for {
		packets, _, err := s.receiver.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			if sr, ok := packet.(*rtcp.SenderReport); ok && sr.SSRC == s.ssrc {
				s.mu.Lock()
				s.lastSR, s.lastSRAt = uint32(sr.NTPTime>>16), clock()
				s.mu.Unlock()
			}
		}
	}
}

// report makes the reception report (RFC 3550, section 6.4.1) since the last one.
func (s *stream) report(now time.Duration) rtcp.ReceptionReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	expected, received := s.sequence.expected(), s.sequence.received
	r := rtcp.ReceptionReport{
		SSRC: s.ssrc, LastSequenceNumber: uint32(s.sequence.highest), TotalLost: uint32(max(0, int64(expected-received))) & 0xffffff,
		LastSenderReport: s.lastSR,
	}
	want, got := expected-s.reported.expected, received-s.reported.received
	if want > got {
		r.FractionLost = uint8(min(255, (want-got)*256/want))
	}
	if s.lastSR != 0 {
		r.Delay = uint32((now - s.lastSRAt) * 65536 / time.Second)
	}
	s.reported.expected, s.reported.received = expected, received
	return r
}

// count is the stream's contribution to a snapshot.
func (s *stream) count(c *counts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.received += s.sequence.received
	if s.video {
		c.video += s.sequence.received
	}
	c.expected += s.sequence.expected()
	c.gaps += s.sequence.gaps
	c.nacks += s.nacks
	c.duplicates += s.sequence.duplicates
}

// feedback sends what receivers say: transport-wide feedback every 100 ms and a receiver report every second, for all
// participants from one goroutine, spread over time.
func (l *load) feedback() {
	const slots = 10
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for round := 0; l.tick(ticker); round++ {
		now := clock()
		for _, p := range l.inside() {
			out := p.wide.take()
			p.mu.Lock()
			streams := p.streams
			p.mu.Unlock()
			if p.index%slots == round%slots {
				out = append(out, reports(p, streams, now)...)
			}
			if len(out) > 0 {
				_ = p.sub.WriteRTCP(out) // a connection that is gone needs no feedback
			}
		}
	}
}

// reports are receiver reports of at most 31 blocks each, as the format allows.
func reports(p *participant, streams []*stream, now time.Duration) (out []rtcp.Packet) {
	const most = 31
	for len(streams) > 0 {
		n := min(most, len(streams))
		rr := &rtcp.ReceiverReport{SSRC: uint32(p.index) + 1}
		for _, s := range streams[:n] {
			rr.Reports = append(rr.Reports, s.report(now))
		}
		out, streams = append(out, rr), streams[n:]
	}
	return out
}

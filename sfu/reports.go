package sfu

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
)

// senderClock is the relation of wall clock and RTP timestamps at the publisher, from its last sender report. Reports to
// subscribers are made from it, so that sound and picture of one participant keep the publisher's common clock.
type senderClock struct {
	mu  sync.Mutex // guards the rest
	ok  bool
	ntp uint64 // 32.32 fixed point seconds
	rtp uint32
	at  int64 // when the report came, nanoseconds
}

func (c *senderClock) set(ntp uint64, rtp uint32, at int64) {
	c.mu.Lock()
	c.ok, c.ntp, c.rtp, c.at = true, ntp, rtp, at
	c.mu.Unlock()
}

// wallOffset turns a publisher's wall clock into this machine's, by a constant that its first report gives: all its tracks
// stay together. A media line may be passed on to another publisher, and clients go on comparing its reports with those of the
// lines of the first one.
type wallOffset struct {
	once sync.Once
	ntp  uint64
}

func (o *wallOffset) ours(ntp uint64, at int64) uint64 {
	o.once.Do(func() { o.ntp = ntpEpoch + ntpDuration(at) - ntp })
	return ntp + o.ntp
}

// ntpEpoch is the NTP time of the instant 0.
var ntpEpoch = uint64(started.Unix()+2_208_988_800) << 32

// read gives the publisher's wall clock and RTP timestamp at the instant now.
func (c *senderClock) read(at int64, rate uint32) (ntp uint64, rtp uint32, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ok {
		return 0, 0, false
	}
	passed := at - c.at
	return c.ntp + ntpDuration(passed), c.rtp + uint32(passed/1000*int64(rate)/1_000_000), true
}

// wall gives the publisher's wall clock at an RTP timestamp near the last report, in 32.32 fixed point seconds.
func (c *senderClock) wall(ts, rate uint32) (ntp uint64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ntp + uint64(int64(int32(ts-c.rtp))<<32/int64(rate)), c.ok
}

// ntpDuration converts nanoseconds to 32.32 fixed point seconds.
func ntpDuration(ns int64) uint64 {
	s, rest := uint64(ns)/uint64(time.Second), uint64(ns)%uint64(time.Second)
	return s<<32 + rest<<32/uint64(time.Second)
}

// report makes the sender report (RFC 3550, section 6.4.1) of an outgoing track, or nil while there is nothing to say.
func (d *downTrack) report(at int64) *rtcp.SenderReport {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open || d.layer == nil || !d.stream.forwarder.based {
		return nil
	}
	ntp, ts, ok := d.layer.clock.read(at, d.stream.forwarder.rate)
	if !ok {
		return nil
	}
	d.stream.reported, d.stream.reportedAt = uint32(ntp>>16), at
	return &rtcp.SenderReport{
		SSRC: d.stream.ssrc, NTPTime: ntp, RTPTime: ts + d.stream.forwarder.tsOffset,
		PacketCount: d.stream.packets, OctetCount: d.stream.octets,
	}
}

// roundTrip notes a reception report, and learns the round trip time from one that answers the last sender report.
func (s *stream) roundTrip(r rtcp.ReceptionReport, at int64) {
	s.reception.note(r, at)
	if r.LastSenderReport == 0 || r.LastSenderReport != s.reported {
		return
	}
	rtt := at - s.reportedAt - int64(r.Delay)*int64(time.Second)/65536
	if rtt > 0 && rtt < int64(5*time.Second) {
		s.rtt = rtt
	}
}

package sfu

import "math/rand/v2"

// forwarder rewrites sequence numbers and timestamps so that the receiver of an outgoing stream sees one unbroken
// stream whatever was paused or switched behind it. It is pure: time comes in with the packets.
type forwarder struct {
	rate      uint32 // timestamp units per second
	based     bool   // the offsets below are valid
	sent      bool   // something was sent before
	seqOffset uint16 // outgoing minus incoming
	tsOffset  uint32
	first     uint16 // incoming number at which the present stretch began
	highest   uint16 // highest outgoing number
	lastTS    uint32 // outgoing timestamp of that packet
	lastAt    int64  // its arrival, nanoseconds
}

// newForwarder begins at a random number and timestamp (RFC 3550, section 5.1). The number's upper half is left free,
// so that no receiver takes the first packets for a wrap.
func newForwarder(rate uint32) forwarder {
	return forwarder{rate: rate, highest: uint16(rand.Uint32()) >> 1, lastTS: rand.Uint32()}
}

// pause ends the stretch: the next packet begins another.
func (f *forwarder) pause() { f.based = false }

// rewrite gives the outgoing sequence number and timestamp, in a stretch that was begun. It reports false for a packet from
// before it, which has no place in the outgoing stream.
func (f *forwarder) rewrite(p *packet) (seq uint16, ts uint32, ok bool) {
	if newer(f.first, p.seq) {
		return 0, 0, false
	}
	if p.seq-f.first > 1<<14 { // stay within half the number space
		f.first = p.seq - 1<<13
	}
	seq, ts = p.seq+f.seqOffset, p.ts+f.tsOffset
	if !f.sent || newer(seq, f.highest) {
		f.highest, f.lastTS, f.lastAt, f.sent = seq, ts, p.at, true
	}
	return seq, ts, true
}

// slack is how far a publisher's clock may differ from the arrival of its packets, in seconds.
const slack = 1

// begin starts a stretch with p: the next number, and a timestamp later by as much as passed at the publisher since the
// packet sent last. That is passed, in timestamp units; where it is not known, or contradicts the arrival of the packets
// by more than slack, the arrival counts. Time never goes back.
func (f *forwarder) begin(p *packet, passed int64, known bool) {
	f.based, f.first = true, p.seq
	if !f.sent {
		f.seqOffset, f.tsOffset = f.highest-p.seq, f.lastTS-p.ts // both are random, set by newForwarder
		return
	}
	arrived := max(p.at-f.lastAt, 0) / 1000 * int64(f.rate) / 1_000_000
	if most := slack * int64(f.rate); !known || passed > arrived+most || passed < arrived-most {
		passed = arrived
	}
	f.seqOffset = f.highest + 1 - p.seq
	f.tsOffset = f.lastTS + uint32(max(passed, 1)) - p.ts
}

// lastIn is the incoming timestamp of the packet sent last.
func (f *forwarder) lastIn() uint32 { return f.lastTS - f.tsOffset }

// source tells which incoming sequence number was sent as seq, in the present stretch.
func (f *forwarder) source(seq uint16) (uint16, bool) {
	in := seq - f.seqOffset
	return in, f.based && f.sent && !newer(f.first, in) && !newer(seq, f.highest)
}

package sfu

import (
	"time"

	"lectern/sfu/internal/bwe"
)

const (
	probeStep   = 5 * time.Millisecond // between two bursts of padding
	paddingSize = 224                  // bytes in a packet: as much as browsers send
)

// padding is the payload of such a packet: its last byte says how long it is (RFC 3550, section 5.1).
var padding = [paddingSize]byte{paddingSize - 1: paddingSize}

// probe begins a probe if one is due: the allocator wishes for more than the estimate, and there is a stream to pad.
func (s *subscriber) probe(at int64) {
	p := &s.path
	if !p.negotiated.Load() {
		return
	}
	d := s.padded()
	if d == nil {
		return
	}
	p.mu.Lock()
	probe, due := bwe.Probe{}, false
	if !p.probing {
		probe, due = p.estimator.Probe(at)
		p.probing = due
	}
	p.mu.Unlock()
	if due {
		s.peer.server.run(func() { s.pad(d, probe) })
	}
}

// padded is a track on whose retransmission stream padding may be sent, rather one that flows; nil: there is none.
func (s *subscriber) padded() (found *downTrack) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.tracks {
		flows, possible := d.mayPad()
		if flows {
			return d
		}
		if possible && found == nil {
			found = d
		}
	}
	return found
}

// pad fills what is sent up to the probe's rate, evenly, for its duration.
func (s *subscriber) pad(d *downTrack, probe bwe.Probe) {
	p := &s.path
	ticker := time.NewTicker(probeStep)
	defer ticker.Stop()
	for begun, passed := now(), int64(0); passed < probe.Duration; {
		select {
		case <-s.done:
			return
		case <-ticker.C:
		}
		at := now()
		passed = min(at-begun, probe.Duration)
		p.mu.Lock()
		due := int(int64(probe.Rate)*passed/(8*int64(time.Second))) - p.estimator.ProbeSent()
		p.mu.Unlock()
		for due > 0 {
			n := d.pad(at)
			if n == 0 {
				break
			}
			due -= n + bwe.Overhead
		}
	}
	p.mu.Lock()
	p.estimator.Probed(now())
	p.probing = false
	p.mu.Unlock()
}

// mayPad tells whether padding may be sent beside the track, and whether the track flows.
func (d *downTrack) mayPad() (flows, possible bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	possible = d.bound && d.negotiated && d.connected && !d.ended && d.stream.rtxSSRC != 0 && d.stream.paddingType() != 0 &&
		d.receiver().allowed.Load()
	return possible && d.open, possible
}

// pad sends a packet of padding and returns its size, 0 when the track has gone meanwhile.
func (d *downTrack) pad(at int64) int {
	if _, possible := d.mayPad(); !possible {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stream.sendPadding(at)
}

// paddingType is the payload type of the retransmission stream; 0: there is none.
func (s *stream) paddingType() uint8 {
	for _, t := range s.rtxTypes {
		if t != 0 {
			return t
		}
	}
	return 0
}

// sendPadding sends nothing but padding on the retransmission stream, where no receiver looks for pictures in it.
func (s *stream) sendPadding(at int64) int {
	s.rtxSeq++
	h := s.rtxHeader
	h.SequenceNumber, h.Timestamp, h.PayloadType = s.rtxSeq, s.forwarder.lastTS, s.paddingType()
	h.Marker, h.Padding = false, true
	size := s.extend(&h, nil, paddingSize, at) + paddingSize
	if _, err := s.writer.WriteRTP(&h, padding[:]); err != nil {
		return 0
	}
	return size
}

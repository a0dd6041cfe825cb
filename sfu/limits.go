package sfu

import (
	"fmt"
	"time"
)

// Limits are those that an installation sets. Zero means the default, or no limit where none is named.
type Limits struct {
	Voices       int // microphones of a room that are forwarded at a time, the loudest; 5
	Participants int // in a room
	Rooms        int
	Egress       int // bits a second to all participants together, beyond which nobody else gets in
	TrackRate    int // bits a second of one layer of a picture, beyond which its packets are dropped; 12 million
}

// What one layer may send besides: packets, and sound of any kind. Bursts last as long as bucketDepth.
const (
	defaultTrackRate = 12_000_000
	soundRate        = 1_500_000 // Opus has at most 510 kbit/s, RED doubles it
	picturePackets   = 3_000     // a second
	soundPackets     = 500       // 2.5 ms frames are 400
	feedbackRate     = 2_000_000 // RTCP of one connection
	feedbackPackets  = 1_000
	bucketDepth      = 2 * time.Second
)

// bucket is a token bucket of one reader: what it may still receive, in nanoseconds of its rates.
type bucket struct {
	perByte, perPacket int64 // nanoseconds that one costs
	fullAt             int64 // when it will be full again
	dropped            bool  // something was, and it was told
}

// newBucket takes rates per second.
func newBucket(bits, packets int) bucket {
	return bucket{perByte: 8 * int64(time.Second) / int64(bits), perPacket: int64(time.Second) / int64(packets)}
}

// take reports whether a packet of that size may pass. One that may not costs nothing.
func (b *bucket) take(size int, at int64) bool {
	cost := max(int64(size)*b.perByte, b.perPacket)
	full := max(b.fullAt, at)
	if full+cost-at > int64(bucketDepth) {
		return false
	}
	b.fullAt = full + cost
	return true
}

// bucketFor gives a layer's limits.
func (s *Server) bucketFor(sound bool) bucket {
	switch {
	case sound:
		return newBucket(soundRate, soundPackets)
	case s.limits.TrackRate > 0:
		return newBucket(s.limits.TrackRate, picturePackets)
	}
	return newBucket(defaultTrackRate, picturePackets)
}

// tellFlood says once that a layer is over its rate.
func (l *layer) tellFlood() {
	if l.bucket.dropped {
		return
	}
	l.bucket.dropped = true
	p := l.receiver.peer
	p.server.logger.Warn("a track is over its rate and loses packets", "room", p.room.id, "participant", p.id, "mid", l.receiver.mid, "rid", l.rid)
}

// checkPlace tells whether a participant may come into a room. Who is there already takes the own place; the caller
// holds mu.
func (s *Server) checkPlace(roomID, participant string) error {
	r := s.rooms[roomID]
	if had := s.peers[participant]; had != nil && had.room == r {
		return nil
	}
	if r == nil && s.limits.Rooms > 0 && len(s.rooms) >= s.limits.Rooms {
		return fmt.Errorf("%w: %d rooms", ErrBusy, len(s.rooms))
	}
	if r != nil && s.limits.Participants > 0 && len(r.members()) >= s.limits.Participants {
		return fmt.Errorf("%w: %d participants", ErrRoomFull, s.limits.Participants)
	}
	if rate := s.egress.Load(); s.limits.Egress > 0 && rate > int64(s.limits.Egress) {
		return fmt.Errorf("%w: %d bits a second are being sent", ErrBusy, rate)
	}
	return nil
}

// measureEgress keeps the rate of what is sent, over the last second, until the server closes.
func (s *Server) measureEgress() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for last, before := now(), int64(0); ; {
		select {
		case <-s.done:
			return
		case <-ticker.C:
		}
		sent, at := s.sent.Load(), now()
		s.egress.Store((sent - before) * 8 * int64(time.Second) / max(at-last, 1))
		before, last = sent, at
	}
}

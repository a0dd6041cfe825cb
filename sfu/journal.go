package sfu

import "time"

// Why somebody left, for the log.
const (
	leftByItself = "left"
	leftReplaced = "replaced by a newer connection"
	leftRoom     = "the room was closed"
	leftServer   = "the server closed"
)

// totals are what a participant sent and received, as far as the server handed it on.
type totals struct {
	received lossCount // from its publisher connection, after repair
	packets  int64     // to its subscriber connection
	bytes    int64
	refused  int64 // packets not sent to it for want of room in a queue
}

// add takes an outgoing track's share; its mutex is held.
func (t *totals) add(s *stream) {
	t.packets += int64(s.packets)
	t.bytes += int64(s.octets)
	t.refused += int64(s.refused)
}

// logJoin and logLeave are all that is written of a participant whose connections work.
func (p *peer) logJoin(others int) {
	p.server.logger.Info("media: joined", "room", p.room.id, "participant", p.id, "others", others)
}

func (p *peer) logLeave(reason string, t totals) {
	p.server.logger.Info("media: left", "room", p.room.id, "participant", p.id, "reason", reason,
		"seconds", (now()-p.since)/int64(time.Second), "connected", p.live.alive(),
		"packets_received", t.received.expected-t.received.lost, "packets_lost", t.received.lost,
		"packets_sent", t.packets, "bytes_sent", t.bytes, "packets_dropped", t.refused)
}

// totals sums what there was, before p leaves its room.
func (p *peer) totals() totals {
	p.room.mu.Lock()
	t := p.gone
	for _, rec := range p.receivers {
		for _, l := range rec.encodings() {
			t.received.add(l.allLoss())
		}
	}
	p.room.mu.Unlock()
	s := p.sub
	s.mu.Lock()
	defer s.mu.Unlock()
	t.packets, t.bytes, t.refused = s.gone.packets, s.gone.bytes, s.gone.refused
	for _, d := range s.tracks {
		d.mu.Lock()
		t.add(&d.stream)
		d.mu.Unlock()
	}
	return t
}

package sfu

import (
	"math"
	"sync/atomic"
	"time"
)

// PeerStats is what an operator sees of one participant. Rates are in bits per second, losses are shares from 0 to 1.
type PeerStats struct {
	Participant string
	Quality     Quality
	Connected   bool
	Estimate    int // what may be spent on sending to it; 0: not known
	Publishing  []PublishedStats
	Receiving   []ReceivedStats
}

// PublishedStats is a track that a participant sends. Heard is for microphones: among the loudest.
type PublishedStats struct {
	MID            string
	Source         Source
	Allowed, Heard bool
	Layers         []LayerStats
}

// LayerStats is one encoding as it arrives. Packets counts each once; Lost is what never came.
type LayerStats struct {
	RID           string
	Codec         string
	Width, Height int
	Rate          int
	Packets, Lost int64
}

// ReceivedStats is a track on its way to a participant. Layer is the RID being sent.
type ReceivedStats struct {
	Participant string
	Source      Source
	Paused      bool
	Layer       string
	Packets     int64
	Bytes       int64
	Loss        float64 // of the last report
	Lost        int64   // since the first
	RoundTrip   time.Duration
	Jitter      time.Duration
	Resent      int64
	Dropped     int64 // not sent for want of room in a queue
}

// Stats tells of everybody in a room, in the order of their arrival; nil when there is nobody.
func (s *Server) Stats(roomID string) []PeerStats {
	s.mu.Lock()
	r := s.rooms[roomID]
	s.mu.Unlock()
	if r == nil {
		return nil
	}
	peers, receivers := r.snapshot()
	r.mu.Lock()
	published := map[*peer][]PublishedStats{}
	for _, rec := range receivers {
		published[rec.peer] = append(published[rec.peer], rec.stats())
	}
	r.mu.Unlock()
	list := make([]PeerStats, 0, len(peers))
	for _, p := range peers {
		st := PeerStats{Participant: p.id, Quality: qualities[p.graded.Load()], Connected: p.live.alive(), Publishing: published[p]}
		if bits := p.sub.bandwidth(now()); bits < math.MaxInt {
			st.Estimate = bits
		}
		for _, d := range p.sub.list() {
			st.Receiving = append(st.Receiving, d.stats())
		}
		list = append(list, st)
	}
	return list
}

// stats of an incoming track; the caller holds room.mu.
func (r *receiver) stats() PublishedStats {
	st := PublishedStats{MID: r.mid, Source: r.source, Allowed: r.allowed.Load(), Heard: r.voice.heard.Load()}
	for _, l := range r.encodings() {
		one := LayerStats{
			RID: l.rid, Codec: codecNames[l.coding.Load()],
			Packets: l.different.Load(), Lost: max(l.spanned.Load()-l.different.Load(), 0),
		}
		if now()-l.heard.Load() < 2*int64(time.Second) {
			one.Rate = int(l.meter.rate.Load())
		}
		if size := l.dimensions.Load(); size != 0 {
			one.Width, one.Height = int(size>>16), int(size&0xffff)
		}
		st.Layers = append(st.Layers, one)
	}
	return st
}

func (d *downTrack) stats() ReceivedStats {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &d.stream
	st := ReceivedStats{
		Participant: d.receiver().peer.id, Source: d.source, Paused: d.hidden,
		Packets: int64(s.packets), Bytes: int64(s.octets), Loss: s.reception.fraction, Lost: max(s.reception.all.lost, 0),
		RoundTrip: time.Duration(s.rtt), Resent: int64(s.repeated), Dropped: int64(s.refused),
		Jitter: time.Duration(s.reception.jitter) * time.Second / time.Duration(s.forwarder.rate),
	}
	if d.layer != nil && d.open && !d.waiting {
		st.Layer = d.layer.rid
	}
	return st
}

// meter gives the bit rate of a layer, over a second at a time. Its reader adds, others read.
type meter struct {
	rate  atomic.Int64
	bytes int64 // of the reader, as since
	since int64
}

func (m *meter) add(bytes int, at int64) {
	m.bytes += int64(bytes)
	if passed := at - m.since; passed >= int64(time.Second) {
		m.rate.Store(m.bytes * 8 * int64(time.Second) / passed)
		m.bytes, m.since = 0, at
	}
}

package sfu

import (
	"math/bits"
	"slices"
)

// alwaysCodecs may be sent without asking.
const alwaysCodecs = uint32(1<<codecVP8 | 1<<codecH264)

// tellPublishers says which encodings are worth sending, where that has changed: at once when somebody wants one again,
// a while after the last viewer has gone. What has not been seen yet counts as watched while somebody wants more than
// there is.
func (r *room) tellPublishers(peers []*peer, pictures []*receiver, at int64) {
	codecs := r.commonCodecs(peers, at)
	news := map[*peer]bool{}
	publishers := map[*peer][]ActiveLayers{}
	for _, rec := range pictures {
		l := &rec.ladder
		active := rec.active(at)
		told := l.told
		if told == nil {
			told = rec.rids
		}
		p := rec.peer
		if !slices.Equal(active, told) || p.demand.codecs != codecs {
			news[p] = true
		}
		l.told = active
		publishers[p] = append(publishers[p], ActiveLayers{MID: rec.mid, RIDs: active})
	}
	for p := range news {
		p.demand.codecs = codecs
		layers, names := publishers[p], codecList(codecs)
		p.out.send(func(s Signals) { s.Layers(layers, names) })
	}
}

// active are the RIDs of the encodings that are watched, or lately were.
func (r *receiver) active(at int64) []string {
	active := []string{}
	for _, rid := range r.rids {
		watched := r.ladder.larger
		for _, l := range r.ladder.layers {
			if l.rid == rid {
				watched = l.watched
				l.on = at-watched < offAfter
			}
		}
		if at-watched < offAfter {
			active = append(active, rid)
		}
	}
	return active
}

// commonCodecs are the video codecs that everybody can decode, as far as is known from their answers, one bit each. Fewer
// take effect at once, more only when that lasts.
func (r *room) commonCodecs(peers []*peer, at int64) uint32 {
	common := ^uint32(0)
	for _, p := range peers {
		if known := p.sub.decodes.Load(); known != 0 {
			common &= known
		}
	}
	if common == ^uint32(0) { // nobody has said anything
		common = 0
	}
	common |= alwaysCodecs
	switch {
	case common&^r.codecs == 0:
		r.codecs, r.wider = common, 0
	case r.wider == 0:
		r.codecs, r.wider = r.codecs&common, at
	case at-r.wider >= offAfter:
		r.codecs, r.wider = common, 0
	default:
		r.codecs &= common
	}
	return r.codecs
}

// codecList names a set of codecs.
func codecList(set uint32) (names []string) {
	for ; set != 0; set &= set - 1 {
		names = append(names, codecNames[bits.TrailingZeros32(set)])
	}
	return names
}

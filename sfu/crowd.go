package sfu

import "time"

const (
	maxCameraLines = 24                     // beyond so many cameras only those in view get media lines
	lineLinger     = int64(5 * time.Second) // out of view, until a camera loses its line then
)

// carries tells whether p gets a media line for rec: for screens and their sound always, for microphones by who was heard
// lately, and for cameras unless there are too many and its view does not show it; before the first view the first ones
// have them. The caller holds mu.
func (r *room) carries(p *peer, rec *receiver) bool {
	if rec.source == Microphone {
		return rec.voice.lined
	}
	if rec.source != Camera || r.cameras() <= maxCameraLines {
		return true
	}
	if view := p.view.Load(); view != nil {
		_, visible := (*view)[tileKey{rec.peer.id, Camera}]
		return visible
	}
	lines := 0
	for _, d := range p.sub.list() {
		if d.source == Camera {
			lines++
		}
	}
	return lines < maxCameraLines
}

// cameras counts them; the caller holds mu.
func (r *room) cameras() (n int) {
	for _, p := range r.peers {
		for _, rec := range p.receivers {
			if rec.source == Camera {
				n++
			}
		}
	}
	return n
}

// fillLines gives lines to cameras that came into view, and takes them from those that left it a while ago, in a room
// that is or was crowded.
func (r *room) fillLines(peers []*peer, pictures []*receiver, at int64, all bool) {
	if len(pictures) <= maxCameraLines && !r.crowded {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.crowded = r.cameras() > maxCameraLines
	for _, p := range peers {
		if (all || p.stale.Load()) && r.has(p) {
			r.refill(p, at)
		}
	}
}

// refill brings the lines of p for cameras up to date; the caller holds mu.
func (r *room) refill(p *peer, at int64) {
	have := map[*receiver]*downTrack{}
	for _, d := range p.sub.list() {
		have[d.receiver] = d
	}
	for _, other := range r.peers {
		if other == p {
			continue
		}
		for _, rec := range other.receivers {
			if rec.source == Microphone { // see lineVoices
				continue
			}
			d := have[rec]
			switch carried := rec.source != Camera || r.carries(p, rec); {
			case carried && d == nil:
				r.connect(rec, p)
			case !carried && d != nil && p.view.Load() != nil && at-d.share.seen > lineLinger:
				rec.unsubscribe(d)
				p.sub.remove(d)
			}
		}
	}
}

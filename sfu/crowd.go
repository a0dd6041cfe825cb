package sfu

import "time"

const (
	maxCameraLines = 24                     // beyond so many cameras only those in view get media lines
	lineLinger     = int64(5 * time.Second) // out of view, until a camera loses its line then
)

// carries tells whether p gets a media line for rec, of what reaches it: for screens and their sound always, for microphones
// by who was heard lately, and for cameras unless its group has too many and its view does not show it; before the first
// view the first ones have them. The caller holds mu.
func (r *room) carries(p *peer, rec *receiver) bool {
	if !r.reaches(rec, p) {
		return false
	}
	if rec.source == Microphone {
		return rec.voice.lined
	}
	if rec.source != Camera || r.cameras(p.group) <= maxCameraLines {
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

// cameras counts those of a group; the caller holds mu.
func (r *room) cameras(g *group) (n int) {
	for _, p := range r.peers {
		if p.group != g {
			continue
		}
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
	r.crowded = false
	for _, g := range r.groups {
		r.crowded = r.crowded || r.cameras(g) > maxCameraLines
	}
	for _, p := range peers {
		if (all || p.stale.Load()) && r.has(p) {
			r.link(p)
			r.dropUnseen(p, at)
		}
	}
}

// dropUnseen takes the lines of cameras that p has not seen for a while, where not all have them; the caller holds mu.
func (r *room) dropUnseen(p *peer, at int64) {
	if p.view.Load() == nil {
		return
	}
	for _, d := range p.sub.list() {
		if d.source == Camera && !r.carries(p, d.receiver()) && at-d.share.seen > lineLinger {
			r.cut(d)
		}
	}
}

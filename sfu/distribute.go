package sfu

import (
	"time"

	"github.com/pion/webrtc/v4"
)

// demand is what the room's goroutine keeps of one subscriber.
type demand struct {
	allocator allocator
	spent     int // bits a second given away
	sound     int // bits a second that sound takes, headers included
	heard     int64
	pictures  []wanted // scratch, as is
	shares    []*downTrack

	codecs uint32 // told of last, one bit each
}

// share is what the room's goroutine keeps of one outgoing track.
type share struct {
	target  *layer
	given   bool   // target was decided at least once
	starved bool   // in view, but there is no bandwidth for it
	idle    bool   // the source is stopped: target costs nothing
	frozen  int64  // when to stop waiting for the keyframe of a smaller layer; 0: never
	octets  uint32 // of sound, when they were last counted
	seen    int64  // when it last was in view
}

// everything is the tile of a picture before the first view.
var everything = Tile{Width: 1 << 14, Height: 1 << 14}

// refresh has the room look at these subscribers at once.
func (r *room) refresh(peers ...*peer) {
	for _, p := range peers {
		p.stale.Store(true)
	}
	wake(r.kick)
}

// distribute decides what is sent to everybody, or only to those for whom something has changed: a view, the tracks, or
// a bandwidth below what was given away. Then it tells publishers which of their encodings are watched. It runs in the
// room's goroutine and holds no lock of the packet path while it thinks.
func (r *room) distribute(at int64, all bool) {
	peers, receivers := r.snapshot()
	pictures := receivers[:0]
	for _, rec := range receivers {
		if rec.kind == webrtc.RTPCodecTypeVideo {
			rec.survey(at)
			pictures = append(pictures, rec)
		}
	}
	r.fillLines(peers, pictures, at, all)
	speaking := r.speaking()
	for _, p := range peers {
		if p.stale.Swap(false) || all || p.sub.bandwidth(at) < p.demand.spent {
			p.serve(speaking, at)
		}
	}
	r.tellPublishers(peers, pictures, at)
}

// serve decides what one subscriber gets.
func (p *peer) serve(speaking map[string]bool, at int64) {
	q := &p.demand
	q.pictures, q.shares = q.pictures[:0], q.shares[:0]
	tracks, toggled := p.sub.list(), false
	p.measureSound(tracks, at)
	for _, d := range tracks {
		if d.Kind() != webrtc.RTPCodecTypeVideo {
			continue
		}
		tile, visible := p.tile(d)
		rates := d.choices(tile, visible, at)
		switch {
		case len(rates) == 0:
			toggled = d.give(nil, false, at) || toggled
		case !d.receiver().allowed.Load(): // costs nothing, and goes on at once when it is allowed again
			toggled = d.give(d.receiver().ladder.usable[len(rates)-1], false, at) || toggled
			d.share.idle = true
		default:
			q.shares = append(q.shares, d)
			q.pictures = append(q.pictures, wanted{
				screen: d.source == Screen, priority: tile.Priority, speaking: speaking[d.receiver().peer.id],
				rates: rates, given: d.share.level(&d.receiver().ladder),
			})
		}
	}
	bandwidth := p.sub.bandwidth(at)
	p.slim(bandwidth)
	spent, next := q.allocator.allocate(at, bandwidth-q.sound, q.pictures)
	q.spent = spent + q.sound
	if next > 0 {
		next += q.sound
	}
	p.sub.wish(next)
	scarce := next > 0 || q.allocator.mindful(at)
	for i, w := range q.pictures {
		toggled = q.shares[i].take(w.given, scarce, at, q.allocator.lowered == at) || toggled
	}
	if toggled {
		p.sub.tell()
	}
}

// tile is where d stands in the view.
func (p *peer) tile(d *downTrack) (tile Tile, visible bool) {
	view := p.view.Load()
	if view == nil {
		return everything, true
	}
	tile, visible = (*view)[tileKey{d.receiver().peer.id, d.source}]
	return tile, visible
}

// choices are the bit rates of the layers that make sense for a tile, none for a picture that is not shown or cannot be
// decoded. It notes who is worth waking although it stalls.
func (d *downTrack) choices(tile Tile, visible bool, at int64) []int {
	l := &d.receiver().ladder
	if !visible || len(l.layers) == 0 {
		return nil
	}
	d.share.seen = at
	best, fills := covering(l.layers, tile)
	if !fills {
		l.larger = at
	}
	if l.layers[best].stalled {
		l.layers[best].watch(at)
	}
	if len(l.usable) == 0 {
		return nil
	}
	top, _ := covering(l.usable, tile)
	if !d.decodes(codec(l.usable[top].coding.Load())) {
		return nil
	}
	return l.rates[:top+1]
}

// level is what the allocator knows of what d has.
func (s *share) level(l *ladder) int {
	switch {
	case s.starved:
		return starved
	case s.target == nil, s.idle:
		return fresh
	}
	return l.index(s.target)
}

// take carries out what the allocator decided. While bandwidth is scarce the layer below is kept ready.
func (d *downTrack) take(level int, scarce bool, at int64, urgent bool) (toggled bool) {
	if level == starved {
		toggled = d.give(nil, urgent, at)
		d.share.starved = true
		return toggled
	}
	l := &d.receiver().ladder
	if scarce && level > 0 {
		l.usable[level-1].watch(at)
	}
	return d.give(l.usable[level], urgent, at)
}

// give sets the target and reports whether the track was paused by it, or goes on. Something larger that is to shrink
// urgently may be sent for a moment more, until the smaller layer's keyframe comes.
func (d *downTrack) give(target *layer, urgent bool, at int64) (toggled bool) {
	s := &d.share
	s.starved, s.idle = false, false
	if sent := d.sending(); sent != nil && target != nil {
		sent.watch(at)
	}
	if target != nil {
		target.watch(at)
	}
	if s.given && target == s.target {
		return false
	}
	toggled = (target == nil) != (s.given && s.target == nil)
	s.frozen = 0
	if urgent {
		s.frozen = at + frozenAfter
	}
	s.target, s.given = target, true
	d.aim(target)
	return toggled
}

// slim has sound sent without its redundant copies (RFC 2198) where it would take more than a third of the bandwidth: they
// are to mend losses, and on a narrow line they make them and take the place of the screen.
func (p *peer) slim(bandwidth int) {
	slim, most := p.sub.slim.Load(), bandwidth/3
	full := p.demand.sound
	if slim {
		full, most = full/2*3, bandwidth/4 // what it would be with copies; back with care
	}
	if wanted := full > most; wanted != slim {
		p.sub.slim.Store(wanted)
		if wanted {
			p.demand.sound = p.demand.sound / 3 * 2
		}
	}
}

// measureSound takes the bit rate of all sound that is sent.
func (p *peer) measureSound(tracks []*downTrack, at int64) {
	q := &p.demand
	passed := at - q.heard
	if passed < measureEvery {
		return
	}
	octets := 0
	for _, d := range tracks {
		if d.Kind() == webrtc.RTPCodecTypeAudio {
			n := d.octets()
			octets += int(n - d.share.octets)
			d.share.octets = n
		}
	}
	if q.heard != 0 {
		q.sound += (int(int64(octets)*8*int64(time.Second)/passed) - q.sound) / 4
	}
	q.heard = at
}

// remind repeats requests for keyframes that somebody waits for, also of a smaller layer for those who see nothing.
func (d *downTrack) remind(at int64) {
	d.mu.Lock()
	target, frozen := d.awaited()
	sent := d.layer
	d.mu.Unlock()
	if target == nil || !d.receiver().allowed.Load() {
		return
	}
	target.requestKeyframe()
	if frozen {
		if s := d.receiver().ladder.substitute(target, at); s != nil {
			s.requestKeyframe()
		}
		return
	}
	if until := d.share.frozen; until != 0 && at >= until && sent.rank.Load() > target.rank.Load() {
		d.interrupt()
	}
}

package sfu

import (
	"sync"
	"time"

	"github.com/pion/webrtc/v4"
)

// room owns who is there and who is sent what: every change of membership, sources, views and permissions happens under
// its mutex. The packet path never takes it.
type room struct {
	id   string
	done chan struct{}
	kick chan struct{} // somebody's demand has changed

	// Of the room's goroutine.
	crowded bool   // there are or were more cameras than everybody gets lines for
	codecs  uint32 // that everybody can decode, one bit each
	wider   int64  // since when there may be more, 0: there are not

	heard int // microphones at a time in each group

	mu     sync.Mutex // guards the rest, and the fields of peers and receivers that say so
	peers  []*peer
	groups map[string]*group
}

// newRoom makes a room in which so many microphones are heard at a time.
func newRoom(id string, heard int) *room {
	return &room{id: id, done: make(chan struct{}), kick: make(chan struct{}, 1), codecs: alwaysCodecs, heard: heard, groups: map[string]*group{}}
}

// join brings p into the main group, gives it all tracks that are there, and tells how many others there are.
func (r *room) join(p *peer) (others int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p.group = r.group("")
	r.link(p)
	r.peers = append(r.peers, p)
	r.refresh(p)
	if speakers := p.group.speakers; len(speakers) > 0 {
		p.out.send(func(s Signals) { s.Speakers(speakers) })
	}
	return len(r.peers) - 1
}

// leave takes p out and reports whether nobody is left.
func (r *room) leave(p *peer) (empty bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, have := range r.peers {
		if have == p {
			r.peers = append(r.peers[:i:i], r.peers[i+1:]...)
			break
		}
	}
	for _, rec := range p.receivers {
		rec.silence()
		r.disconnect(rec)
		p.metrics().tracks.Dec()
	}
	p.receivers = nil
	for _, d := range p.sub.list() {
		d.receiver().unsubscribe(d)
	}
	r.forsake(p.group)
	return len(r.peers) == 0
}

// has tells whether p is still there; the caller holds mu.
func (r *room) has(p *peer) bool {
	for _, have := range r.peers {
		if have == p {
			return true
		}
	}
	return false
}

func (r *room) members() []*peer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*peer(nil), r.peers...)
}

// publish takes an incoming track, or another encoding of one, and offers it to everybody else in the group. It returns nil when p
// has left or sends more than it may.
func (r *room) publish(p *peer, mid string, remote *webrtc.TrackRemote, rtp *webrtc.RTPReceiver) *layer {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.has(p) {
		return nil
	}
	for _, rec := range p.receivers {
		if rec.mid == mid && remote.RID() != "" {
			if l := newLayer(rec, remote, rtp); rec.addLayer(l) {
				r.refresh(r.peers...)
				return l
			}
			return nil
		}
	}
	if len(p.receivers) >= maxTracks {
		return nil
	}
	var rids []string
	for _, t := range rtp.Tracks() {
		rids = append(rids, t.RID())
	}
	rec := newReceiver(p, mid, remote.Kind(), rids)
	l := newLayer(rec, remote, rtp)
	rec.addLayer(l)
	p.receivers = append(p.receivers, rec)
	p.metrics().tracks.Inc()
	rec.source = p.sourceOf(rec)
	rec.allowed.Store(!p.disallowed[rec.source])
	r.decideVoice(rec)
	r.offer(rec)
	return l
}

// unpublish ends a layer and, with the last one, its track.
func (r *room) unpublish(l *layer) {
	rec := l.receiver
	r.mu.Lock()
	defer r.mu.Unlock()
	rec.peer.gone.received.add(l.allLoss())
	if !rec.removeLayer(l) {
		r.refresh(r.peers...)
		return
	}
	for i, have := range rec.peer.receivers {
		if have == rec {
			rec.peer.receivers = append(rec.peer.receivers[:i:i], rec.peer.receivers[i+1:]...)
			rec.peer.metrics().tracks.Dec()
			rec.silence()
			r.disconnect(rec)
			return
		}
	}
}

// connect sends rec to p; the caller holds mu.
func (r *room) connect(rec *receiver, p *peer) {
	d := newDownTrack(rec, p.sub, rec.source)
	rec.subscribe(d)
	p.sub.add(d)
	r.refresh(p)
}

// cut takes a track from one subscriber; the caller holds mu.
func (r *room) cut(d *downTrack) {
	d.receiver().unsubscribe(d)
	d.sub.remove(d)
}

// disconnect stops sending rec to anybody; the caller holds mu.
func (r *room) disconnect(rec *receiver) {
	list := *rec.subs.Load()
	rec.subs.Store(new([]*downTrack))
	for _, d := range list {
		d.sub.remove(d)
	}
}

// sourceOf is what the client said of a track, or the default of its kind; the caller holds room.mu.
func (p *peer) sourceOf(rec *receiver) Source {
	if s := p.sources[rec.mid]; s.kind() == rec.kind {
		return s
	}
	return defaultSource(rec.kind)
}

// setSources takes what the client says of its media lines. A track that turns out to be something else is offered anew.
func (r *room) setSources(p *peer, sources map[string]Source) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.has(p) {
		return
	}
	p.sources = map[string]Source{}
	for mid, s := range sources {
		p.sources[mid] = s
	}
	for _, rec := range p.receivers {
		s := p.sourceOf(rec)
		if s == rec.source {
			continue
		}
		r.disconnect(rec)
		rec.source = s
		r.decideVoice(rec)
		rec.allow(!p.disallowed[s])
		r.offer(rec)
	}
}

// setView takes what p sees.
func (r *room) setView(p *peer, tiles []Tile) {
	view := make(map[tileKey]Tile, len(tiles))
	for _, t := range tiles {
		key := tileKey{t.ParticipantID, t.Source}
		if have, twice := view[key]; twice && have.Width*have.Height > t.Width*t.Height {
			have.Priority = max(have.Priority, t.Priority)
			t = have
		}
		view[key] = t
	}
	p.view.Store(&view)
	r.refresh(p)
}

// allow opens or stops one source of p, now and for tracks to come.
func (r *room) allow(p *peer, source Source, allowed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !source.valid() {
		return
	}
	p.disallowed[source] = !allowed
	for _, rec := range p.receivers {
		if rec.source == source {
			rec.allow(allowed)
			if allowed {
				r.refresh(r.peers...)
			}
		}
	}
}

// tick is how often a room looks after itself; the others are multiples of it.
const (
	tick          = 100 * time.Millisecond
	speakersEvery = 2
	sharesEvery   = 5
	reportsEvery  = 10
)

// run looks after keyframes, speakers, layers and sender reports until the room closes.
func (r *room) run() {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for n := 0; ; {
		select {
		case <-r.done:
			return
		case <-r.kick:
			r.lineVoices()
			r.distribute(now(), false)
			continue
		case <-ticker.C:
			n++
		}
		peers, receivers := r.snapshot()
		if len(receivers) == 0 && len(r.speaking()) == 0 {
			continue
		}
		at := now()
		r.lineVoices()
		r.distribute(at, n%sharesEvery == 0)
		for _, rec := range receivers {
			for _, l := range rec.ladder.layers {
				l.tick()
			}
			if rec.kind == webrtc.RTPCodecTypeVideo {
				for _, d := range *rec.subs.Load() {
					d.remind(at)
				}
			}
		}
		for _, p := range peers {
			p.sub.tick(at, p.demand.sound)
		}
		if n%speakersEvery == 0 {
			r.detectSpeakers()
		}
		if n%qualityEvery == 0 {
			r.rateConnections(peers, receivers, at)
		}
		if n%reportsEvery == 0 {
			for _, p := range peers {
				p.sub.sendReports(at)
			}
		}
	}
}

func (r *room) snapshot() (peers []*peer, receivers []*receiver) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.peers {
		receivers = append(receivers, p.receivers...)
	}
	return append(peers, r.peers...), receivers
}

func (r *room) close() { close(r.done) }

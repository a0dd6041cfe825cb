package sfu

// group is a part of a room that is a room of its own for its members: media flows only within it, but for what somebody
// broadcasts. The main one has no name and is always there; another one goes with its last member. The room's mutex guards
// it, but for its voices, which look after themselves.
type group struct {
	name     string
	voices   *voices
	speakers []string
}

// Group brings a participant into one of the room's groups, "" the main one. Connections stay; when it returns not a packet
// of the former group is sent to the participant any more, nor one of theirs to that group.
func (s *Server) Group(participant, group string) {
	if p, err := s.peer(participant); err == nil {
		p.room.move(p, group)
	}
}

// Broadcast lets all groups of the room hear the participant's microphone, or ends it. Meanwhile it competes with nobody
// for being heard.
func (s *Server) Broadcast(participant string, on bool) {
	if p, err := s.peer(participant); err == nil {
		p.room.broadcast(p, on)
	}
}

// group finds one or makes it; the caller holds mu.
func (r *room) group(name string) *group {
	g := r.groups[name]
	if g == nil {
		g = &group{name: name, voices: newVoices(r.heard, func() { wake(r.kick) })}
		r.groups[name] = g
	}
	return g
}

// forsake forgets a group that nobody is in any more; the caller holds mu.
func (r *room) forsake(g *group) {
	if g.name == "" {
		return
	}
	for _, p := range r.peers {
		if p.group == g {
			return
		}
	}
	delete(r.groups, g.name)
}

// move brings p into another group.
func (r *room) move(p *peer, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := p.group
	if !r.has(p) || before.name == name {
		return
	}
	p.group = r.group(name)
	for _, rec := range p.receivers {
		r.decideVoice(rec)
		r.offer(rec)
	}
	r.link(p)
	r.forsake(before)
	speakers := p.group.speakers
	p.out.send(func(s Signals) { s.Speakers(speakers) })
	r.refresh(r.peers...)
}

// broadcast has everybody hear p, or only its group.
func (r *room) broadcast(p *peer, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.has(p) || p.broadcast == on {
		return
	}
	p.broadcast = on
	for _, rec := range p.receivers {
		if rec.source == Microphone {
			r.decideVoice(rec)
			r.offer(rec)
		}
	}
}

// reaches tells whether rec may be sent to p at all; the caller holds mu.
func (r *room) reaches(rec *receiver, p *peer) bool {
	from := rec.peer
	return from != p && (from.group == p.group || from.broadcast && rec.source == Microphone)
}

// link brings up to date which tracks p gets; the caller holds mu.
func (r *room) link(p *peer) {
	have := map[*receiver]*downTrack{}
	for _, d := range p.sub.list() {
		have[d.receiver()] = d
	}
	for _, other := range r.peers {
		for _, rec := range other.receivers {
			r.fit(rec, p, have[rec])
		}
	}
}

// offer brings up to date who gets a track; the caller holds mu.
func (r *room) offer(rec *receiver) {
	have := map[*subscriber]*downTrack{}
	for _, d := range *rec.subs.Load() {
		have[d.sub] = d
	}
	for _, p := range r.peers {
		r.fit(rec, p, have[p.sub])
	}
}

// fit has p get rec or not, as it should be; d is what it has of it now. A camera that only is out of view keeps its line
// for a while, see fillLines, a microphone until another one needs it. The caller holds mu.
func (r *room) fit(rec *receiver, p *peer, d *downTrack) {
	switch {
	case d != nil:
		if !r.reaches(d.receiver(), p) {
			r.cut(d)
		}
	case !r.carries(p, rec):
	case rec.source == Microphone && r.passLine(rec, p):
	default:
		r.connect(rec, p)
	}
}

// speaking are those who speak, in whatever group.
func (r *room) speaking() map[string]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	speaking := map[string]bool{}
	for _, g := range r.groups {
		for _, id := range g.speakers {
			speaking[id] = true
		}
	}
	return speaking
}

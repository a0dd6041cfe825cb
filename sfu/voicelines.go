package sfu

import (
	"cmp"
	"slices"
)

// maxVoiceLines is how many microphones everybody has media lines for. With more than that in a group, those that were
// heard last, or could begin to be, have them, so that an offer does not grow with the class. A line is passed on as it is:
// an offer would take until the first syllable is over.
const maxVoiceLines = 24

// microphones lists those that compete in a group; the caller holds mu.
func (r *room) microphones(g *group) (list []*receiver) {
	for _, p := range r.peers {
		for _, rec := range p.receivers {
			if rec.source == Microphone && p.group == g && !p.broadcast {
				list = append(list, rec)
			}
		}
	}
	return list
}

// lineVoices decides in each group which microphones have media lines and brings those of everybody up to date. Called at
// each tick and when somebody new is heard.
func (r *room) lineVoices() {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := now()
	for _, g := range r.groups {
		g.voices.settle(at)
		if !r.chooseLined(r.microphones(g), at) {
			continue
		}
		for _, p := range r.peers {
			if p.group == g {
				r.link(p)
			}
		}
	}
}

// chooseLined marks those that have lines: all where they are few, else all that are heard, and for the rest of the lines
// the ones heard last. Nobody loses a line to one who is silent. It reports a change; the caller holds mu.
func (r *room) chooseLined(list []*receiver, at int64) (changed bool) {
	if len(list) > maxVoiceLines {
		slices.SortStableFunc(list, func(a, b *receiver) int {
			return cmp.Or(cmp.Compare(r.claim(b, at), r.claim(a, at)), cmp.Compare(b.voice.last.Load(), a.voice.last.Load()))
		})
	}
	for i, rec := range list {
		if lined := i < maxVoiceLines; rec.voice.lined != lined {
			rec.voice.lined, changed = lined, true
		}
	}
	return changed
}

// passLine gives rec a line on which p has a microphone that shall have none, and reports whether there was one. Only what is
// said in the room's lists changes, nothing is negotiated. The caller holds mu.
func (r *room) passLine(rec *receiver, p *peer) bool {
	for _, d := range p.sub.list() {
		if former := d.receiver(); d.source == Microphone && !former.voice.lined && r.reaches(former, p) {
			former.unsubscribe(d)
			d.pass(rec)
			rec.subscribe(d)
			p.sub.tell()
			return true
		}
	}
	return false
}

// claim of a microphone on a media line: it is heard, was lately, has one, or nothing of these.
func (r *room) claim(rec *receiver, at int64) int {
	switch {
	case rec.voice.heard.Load():
		return 3
	case at-rec.voice.last.Load() < voiceLinger:
		return 2
	case rec.voice.lined:
		return 1
	}
	return 0
}

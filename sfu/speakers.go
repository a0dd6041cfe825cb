package sfu

import (
	"slices"
	"sync/atomic"

	"github.com/pion/webrtc/v4"
)

// Loudness thresholds. A tick is speakersEvery × tick, 200 ms: a score that starts at 0 needs three ticks of speech to
// pass speakAbove and, from 1, four of silence to fall below quietBelow, so a cough does not show and a breath does not
// either.
const (
	speechLevel = 45   // −dBov (RFC 6464); louder (smaller) counts as speech
	attack      = 0.35 // share of the new tick in the score
	speakAbove  = 0.65
	quietBelow  = 0.20
	overtake    = 6.0 // dB by which one must be louder to be listed before another
)

// loudness gathers the audio levels of a microphone between two ticks. The reader adds, the room takes.
type loudness struct {
	packets, speech, sum atomic.Uint32 // sum of 127 − level of the packets with speech
}

func (l *loudness) add(level uint8) {
	level &= 0x7f
	l.packets.Add(1)
	if level < speechLevel {
		l.speech.Add(1)
		l.sum.Add(127 - uint32(level))
	}
}

// take returns the share of packets with speech, 0 to 1, and their mean loudness in dB, and begins anew.
func (l *loudness) take() (share, loud float64) {
	packets, speech, sum := l.packets.Swap(0), l.speech.Swap(0), l.sum.Swap(0)
	if packets == 0 || speech == 0 {
		return 0, 0
	}
	return min(float64(speech)/float64(packets), 1), float64(sum) / float64(speech)
}

func (l *loudness) reset() { l.take() }

// speech is what a room knows of one participant's voice.
type speech struct {
	score  float64 // smoothed share of speech
	loud   float64 // smoothed loudness, dB
	active bool
}

// hear takes one tick and reports whether the participant speaks.
func (s *speech) hear(share, loud float64) bool {
	s.score += (share - s.score) * attack
	if loud > 0 {
		s.loud += (loud - s.loud) * attack
	}
	if s.active {
		s.active = s.score > quietBelow
	} else {
		s.active = s.score > speakAbove
	}
	return s.active
}

// detectSpeakers brings the groups' lists of speakers up to date and tells the members of those that changed.
func (r *room) detectSpeakers() {
	r.mu.Lock()
	defer r.mu.Unlock()
	loud := map[*group]map[string]float64{}
	for _, g := range r.groups {
		loud[g] = map[string]float64{}
	}
	for _, p := range r.peers {
		var share, level float64
		silenced := true
		for _, rec := range p.receivers {
			if rec.source != Microphone || rec.kind != webrtc.RTPCodecTypeAudio || !rec.allowed.Load() {
				continue
			}
			silenced = false
			s, l := rec.level.take()
			share, level = max(share, s), max(level, l)
		}
		if silenced {
			p.speaking = speech{}
		} else if p.speaking.hear(share, level) {
			loud[p.group][p.id] = p.speaking.loud
		}
	}
	for g, members := range loud {
		if next := order(g.speakers, members); !slices.Equal(next, g.speakers) {
			r.tellSpeakers(g, next)
		}
	}
}

// tellSpeakers sets who speaks in a group; the caller holds mu.
func (r *room) tellSpeakers(g *group, speakers []string) {
	g.speakers = speakers
	for _, p := range r.peers {
		if p.group == g {
			p.out.send(func(s Signals) { s.Speakers(speakers) })
		}
	}
}

// order lists who speaks, loudest first, keeping the former order between those about equally loud.
func order(former []string, loud map[string]float64) []string {
	next := make([]string, 0, len(loud))
	for _, id := range former {
		if _, ok := loud[id]; ok {
			next = append(next, id)
		}
	}
	var fresh []string
	for id := range loud {
		if !slices.Contains(next, id) {
			fresh = append(fresh, id)
		}
	}
	slices.Sort(fresh)
	next = append(next, fresh...)
	for i := 1; i < len(next); i++ {
		for j := i; j > 0 && loud[next[j]] > loud[next[j-1]]+overtake; j-- {
			next[j], next[j-1] = next[j-1], next[j]
		}
	}
	return next
}

package sfu

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A voice's strength rises at once and falls slowly, so that a pause between two words gives nobody else the place.
const (
	defaultVoices = 5
	loudnessUnit  = 256                           // fixed point: 1 dB
	release       = 12 * loudnessUnit             // per second
	margin        = 6 * loudnessUnit              // by which one must be louder than another to take the place
	leastLoudness = 40 * loudnessUnit             // −87 dBov: below it nobody takes a place from another
	stillSpeaks   = int64(300 * time.Millisecond) // since the last speech: one still speaks
	silent        = int64(time.Second)            // since the last speech: one no longer does
	voiceLinger   = int64(5 * time.Second)        // for which one counts as lately heard
	unknownLevel  = uint8(speechLevel)            // of a client that does not tell: anybody who speaks up is louder
	speechHeard   = (127 - speechLevel) * loudnessUnit
)

// voices decides which of a group's microphones are forwarded: at most so many, the loudest (RFC 6464). It decides when a
// packet comes, not at a tick, so that the first syllable is there. A microphone that is not heard costs one comparison.
type voices struct {
	most    int
	changed func() // somebody is heard who was not; must not block

	threshold atomic.Int32                // loudness that one who is not heard must exceed; below 0: there is a place
	holders   atomic.Pointer[[]*receiver] // who is heard: an immutable list, replaced under mu
	mu        sync.Mutex                  // one change at a time; taken after room.mu, before downTrack.mu
}

// voice is what is known of one microphone. Its reader writes, others read.
type voice struct {
	room     atomic.Pointer[voices] // nil: forwarded without a question, as screen sound and broadcasts are
	heard    atomic.Bool
	strength atomic.Int32 // at the last packet
	at       atomic.Int64 // when that came, nanoseconds
	spoke    atomic.Int64 // when one with speech came
	last     atomic.Int64 // when it was last heard, or could begin to be
	mean     int32        // of the last few packets; of the reader's goroutine
	lined    bool         // has media lines in a group of many; guarded by room.mu
}

func newVoices(most int, changed func()) *voices {
	if most < 1 {
		most = defaultVoices
	}
	v := &voices{most: most, changed: changed}
	v.holders.Store(new([]*receiver))
	v.threshold.Store(-1)
	return v
}

// loudness of an audio level in −dBov, as fixed point above −127.
func loudnessOf(level uint8) int32 { return (127 - int32(level&0x7f)) * loudnessUnit }

// note takes the loudness of a packet.
func (v *voice) note(loudness int32, at int64) {
	v.mean += (loudness - v.mean) / 4
	v.strength.Store(max(v.strengthAt(at), loudness))
	v.at.Store(at)
	if loudness > speechHeard {
		v.spoke.Store(at)
	}
}

// strengthAt is the strength at a later instant. Who has been silent for a while yields to anybody who speaks.
func (v *voice) strengthAt(at int64) int32 {
	passed := min(max(at-v.at.Load(), 0), int64(time.Minute))
	strength := max(v.strength.Load()-int32(passed/1000*release/1_000_000), 0)
	if at-v.spoke.Load() > silent {
		strength = min(strength, speechHeard-margin)
	}
	return strength
}

// hear tells whether a packet of r, with that loudness, is forwarded. It is called by r's reader.
func (v *voices) hear(r *receiver, loudness int32, at int64) bool {
	r.voice.note(loudness, at)
	if r.voice.heard.Load() {
		r.voice.last.Store(at)
		v.settle(at)
		return true
	}
	if loudness <= v.threshold.Load() {
		return false
	}
	return v.admit(r, loudness, at)
}

// settle brings the threshold up to date: what the weakest has now, and the margin.
func (v *voices) settle(at int64) {
	holders := *v.holders.Load()
	if len(holders) < v.most {
		v.threshold.Store(-1)
		return
	}
	_, strength := weakest(holders, at)
	v.threshold.Store(max(strength+margin, leastLoudness))
}

func weakest(holders []*receiver, at int64) (r *receiver, strength int32) {
	for _, h := range holders {
		if s := h.voice.strengthAt(at); r == nil || s < strength {
			r, strength = h, s
		}
	}
	return r, strength
}

// admit gives r a place if there is one, or takes that of the weakest, who must be clearly weaker: at this packet if it
// does not speak, else over a few of them, lest a click take the word from somebody.
func (v *voices) admit(r *receiver, loudness int32, at int64) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if r.voice.room.Load() != v || !r.allowed.Load() {
		return false
	}
	holders := *v.holders.Load()
	list := make([]*receiver, 0, v.most)
	if len(holders) < v.most {
		list = append(append(list, holders...), r)
	} else {
		loser, strength := weakest(holders, at)
		v.threshold.Store(max(strength+margin, leastLoudness))
		if loudness <= v.threshold.Load() || at-loser.voice.spoke.Load() < stillSpeaks && r.voice.mean <= strength+margin {
			return false
		}
		for _, h := range holders {
			if h != loser {
				list = append(list, h)
			}
		}
		list = append(list, r)
		loser.voice.heard.Store(false)
	}
	for _, d := range *r.subs.Load() {
		d.interrupt() // numbers go on where they stopped
	}
	r.voice.heard.Store(true)
	r.voice.last.Store(at)
	v.holders.Store(&list)
	v.settle(at)
	v.changed()
	return true
}

// heard tells whether a packet of sound is forwarded.
func (r *receiver) heard(p *packet) bool {
	v := r.voice.room.Load()
	if v == nil {
		return true
	}
	level := unknownLevel
	if p.hasLevel {
		level = p.level
	}
	return v.hear(r, loudnessOf(level), p.at)
}

// decideVoice has microphones compete within their group, and nothing else; a broadcast is heard without a question. The
// caller holds mu.
func (r *room) decideVoice(rec *receiver) {
	if rec.source != Microphone || rec.peer.broadcast {
		for _, d := range *rec.subs.Load() {
			d.interrupt() // it may not have been heard: numbers go on where they stopped
		}
		rec.voice.lined = true
		rec.silence()
		return
	}
	former := rec.voice.room.Load()
	rec.peer.group.voices.enter(rec)
	if former != nil && former != rec.peer.group.voices {
		former.leave(rec, true)
	}
	rec.voice.lined = len(r.microphones(rec.peer.group)) <= maxVoiceLines
	wake(r.kick) // who else has lines is decided there
}

// silence takes r out of those that are decided about.
func (r *receiver) silence() {
	if v := r.voice.room.Load(); v != nil {
		v.leave(r, true)
	}
}

// enter makes r one of those that are decided about.
func (v *voices) enter(r *receiver) {
	r.voice.last.Store(now())
	r.voice.room.Store(v)
}

// leave takes r out, or only its place when it may come back.
func (v *voices) leave(r *receiver, forGood bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if forGood {
		r.voice.room.CompareAndSwap(v, nil)
	}
	holders := *v.holders.Load()
	i := slices.Index(holders, r)
	if i < 0 { // it may be heard in another group by now
		return
	}
	r.voice.heard.Store(false)
	list := slices.Concat(holders[:i], holders[i+1:])
	v.holders.Store(&list)
	v.threshold.Store(-1)
}

package sfu

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
)

// speak has p publish a microphone.
func speak(r *room, p *peer) *receiver {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := newReceiver(p, fmt.Sprint(len(p.receivers)), webrtc.RTPCodecTypeAudio, nil)
	rec.source = Microphone
	rec.addLayer(&layer{receiver: rec})
	p.receivers = append(p.receivers, rec)
	r.decideVoice(rec)
	r.offer(rec)
	return rec
}

// TestGroupsCompeteOnTheirOwn: while loud microphones move about, each group hears at most so many, and only its own.
func TestGroupsCompeteOnTheirOwn(t *testing.T) {
	const people, moves = 12, 2000
	s, r := stillRoom(t)
	r.heard = 2
	var list []*receiver
	var peers []*peer
	for i := range people {
		p := enter(t, s, r, fmt.Sprintf("p%d", i))
		peers, list = append(peers, p), append(list, speak(r, p))
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for i, rec := range list {
		readers.Go(func() {
			for at := int64(time.Hour); ; at += packetTime {
				select {
				case <-done:
					return
				default:
					rec.heard(&packet{hasLevel: true, level: uint8(20 + i), at: at})
				}
			}
		})
	}
	for i := range moves {
		p := peers[i*7%people]
		r.move(p, []string{"", "one", "two"}[i%3])
		if i%5 == 0 {
			r.broadcast(p, i%10 == 0)
		}
		r.lineVoices()
	}
	close(done)
	readers.Wait()
	for _, p := range peers {
		r.broadcast(p, false)
		r.move(p, map[bool]string{true: "one", false: ""}[p.id < "p5"])
	}
	at := int64(2 * time.Hour)
	for range 50 {
		for i, rec := range list {
			rec.heard(&packet{hasLevel: true, level: uint8(20 + i), at: at})
		}
		at += packetTime
	}
	if len(r.groups) != 2 {
		t.Errorf("%d groups are left", len(r.groups))
	}
	for name, g := range r.groups {
		holders := *g.voices.holders.Load()
		if len(holders) != 2 || holders[0] == holders[1] {
			t.Errorf("group %q hears %d", name, len(holders))
		}
		for _, rec := range holders {
			if rec.peer.group != g || !rec.voice.heard.Load() {
				t.Errorf("group %q hears %s of group %q", name, rec.peer.id, rec.peer.group.name)
			}
		}
	}
	for _, rec := range list {
		if rec.voice.heard.Load() != slices.Contains(*rec.peer.group.voices.holders.Load(), rec) {
			t.Errorf("%s is heard without a place", rec.peer.id)
		}
	}
}

// TestTheLinesOfAGroup are counted in it alone: a crowd that parts sees all of those who are left.
func TestTheLinesOfAGroup(t *testing.T) {
	s, r := stillRoom(t)
	var peers []*peer
	for i := range 2 * (maxCameraLines - 4) {
		p := enter(t, s, r, fmt.Sprintf("p%d", i))
		film(r, p, "q")
		speak(r, p)
		peers = append(peers, p)
	}
	r.lineVoices()
	at := 10 * second
	r.distribute(at, true)
	count := func(p *peer, source Source) (n int) {
		for _, d := range p.sub.list() {
			if d.source == source {
				n++
			}
			if d.receiver().peer.group != p.group {
				t.Errorf("%s has a line of %s in another group", p.id, d.receiver().peer.id)
			}
		}
		return n
	}
	if n, m := count(peers[0], Camera), count(peers[0], Microphone); n != maxCameraLines || m != maxVoiceLines-1 && m != maxVoiceLines {
		t.Errorf("%d cameras and %d microphones in the crowd", n, m)
	}
	for i, p := range peers {
		if i%2 == 1 {
			r.move(p, "one")
		}
	}
	r.lineVoices()
	r.distribute(at+second, true)
	for _, p := range peers {
		if n, m := count(p, Camera), count(p, Microphone); n != len(peers)/2-1 || m != n {
			t.Errorf("%s has lines of %d cameras and %d microphones", p.id, n, m)
		}
	}
}

// TestWhoSpeaksGetsALineThatIsThere: in a class with more open microphones than lines nothing is negotiated when another one
// speaks, but for whoever had the line and gets one of the other kind: with the own microphone among them.
func TestWhoSpeaksGetsALineThatIsThere(t *testing.T) {
	s, r := stillRoom(t)
	var peers []*peer
	microphone := map[*peer]*receiver{}
	for i := range 2 * maxVoiceLines {
		p := enter(t, s, r, fmt.Sprintf("p%d", i))
		microphone[p] = speak(r, p)
		peers = append(peers, p)
	}
	r.lineVoices()
	lines := func(p *peer) (to map[*downTrack]*receiver) {
		to = map[*downTrack]*receiver{}
		for _, d := range p.sub.list() {
			to[d] = d.receiver()
		}
		return to
	}
	for round := range 3 {
		for _, speaker := range peers {
			rec := microphone[speaker]
			before := map[*peer]map[*downTrack]*receiver{}
			for _, p := range peers {
				before[p] = lines(p)
			}
			rec.heard(&packet{hasLevel: true, level: 20, at: now()})
			r.lineVoices()
			rec.voice.strength.Store(0) // and has been silent for a while
			rec.voice.spoke.Store(-2 * silent)
			negotiated := 0
			for _, p := range peers {
				after := lines(p)
				heard := false
				for d, from := range after {
					heard = heard || from == rec
					if _, known := before[p][d]; !known {
						negotiated++
					}
				}
				if p != speaker && !heard {
					t.Fatalf("%s has no line of %s", p.id, speaker.id)
				}
				if len(after) > maxVoiceLines {
					t.Fatalf("%s has %d lines", p.id, len(after))
				}
			}
			if negotiated > 1 || round > 0 && negotiated > 0 {
				t.Errorf("round %d: %d people wait for an offer until they hear %s", round, negotiated, speaker.id)
			}
		}
	}
}

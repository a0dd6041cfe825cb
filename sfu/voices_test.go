package sfu

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
)

// microphones of a room without connections, for the rules alone.
func microphones(n, most int) (*voices, []*receiver) {
	v := newVoices(most, func() {})
	var list []*receiver
	for i := range n {
		r := newReceiver(&peer{id: fmt.Sprint(i)}, "0", webrtc.RTPCodecTypeAudio, nil)
		v.enter(r)
		list = append(list, r)
	}
	return v, list
}

const packetTime = int64(20 * time.Millisecond)

// talk feeds packets of 20 ms for a while; level gives the −dBov of each microphone, 0 for no packet. It returns who was
// heard at the end and how often somebody lost the place.
func talk(v *voices, list []*receiver, at *int64, span time.Duration, level func(i int, at int64) uint8) (heard []int, losses int) {
	before := make([]bool, len(list))
	for i, r := range list {
		before[i] = r.voice.heard.Load()
	}
	for end := *at + int64(span); *at < end; *at += packetTime {
		for i, r := range list {
			if l := level(i, *at); l != 0 {
				v.hear(r, loudnessOf(l), *at)
			}
		}
		if *at%int64(tick) < packetTime {
			v.settle(*at)
		}
		for i, r := range list {
			now := r.voice.heard.Load()
			if before[i] && !now {
				losses++
			}
			before[i] = now
		}
	}
	for i, r := range list {
		if r.voice.heard.Load() {
			heard = append(heard, i)
		}
	}
	return heard, losses
}

func TestFewMicrophonesAreAllHeard(t *testing.T) {
	v, list := microphones(5, 5)
	at := int64(time.Hour)
	heard, losses := talk(v, list, &at, time.Second, func(int, int64) uint8 { return 127 })
	if len(heard) != 5 || losses != 0 {
		t.Errorf("heard %v, %d losses", heard, losses)
	}
}

// A lecture with 200 open microphones: whoever speaks up is heard from the first packet on.
func TestWhoSpeaksIsHeardFromTheFirstPacket(t *testing.T) {
	v, list := microphones(200, 5)
	at := int64(time.Hour)
	noise := func(int, int64) uint8 { return uint8(70 + rand.IntN(20)) }
	talk(v, list, &at, 5*time.Second, noise)
	for _, who := range []int{199, 3, 77, 120, 42, 180, 9} {
		if r := list[who]; !v.hear(r, loudnessOf(30), at) {
			t.Fatalf("%d spoke and was not heard at once", who)
		}
		heard, _ := talk(v, list, &at, 1500*time.Millisecond, func(i int, at int64) uint8 {
			if i == who {
				return 30
			}
			return noise(i, at)
		})
		if !slices.Contains(heard, who) || len(heard) != 5 {
			t.Errorf("%d speaks, %v are heard", who, heard)
		}
	}
}

// After five have spoken at once and stopped sending (DTX), a quiet voice is heard from its first packet on.
func TestSilenceFreesThePlace(t *testing.T) {
	v, list := microphones(6, 5)
	at := int64(time.Hour)
	talk(v, list, &at, 2*time.Second, func(i int, _ int64) uint8 {
		if i < 5 {
			return 15
		}
		return 90
	})
	talk(v, list, &at, 1500*time.Millisecond, func(int, int64) uint8 { return 0 })
	if !v.hear(list[5], loudnessOf(40), at) {
		t.Error("a quiet voice is not heard in a silent room")
	}
}

func TestNoFlappingBetweenThoseAlike(t *testing.T) {
	for name, level := range map[string]func(i int, at int64) uint8{
		"eight speak alike":      func(int, int64) uint8 { return uint8(26 + rand.IntN(6)) },
		"forty hum alike":        func(int, int64) uint8 { return uint8(60 + rand.IntN(6)) },
		"words and pauses":       func(i int, at int64) uint8 { return []uint8{28, 80}[(at/int64(400*time.Millisecond)+int64(i))%2] },
		"everybody is as silent": func(int, int64) uint8 { return 127 },
	} {
		n := 8
		if name == "forty hum alike" {
			n = 40
		}
		v, list := microphones(n, 5)
		at := int64(time.Hour)
		talk(v, list, &at, time.Second, level)
		heard, losses := talk(v, list, &at, 30*time.Second, level)
		if len(heard) != 5 || losses > 0 {
			t.Errorf("%s: %d changes in 30 s", name, losses)
		}
	}
}

func TestAClickTakesTheWordFromNobody(t *testing.T) {
	v, list := microphones(6, 5)
	at := int64(time.Hour)
	speak := func(click uint8) func(int, int64) uint8 {
		return func(i int, _ int64) uint8 {
			if i < 5 {
				return 30
			}
			return click
		}
	}
	talk(v, list, &at, 2*time.Second, speak(80))
	talk(v, list, &at, 20*time.Millisecond, speak(10))
	heard, losses := talk(v, list, &at, time.Second, speak(80))
	if losses != 0 || slices.Contains(heard, 5) {
		t.Errorf("heard %v after a click, %d losses", heard, losses)
	}
	// Somebody much louder, for as long as a word, is heard all the same.
	if heard, _ := talk(v, list, &at, 200*time.Millisecond, speak(10)); !slices.Contains(heard, 5) {
		t.Errorf("heard %v, and not who shouts", heard)
	}
}

func TestWhoIsMutedGivesThePlaceAway(t *testing.T) {
	v, list := microphones(6, 5)
	at := int64(time.Hour)
	speak := func(int, int64) uint8 { return 30 }
	talk(v, list, &at, time.Second, speak)
	list[2].allow(false)
	if list[2].voice.heard.Load() {
		t.Error("heard although muted")
	}
	heard, _ := talk(v, list[5:], &at, time.Duration(2*packetTime), speak)
	if len(heard) != 1 {
		t.Error("the place stays empty")
	}
	list[0].allow(false)
	if v.hear(list[0], loudnessOf(1), at) {
		t.Error("a muted microphone takes a place")
	}
}

// A microphone that comes back goes on with the next number; the time in between is in its timestamp.
func TestNumbersGoOnAcrossSilence(t *testing.T) {
	l, sinks := fanOut(t, webrtc.RTPCodecTypeAudio, 2, true)
	v := newVoices(1, func() {})
	v.enter(l.receiver)
	other := newReceiver(&peer{id: "bob"}, "0", webrtc.RTPCodecTypeAudio, nil)
	v.enter(other)
	var p packet
	send := func(seq uint16, at int64, level byte) {
		ts := uint32(seq) * 960
		l.receive([]byte{0x90, 111, byte(seq >> 8), byte(seq), byte(ts >> 24), byte(ts >> 16), byte(ts >> 8), byte(ts), 0, 0, 0, 3,
			0xbe, 0xde, 0, 1, 0x10, level, 0, 0, 'x'}, at, &p)
	}
	at := int64(time.Hour)
	send(1, at, 30)
	send(2, at+packetTime, 30)
	at += int64(10 * time.Second)
	if !v.hear(other, loudnessOf(20), at) {
		t.Fatal("the other is not heard")
	}
	for seq := uint16(3); seq < 50; seq++ {
		send(seq, at, 90)
	}
	at += int64(10 * time.Second)
	v.settle(at) // as the room does at each tick
	send(50, at, 30)
	send(51, at+packetTime, 30)
	for _, s := range sinks {
		if len(s.packets) != 4 {
			t.Fatalf("%d packets", len(s.packets))
		}
		for i, p := range s.packets {
			if p.SequenceNumber != s.packets[0].SequenceNumber+uint16(i) {
				t.Errorf("packet %d has number %d after %d", i, p.SequenceNumber, s.packets[0].SequenceNumber)
			}
		}
		if passed := s.packets[2].Timestamp - s.packets[1].Timestamp; passed < 960 {
			t.Errorf("time went on by %d", passed)
		}
	}
}

// A line that is passed on carries the other sound under the next numbers, and not a packet more of the former one.
func TestALinePassedOnHasNoGap(t *testing.T) {
	ann, sinks := fanOut(t, webrtc.RTPCodecTypeAudio, 1, true)
	bob, _ := fanOut(t, webrtc.RTPCodecTypeAudio, 0, true)
	d := (*ann.receiver.subs.Load())[0]
	d.bound, d.negotiated, d.connected = true, true, true
	var p packet
	send := func(l *layer, seq uint16, at int64) {
		l.receive([]byte{0x80, 111, byte(seq >> 8), byte(seq), 0, 0, byte(seq), 0, 0, 0, 0, 3, 'x'}, at, &p)
	}
	at := int64(time.Hour)
	send(ann, 1, at)
	send(ann, 2, at+packetTime)
	former := ann.receiver.subs.Load()
	d.pass(bob.receiver)
	bob.receiver.subscribe(d)
	if ann.receiver.subs.Load() != former {
		t.Fatal("the reader of the former track has another list")
	}
	send(ann, 3, at+2*packetTime) // its reader may still be on its way through the list
	send(bob, 50_000, at+3*packetTime)
	send(bob, 50_001, at+4*packetTime)
	got := sinks[0].packets
	if len(got) != 4 || d.receiver() != bob.receiver {
		t.Fatalf("%d packets, the line of %v", len(got), d.receiver())
	}
	for i, p := range got {
		if p.SequenceNumber != got[0].SequenceNumber+uint16(i) {
			t.Errorf("packet %d has number %d after %d", i, p.SequenceNumber, got[0].SequenceNumber)
		}
	}
	if passed := int32(got[2].Timestamp - got[1].Timestamp); passed < 960 || passed > 48_000 {
		t.Errorf("time went on by %d", passed)
	}
}

// BenchmarkUnheardMicrophone is everything done with a packet of a microphone that is not among the loudest, between the
// connection's layers and its end, in a room with 50 others to whom it is not forwarded.
func BenchmarkUnheardMicrophone(b *testing.B) {
	l, _ := fanOut(b, webrtc.RTPCodecTypeAudio, 50, false)
	v, list := microphones(5, 5)
	at := int64(time.Hour)
	talk(v, list, &at, time.Second, func(int, int64) uint8 { return 30 })
	v.enter(l.receiver)
	datagram := make([]byte, 120)
	copy(datagram, []byte{0x90, 111, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde, 0, 1, 0x10, 75, 0, 0})
	var p packet
	b.ReportAllocs()
	for i := range b.N {
		datagram[2], datagram[3] = byte(i>>8), byte(i)
		l.receive(datagram, at, &p)
	}
	if l.receiver.voice.heard.Load() {
		b.Fatal("it is heard")
	}
}

// FuzzVoices: whatever the levels, at most so many are heard, those that say so, and none that is muted.
func FuzzVoices(f *testing.F) {
	f.Add([]byte{0, 30, 20, 1, 30, 20, 2, 25, 20, 3, 127, 5, 0x80, 0, 1})
	f.Fuzz(func(t *testing.T, steps []byte) {
		const n, most = 8, 3
		v, list := microphones(n, most)
		at := int64(time.Hour)
		for ; len(steps) >= 3; steps = steps[3:] {
			r := list[int(steps[0])%n]
			at += int64(steps[2]) * int64(time.Millisecond)
			switch steps[0] >> 6 {
			case 3:
				r.allow(steps[1]&1 == 0)
			case 2:
				v.settle(at)
			default:
				if v.hear(r, loudnessOf(steps[1]), at) && !r.allowed.Load() {
					t.Fatal("a muted microphone is heard")
				}
			}
			heard := 0
			for _, r := range list {
				if r.voice.heard.Load() {
					heard++
					if !slices.Contains(*v.holders.Load(), r) {
						t.Fatal("heard without a place")
					}
				}
			}
			if heard > most || heard != len(*v.holders.Load()) {
				t.Fatalf("%d heard, %d places", heard, len(*v.holders.Load()))
			}
		}
	})
}

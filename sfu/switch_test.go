package sfu

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

const millisecond = int64(time.Millisecond)

// encoder makes the packets of one encoding of a camera: its numbers, timestamps and picture ids begin anywhere.
type encoder struct {
	layer *layer
	seq   uint16
	ts    uint32
	id    uint16
	wide  bool
	tl0   uint8
}

// frame makes a picture of two packets, taken at an instant in nanoseconds.
func (e *encoder) frame(at int64, key bool) (packets [][]byte) {
	for i := range 2 {
		b := make([]byte, 40)
		b[0], b[1] = 0x80, 96
		if i == 1 {
			b[1] |= 0x80
		}
		binary.BigEndian.PutUint16(b[2:], e.seq)
		binary.BigEndian.PutUint32(b[4:], e.stamp(at))
		payload := b[12:]
		payload[0], payload[1] = 0x80, 0xe0 // picture id, TL0PICIDX, TID
		rest := payload[3:]
		if e.wide {
			binary.BigEndian.PutUint16(payload[2:], 0x8000|e.id)
			rest = payload[4:]
		} else {
			payload[2] = byte(e.id & 0x7f)
		}
		rest[0], rest[2] = e.tl0, 1
		if i == 0 {
			payload[0] |= 0x10
			if key {
				copy(rest[2:], []byte{0, 0, 0, 0x9d, 0x01, 0x2a, 64, 1, 180, 0})
			}
		}
		e.seq++
		packets = append(packets, b)
	}
	e.id = (e.id + 1) & 0x7fff
	e.tl0++
	return packets
}

// stamp is the encoding's timestamp of an instant.
func (e *encoder) stamp(at int64) uint32 { return e.ts + uint32(at/1000*90/1000) }

// simulcast is a camera in three encodings with one subscriber.
func simulcast(tb testing.TB, wide bool) ([]*encoder, *downTrack, *sink) {
	low, sinks := fanOut(tb, webrtc.RTPCodecTypeVideo, 1, true)
	d := (*low.receiver.subs.Load())[0]
	d.bound, d.negotiated, d.connected = true, true, true
	return threeEncodings(low, wide), d, sinks[0]
}

// threeEncodings adds two to a receiver's one.
func threeEncodings(low *layer, wide bool) []*encoder {
	encoders := []*encoder{{layer: low, seq: 65500, ts: 4_294_900_000, id: 32760, tl0: 250}}
	for i := range 2 {
		l := &layer{receiver: low.receiver, packets: new(cache), codecs: low.codecs}
		l.burst = newBurst(l.forward)
		l.keyframes.last.Store(1 << 62)
		l.rank.Store(int32(i + 1))
		low.receiver.addLayer(l)
		encoders = append(encoders, &encoder{layer: l, seq: uint16(1000 * i), ts: uint32(77_000_000 * i), id: uint16(120 + 3000*i), tl0: 3})
	}
	for _, e := range encoders {
		e.wide = wide
		e.layer.clock.set(1<<40, e.stamp(0), 0) // all encoders share one wall clock
	}
	return encoders
}

// seen is what the subscriber's decoder is told of a packet.
type seen struct {
	seq, id uint16
	ts      uint32
	tl0     uint8
	key     bool
}

func look(p rtp.Packet, wide bool) seen {
	s := seen{seq: p.SequenceNumber, ts: p.Timestamp}
	v := readVP8(p.Payload)
	s.id, s.tl0, s.key = v.ids.id, v.ids.tl0, v.keyframe
	if v.ids.wide != wide {
		panic("the id changed its width")
	}
	return s
}

func TestSubscribersHaveTheirOwnLayers(t *testing.T) {
	encoders, d, s := simulcast(t, true)
	low, high := encoders[0], encoders[2]
	send := func(e *encoder, at int64, key bool) {
		var p packet
		for _, b := range e.frame(at, key) {
			e.layer.receive(b, at, &p)
		}
	}
	other := newDownTrack(low.layer.receiver, d.sub, Camera)
	other.stream = d.stream
	elsewhere := &sink{keep: true}
	other.stream.writer, other.target, other.open = elsewhere, high.layer, true
	low.layer.receiver.subscribe(other)

	send(low, 0, true)
	send(high, 0, true)
	d.aim(high.layer)
	send(low, 50*millisecond, false) // until the larger layer's keyframe comes, the smaller one goes on
	send(high, 50*millisecond, false)
	send(low, 100*millisecond, false)
	send(high, 100*millisecond, true)
	send(low, 150*millisecond, true)
	send(high, 150*millisecond, false)
	d.aim(low.layer)
	send(high, 200*millisecond, false)
	send(low, 200*millisecond, true)
	d.aim(nil)
	send(low, 250*millisecond, true)
	d.aim(high.layer)
	send(high, 300*millisecond, false)
	send(low, 350*millisecond, true) // nothing else to show: the smaller layer will do
	send(high, 400*millisecond, true)

	var at []int64
	for i, p := range s.packets {
		v := look(p, true)
		first := look(s.packets[0], true)
		if v.seq != first.seq+uint16(i) || v.id != (first.id+uint16(i/2))&0x7fff || v.tl0 != first.tl0+uint8(i/2) {
			t.Errorf("packet %d: %+v after %+v", i, v, first)
		}
		at = append(at, int64(v.ts-first.ts)/90)
	}
	if want := []int64{0, 0, 50, 50, 100, 100, 100, 100, 150, 150, 200, 200, 200, 200, 350, 350, 400, 400}; !slices.Equal(at, want) {
		t.Errorf("pictures of %v ms, want %v", at, want)
	}
	if len(elsewhere.packets) != 16 { // one small picture, then seven large ones
		t.Errorf("the other subscriber got %d packets", len(elsewhere.packets))
	}
	for i, p := range elsewhere.packets {
		if v := look(p, true); v.id != 32760+uint16(i/2) {
			t.Errorf("the other subscriber's picture %d has id %d", i, v.id)
		}
	}
}

func TestSentAgainWithTheSameNumbers(t *testing.T) {
	encoders, d, s := simulcast(t, true)
	var p packet
	for i, e := range []*encoder{encoders[0], encoders[0], encoders[1], encoders[1]} {
		d.aim(e.layer)
		for _, b := range e.frame(int64(i)*50*millisecond, i%2 == 0) {
			e.layer.receive(b, int64(i)*50*millisecond, &p)
		}
	}
	lost := s.packets[6]
	if !d.resend(lost.SequenceNumber, second) {
		t.Fatal("not sent again")
	}
	if again := s.packets[8]; !slices.Equal(again.Payload[2:], lost.Payload) || again.Timestamp != lost.Timestamp {
		t.Errorf("%v sent again as %v", lost, again)
	}
	if d.resend(s.packets[1].SequenceNumber, second) {
		t.Error("a packet of the layer before was sent again")
	}
}

// FuzzSwitch lets bytes change layers, pause, lose keyframes and time, and holds what a decoder relies on: numbers without
// gaps, pictures without gaps, time that neither goes back nor runs away from the clock.
func FuzzSwitch(f *testing.F) {
	f.Add([]byte{0x10, 0x01, 0x11, 0x12, 0x02, 0x12, 0x30, 0x11, 0x01, 0x11, 0x22}, true, true)
	f.Add([]byte{0x10, 0xff, 0x11, 0x72, 0x02, 0x12, 0x30, 0x11, 0xf1, 0x11, 0x22}, false, false)
	f.Fuzz(func(t *testing.T, script []byte, wide, reports bool) {
		encoders, d, s := simulcast(t, wide)
		for _, e := range encoders {
			e.layer.clock.ok = reports
		}
		at := int64(0)
		for _, op := range script {
			at += int64(op>>4) * 20 * millisecond
			if op&8 != 0 {
				at += 700 * millisecond
			}
			switch target := int(op & 3); {
			case op&4 == 0:
			case target == 3:
				d.aim(nil)
			default:
				d.aim(encoders[target].layer)
			}
			for i, e := range encoders {
				var p packet
				for _, b := range e.frame(at, int(op)%3 == i) {
					e.layer.receive(b, at+int64(i)*5*millisecond, &p) // larger ones take longer
				}
			}
			at += 33 * millisecond
		}
		hold(t, s.packets, wide, at)
	})
}

// hold checks what was sent to a decoder until an instant.
func hold(t *testing.T, packets []rtp.Packet, wide bool, until int64) {
	t.Helper()
	mask := uint16(0x7f)
	if wide {
		mask = 0x7fff
	}
	for i := 1; i < len(packets); i++ {
		a, b := look(packets[i-1], wide), look(packets[i], wide)
		begins := packets[i].Payload[0]&0x10 != 0
		if b.seq != a.seq+1 {
			t.Fatalf("number %d after %d", b.seq, a.seq)
		}
		if want := (a.id + 1) & mask; begins && b.id != want || !begins && b.id != a.id {
			t.Fatalf("picture %d after %d", b.id, a.id)
		}
		if begins && b.tl0 != a.tl0+1 {
			t.Fatalf("TL0PICIDX %d after %d", b.tl0, a.tl0)
		}
		if begins != (b.ts != a.ts) || int32(b.ts-a.ts) < 0 {
			t.Fatalf("timestamp %d after %d", b.ts, a.ts)
		}
	}
	if len(packets) > 0 {
		total := int64(packets[len(packets)-1].Timestamp-packets[0].Timestamp) / 90
		if most := until/millisecond + 1000*slack; total > most {
			t.Fatalf("%d ms of pictures in %d ms", total, most)
		}
	}
}

func TestRedundantSoundForThoseWhoKnowOnlyOpus(t *testing.T) {
	l, sinks := fanOut(t, webrtc.RTPCodecTypeAudio, 2, true)
	l.codecs[63] = codecRED
	both := (*l.receiver.subs.Load())[1]
	both.stream.payloadTypes[codecRED] = 63
	var p packet
	header := []byte{0x80, 63, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3}
	red := append(slices.Clone(header), 0x80|111, 0x0f, 0x00, 2, 111, 'o', 'l', 'n', 'e', 'w')
	l.receive(red, 1, &p)
	dtx := []byte{0x80, 111, 0, 2, 0, 0, 0, 9, 0, 0, 0, 3, 0xf8} // one byte: silence
	l.receive(dtx, 2, &p)
	for _, broken := range [][]byte{{0x80 | 111, 0, 3, 0xff, 111, 1}, {0x80 | 111}, {}} {
		b := append(slices.Clone(header), broken...)
		b[3] = 3
		l.window = window{}
		l.receive(b, 3, &p)
	}
	if got := sinks[0].packets; len(got) != 2 || string(got[0].Payload) != "new" || got[0].PayloadType != 111 || got[1].Payload[0] != 0xf8 {
		t.Errorf("without RED: %v", got)
	}
	if got := sinks[1].packets; len(got) != 5 || !slices.Equal(got[0].Payload, red[12:]) || got[0].PayloadType != 63 || got[1].PayloadType != 111 {
		t.Errorf("with RED: %v", got)
	}
}

func TestANarrowLineGetsSoundWithoutItsCopies(t *testing.T) {
	l, sinks := fanOut(t, webrtc.RTPCodecTypeAudio, 1, true)
	l.codecs[63] = codecRED
	d := (*l.receiver.subs.Load())[0]
	d.stream.payloadTypes[codecRED] = 63
	person := &peer{sub: d.sub}
	var p packet
	say := func(n uint8) {
		l.receive([]byte{0x80, 63, 0, n, 0, 0, 0, n, 0, 0, 0, 3, 0x80 | 111, 0x0f, 0x00, 2, 111, 'o', 'l', 'n', 'e', 'w'}, int64(n), &p)
	}
	for n, bandwidth := range []int{300_000, 290_000, 390_000, 400_000} {
		if person.demand.sound = 98_000; d.sub.slim.Load() {
			person.demand.sound = 66_000
		}
		person.slim(bandwidth)
		say(uint8(n) + 1)
	}
	for i, want := range []uint8{63, 111, 111, 63} { // back only where the copies would take a quarter
		if got := sinks[0].packets[i]; got.PayloadType != want || want == 111 && string(got.Payload) != "new" {
			t.Errorf("packet %d: payload type %d, %q", i, got.PayloadType, got.Payload)
		}
	}
}

// BenchmarkSimulcast is BenchmarkForward for a camera in three encodings, of which n subscribers watch each: descriptors
// with picture ids, which are rewritten for each.
func BenchmarkSimulcast(b *testing.B) {
	for _, n := range []int{1, 30} {
		b.Run(fmt.Sprintf("subscribers=%d", 3*n), func(b *testing.B) {
			low, _ := fanOut(b, webrtc.RTPCodecTypeVideo, 3*n, false)
			encoders := threeEncodings(low, true)
			for i, d := range *low.receiver.subs.Load() {
				d.target = encoders[i%3].layer
			}
			var p packet
			packets := make([][]byte, 3)
			send := func(i int, key bool) {
				for k, e := range encoders {
					if packets[k] == nil || key {
						packets[k] = append(e.frame(0, key)[0], make([]byte, 1100)...)
						packets[k][1] |= 0x80
					}
					binary.BigEndian.PutUint16(packets[k][2:], uint16(i))
					binary.BigEndian.PutUint16(packets[k][14:], 0x8000|uint16(i)&0x7fff)
					e.layer.receive(packets[k], int64(i), &p)
				}
			}
			send(0, true)
			for i := range 2 * cacheSize {
				send(i+1, i == 0)
				packets[0], packets[1], packets[2] = delta(packets[0]), delta(packets[1]), delta(packets[2])
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				send(i+2*cacheSize+1, false)
			}
			b.StopTimer()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(3*b.N)/float64(n), "ns/packet")
			for _, d := range *low.receiver.subs.Load() {
				if got := d.stream.packets; got < uint32(b.N+2*cacheSize) {
					b.Fatalf("%d packets forwarded of %d", got, b.N+2*cacheSize)
				}
			}
		})
	}
}

// delta turns the first packet of a key picture into one of an ordinary picture.
func delta(b []byte) []byte {
	b[18] |= 1
	return b
}

// TestWhatThePacerDropsLeavesNoGap: the numbers of packets that never left are given to those of the next stretch.
func TestWhatThePacerDropsLeavesNoGap(t *testing.T) {
	l, d, out := narrow(t, 300_000)
	var p packet
	for i := range uint16(20) {
		l.receive(datagram(i, i == 0), now(), &p)
	}
	d.interrupt()
	left := len(out)
	if left == 0 || left == 20 {
		t.Fatalf("%d packets left before the interruption", left)
	}
	for i := range uint16(5) {
		l.receive(datagram(20+i, i == 0), now(), &p)
	}
	last := <-out
	for i := 1; i < left+5; i++ {
		if seq := <-out; seq != last+1 {
			t.Fatalf("number %d after %d", seq, last)
		}
		last++
	}
}

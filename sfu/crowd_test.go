package sfu

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pion/webrtc/v4"
)

// stillRoom is a room whose goroutine does not run: a test makes its decisions happen.
func stillRoom(t testing.TB) (*Server, *room) {
	t.Helper()
	s, err := New(Config{ListenIP: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, newRoom("room", 5)
}

func enter(t testing.TB, s *Server, r *room, name string) *peer {
	t.Helper()
	p, err := s.newPeer(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	p.room = r
	r.join(p)
	return p
}

// film has p publish a camera of these heights, each twice as large as the one before, with rates to match.
func film(r *room, p *peer, rids ...string) *receiver {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := newReceiver(p, fmt.Sprint(len(p.receivers)), webrtc.RTPCodecTypeVideo, rids)
	rec.source = Camera
	for i, rid := range rids {
		l := &layer{receiver: rec, rid: rid, on: true, watched: second}
		l.dimensions.Store(uint32(320<<i)<<16 | uint32(180<<i))
		rec.addLayer(l)
	}
	p.receivers = append(p.receivers, rec)
	r.offer(rec)
	return rec
}

func cameraLines(p *peer) (from []string) {
	for _, d := range p.sub.list() {
		from = append(from, d.receiver().peer.id)
	}
	return from
}

func TestInACrowdOnlyCamerasInViewHaveLines(t *testing.T) {
	s, r := stillRoom(t)
	early := enter(t, s, r, "early")
	var others []*peer
	for i := range maxCameraLines + 4 {
		p := enter(t, s, r, fmt.Sprintf("p%d", i))
		film(r, p, "q")
		others = append(others, p)
	}
	late := enter(t, s, r, "late")
	for _, p := range []*peer{early, late} {
		if n := len(cameraLines(p)); n != maxCameraLines {
			t.Errorf("%s has %d lines before the first view", p.id, n)
		}
	}
	at := 10 * second
	r.distribute(at, true)
	r.setView(late, []Tile{{ParticipantID: "p27", Source: Camera, Width: 100, Height: 100}, {ParticipantID: "p0", Source: Camera}})
	r.distribute(at+1, false)
	if from := cameraLines(late); len(from) != maxCameraLines+1 || !slices.Contains(from, "p27") {
		t.Errorf("after the view %v", from)
	}
	r.distribute(at+lineLinger+second, true)
	if from := cameraLines(late); !slices.Equal(from, []string{"p0", "p27"}) {
		t.Errorf("later %v", from)
	}
	for _, p := range others[:4] {
		r.leave(p)
	}
	r.distribute(at+lineLinger+2*second, true)
	if n := len(cameraLines(late)); n != maxCameraLines {
		t.Errorf("%d lines when everybody has room", n)
	}
}

// told is what a participant's outbox holds of meeting.layers.
type told struct {
	Signals
	layers []ActiveLayers
	codecs []string
	times  int
}

func (l *told) Layers(layers []ActiveLayers, codecs []string) {
	l.layers, l.codecs = layers, codecs
	l.times++
}
func (l *told) Tracks([]Track) {}

func (p *peer) read(l *told) {
	for _, call := range p.out.queue {
		call(l)
	}
	p.out.queue = nil
}

func TestPublishersHearWhatIsWatched(t *testing.T) {
	s, r := stillRoom(t)
	ann, bob := enter(t, s, r, "ann"), enter(t, s, r, "bob")
	rec := film(r, ann, "q", "h", "f")
	d := bob.sub.list()[0]
	var news told
	at := second
	step := func(passed int64, all bool) {
		at += passed
		for _, l := range rec.encodings() {
			if l.on {
				l.heard.Store(at)
			}
		}
		r.distribute(at, all)
		ann.read(&news)
	}
	expect := func(what string, times int, target string, rids ...string) {
		t.Helper()
		if d.share.target == nil && target != "" || d.share.target != nil && d.share.target.rid != target {
			t.Errorf("%s: target %+v, not %s", what, d.share.target, target)
		}
		if news.times != times || times > 0 && !slices.Equal(news.layers[0].RIDs, rids) {
			t.Errorf("%s: told %d times, last %v, not %d times, %v", what, news.times, news.layers, times, rids)
		}
	}
	step(0, true)
	expect("no view", 0, "f")
	r.setView(bob, []Tile{{ParticipantID: "ann", Source: Camera, Width: 160, Height: 90}})
	step(0, false)
	expect("a small tile", 0, "q")
	step(2*second, true)
	expect("two seconds later", 0, "q")
	step(second, true)
	expect("three seconds later", 1, "q", "q")
	step(60*second, true)
	expect("long after", 1, "q", "q")
	r.setView(bob, []Tile{{ParticipantID: "ann", Source: Camera, Width: 1280, Height: 720}})
	step(0, false)
	expect("a large tile", 2, "f", "q", "f")
	step(second, true)
	expect("is waited for", 2, "f", "q", "f")
	r.setView(bob, nil)
	step(0, false)
	expect("out of sight", 2, "", "q", "f")
	step(4*second, true)
	expect("later", 3, "")
	if len(news.layers[0].RIDs) != 0 {
		t.Errorf("still asked for %v", news.layers)
	}
	if !slices.Equal(news.codecs, []string{"vp8", "h264"}) {
		t.Errorf("codecs %v", news.codecs)
	}
}

// TestALayerThatDoesNotComeIsReplaced: one that was woken and stays away is given up after a while, one that sleeps is not.
func TestALayerThatDoesNotComeIsReplaced(t *testing.T) {
	s, r := stillRoom(t)
	ann, bob := enter(t, s, r, "ann"), enter(t, s, r, "bob")
	rec := film(r, ann, "q", "h", "f")
	d := bob.sub.list()[0]
	at := second
	step := func(passed int64, heard ...int) string {
		at += passed
		for _, i := range heard {
			rec.layers[i].heard.Store(at)
		}
		r.distribute(at, true)
		return d.share.target.rid
	}
	look := func(width int) {
		r.setView(bob, []Tile{{ParticipantID: "ann", Source: Camera, Width: width, Height: width * 9 / 16}})
	}
	step(0, 0, 1, 2)
	look(160)
	for range 10 { // the larger ones fall asleep
		if got := step(second, 0); got != "q" {
			t.Fatalf("%s for a small tile", got)
		}
	}
	look(1280)
	if got := step(0, 0); got != "f" || !rec.layers[2].on {
		t.Fatalf("%s is not woken", got)
	}
	if got := step(second, 0); got != "f" {
		t.Errorf("%s: not waited for", got)
	}
	for range 3 {
		step(second, 0)
	}
	if got := step(second, 0, 1); got != "h" || !rec.layers[2].on {
		t.Errorf("%s in place of one that does not come, which is asked for still: %v", got, rec.layers[2].on)
	}
	step(measureEvery, 0, 1, 2)
	if got := step(measureEvery, 0, 1, 2); got != "f" {
		t.Errorf("%s when it has come", got)
	}
	for range 10 { // the camera is off
		step(second)
	}
	if got := step(second, 0); got != "f" {
		t.Errorf("%s when the first encoding is back and the others are about to be", got)
	}
}

// BenchmarkDistribute is one decision for everybody, as made twice a second, in a room in which all see each other.
func BenchmarkDistribute(b *testing.B) {
	for _, n := range []int{16, 50} {
		b.Run(fmt.Sprintf("room=%d", n), func(b *testing.B) {
			s, r := stillRoom(b)
			var peers []*peer
			for i := range n {
				p := enter(b, s, r, fmt.Sprintf("p%d", i))
				film(r, p, "q", "h", "f")
				peers = append(peers, p)
			}
			for _, p := range peers {
				view := []Tile{}
				for _, other := range peers {
					view = append(view, Tile{ParticipantID: other.id, Source: Camera, Width: 320, Height: 180})
				}
				r.setView(p, view)
			}
			r.distribute(second, true)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				r.distribute(2*second+int64(i)*second/2, true)
			}
		})
	}
}

// Package sfutest is a headless participant for tests: real Pion connections that publish generated pictures and sound
// and count what arrives. It speaks to a sfu.Server in the same process or, through another Signaler, to a whole Lectern.
package sfutest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"lectern/internal/lines"
	"lectern/sfu"
	"lectern/sfu/sfutest/netem"
)

// Patience is how long Wait… methods wait before they fail the test.
const Patience = 30 * time.Second

// Signaler carries a participant's commands to the server; Server's methods, bound to one participant.
type Signaler interface {
	Offer(ctx context.Context, sdp string) (answer string, err error)
	Answer(sdp string) error
	Candidate(target sfu.Target, c webrtc.ICECandidateInit) error
	SetTracks(sources map[string]sfu.Source) error
	SetView(tiles []sfu.Tile) error
	Leave()
}

// Dial joins and returns the way to signal; what the server says is to be passed to events.
type Dial func(events sfu.Signals) (Signaler, error)

// Options change what a participant does; the zero value is an ordinary one.
type Options struct {
	// Registry wraps both connections' packets, for instance to lose some (see Loss).
	Registry *interceptor.Registry
	// VP8Only makes a client that knows no other codec for pictures.
	VP8Only bool
	// TCP makes the client use ICE-TCP only.
	TCP bool
	// Through is the network between the client and the server's UDP port.
	Through *netem.Proxy
	// Configuration is of both connections, for instance with a relay.
	Configuration webrtc.Configuration
}

// Peer is one participant.
type Peer struct {
	Name string

	t        testing.TB
	dial     Signaler
	through  *netem.Proxy // nil: the server is next door
	api      *webrtc.API
	pub, sub *webrtc.PeerConnection
	stop     chan struct{}
	running  sync.WaitGroup
	offers   chan string
	checking chan struct{} // closed when ICE has begun on the subscriber connection
	sdp      sync.Mutex    // one publisher negotiation at a time

	mu       sync.Mutex // guards the rest
	changed  chan struct{}
	left     bool
	leaving  bool
	tracks   []sfu.Track
	received map[string]*Received // by mid
	streams  map[string]int       // packets that came of each stream
	speakers []string
	layers   map[string][]string // by mid, as last announced
	codecs   []string
	media    []bool
	offered  int
	longest  int
	offer    string
	sources  map[string]sfu.Source
}

// Join makes a participant of a room of a server in this process.
func Join(t testing.TB, server *sfu.Server, room, name string, opts ...Options) *Peer {
	t.Helper()
	return New(t, name, func(events sfu.Signals) (Signaler, error) {
		return local{server, name}, server.Join(context.Background(), room, name, events)
	}, opts...)
}

type local struct {
	server *sfu.Server
	name   string
}

func (l local) Offer(ctx context.Context, sdp string) (string, error) {
	return l.server.Offer(ctx, l.name, sdp)
}
func (l local) Answer(sdp string) error { return l.server.Answer(l.name, sdp) }
func (l local) Candidate(target sfu.Target, c webrtc.ICECandidateInit) error {
	return l.server.Candidate(l.name, target, c)
}
func (l local) SetTracks(s map[string]sfu.Source) error { return l.server.SetTracks(l.name, s) }
func (l local) SetView(tiles []sfu.Tile) error          { return l.server.SetView(l.name, tiles) }
func (l local) Leave()                                  { l.server.Leave(l.name) }

// New makes a participant that signals through what dial returns. It leaves when the test ends.
func New(t testing.TB, name string, dial Dial, opts ...Options) *Peer {
	t.Helper()
	var o Options
	if len(opts) > 0 {
		o = opts[0]
	}
	p := &Peer{
		Name: name, t: t, through: o.Through, stop: make(chan struct{}), offers: make(chan string, 64), changed: make(chan struct{}),
		checking: make(chan struct{}),
		received: map[string]*Received{}, streams: map[string]int{}, sources: map[string]sfu.Source{},
	}
	p.api = newAPI(t, o)
	var err error
	if p.pub, err = p.api.NewPeerConnection(o.Configuration); err != nil {
		t.Fatal(err)
	}
	if p.sub, err = p.api.NewPeerConnection(o.Configuration); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Leave)
	p.sub.OnTrack(p.track)
	var began sync.Once
	p.sub.OnICEConnectionStateChange(func(webrtc.ICEConnectionState) { began.Do(func() { close(p.checking) }) })
	if p.dial, err = dial(events{p}); err != nil {
		t.Fatalf("%s: join: %v", name, err)
	}
	p.trickle(p.pub, sfu.Publisher)
	p.trickle(p.sub, sfu.Subscriber)
	p.running.Go(p.answerOffers)
	return p
}

func (p *Peer) trickle(pc *webrtc.PeerConnection, target sfu.Target) {
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil && p.through == nil {
			_ = p.dial.Candidate(target, c.ToJSON()) // after leaving there is no peer
		}
	})
}

// events receives what the server says.
type events struct{ p *Peer }

func (e events) Offer(sdp string) {
	e.p.update(func() {
		e.p.offered++
		e.p.longest = max(e.p.longest, len(sdp))
		e.p.offer = sdp
	})
	select {
	case e.p.offers <- sdp:
	case <-e.p.stop:
	}
}

func (e events) Candidate(target sfu.Target, c webrtc.ICECandidateInit) {
	pc := e.p.pub
	if target == sfu.Subscriber {
		pc = e.p.sub
	}
	if c.Candidate = e.p.incoming(c.Candidate); c.Candidate != "" {
		_ = pc.AddICECandidate(c) // one that comes late is not needed
	}
}

// Tracks also forgets the lines that have no track any more: what comes on them next is another one.
func (e events) Tracks(tracks []sfu.Track) {
	e.p.update(func() {
		e.p.tracks = tracks
		used := map[string]bool{}
		for _, t := range tracks {
			used[t.MID] = true
		}
		for mid := range e.p.received {
			if !used[mid] {
				delete(e.p.received, mid)
			}
		}
	})
}
func (e events) Media(connected bool) {
	e.p.update(func() { e.p.media = append(e.p.media, connected) })
}
func (e events) Layers(layers []sfu.ActiveLayers, codecs []string) {
	e.p.update(func() {
		e.p.layers, e.p.codecs = map[string][]string{}, codecs
		for _, l := range layers {
			e.p.layers[l.MID] = l.RIDs
		}
	})
}

// Quality is of no interest here.
func (e events) Quality(sfu.Quality) {}

func (e events) Speakers(ids []string) { e.p.update(func() { e.p.speakers = ids }) }

// update changes the state and wakes those who wait for it.
func (p *Peer) update(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.changed)
	p.changed = make(chan struct{})
}

// wait blocks until ok, called with mu held, holds.
func (p *Peer) wait(what string, ok func() bool) {
	p.t.Helper()
	deadline := time.NewTimer(Patience)
	defer deadline.Stop()
	for {
		p.mu.Lock()
		done, changed := ok(), p.changed
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-deadline.C:
			p.t.Fatalf("%s waited %v for %s\n%s", p.Name, Patience, what, p.state())
		}
	}
}

// state says what a failed wait wants to know.
func (p *Peer) state() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "publisher %s, subscriber %s %s, %d offers, tracks %v\n",
		p.pub.ConnectionState(), p.sub.ConnectionState(), p.sub.SignalingState(), p.offered, p.tracks)
	for mid, r := range p.received {
		fmt.Fprintf(&b, "mid %s: %d packets, last %d\n", mid, r.stats.Packets, r.stats.Frame)
	}
	return b.String()
}

// answerOffers answers the subscriber connection's offers, in order.
func (p *Peer) answerOffers() {
	for {
		select {
		case <-p.stop:
			return
		case sdp := <-p.offers:
			if err := p.answerOffer(sdp); err != nil && !p.gone() {
				p.t.Errorf("%s: answer: %v", p.Name, err)
			}
			// Pion takes a second offer that overtakes the beginning of ICE for a restart.
			select {
			case <-p.stop:
				return
			case <-p.checking:
			}
		}
	}
}

func (p *Peer) answerOffer(sdp string) error {
	sdp, err := lines.KeepReceivers(p.sub, sdp)
	if err != nil {
		return err
	}
	if err := p.sub.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: p.incoming(sdp)}); err != nil {
		return err
	}
	answer, err := p.sub.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err := p.sub.SetLocalDescription(answer); err != nil {
		return err
	}
	return p.dial.Answer(p.outgoing(answer.SDP))
}

// Negotiate offers the publisher connection as it is; with restart, ICE begins anew.
func (p *Peer) Negotiate(restart bool) error {
	p.sdp.Lock()
	defer p.sdp.Unlock()
	offer, err := p.pub.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		return err
	}
	if err := p.pub.SetLocalDescription(offer); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	answer, err := p.dial.Offer(ctx, p.outgoing(offer.SDP))
	if err != nil {
		return err
	}
	return p.pub.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: p.incoming(answer)})
}

// incoming leads what the server says about its addresses through the network in between, if there is one.
func (p *Peer) incoming(text string) string {
	if p.through == nil {
		return text
	}
	return p.through.Rewrite(text)
}

// outgoing leaves the client's own addresses out, if there is a network in between.
func (p *Peer) outgoing(sdp string) string {
	if p.through == nil {
		return sdp
	}
	return netem.Hide(sdp)
}

// Look sends the view.
func (p *Peer) Look(tiles ...sfu.Tile) {
	p.t.Helper()
	if err := p.dial.SetView(tiles); err != nil {
		p.t.Fatalf("%s: view: %v", p.Name, err)
	}
}

// Leave ends everything; again does nothing.
func (p *Peer) Leave() {
	p.mu.Lock()
	first := !p.left && !p.leaving
	p.leaving = true // what the server still asks is answered too late
	p.mu.Unlock()
	if p.dial != nil && first {
		p.dial.Leave()
	}
	p.Vanish()
}

// Vanish closes the connections without a word to the server.
func (p *Peer) Vanish() {
	p.mu.Lock()
	first := !p.left
	p.left = true
	p.mu.Unlock()
	if !first {
		return
	}
	close(p.stop)
	_ = p.pub.GracefulClose()
	_ = p.sub.GracefulClose()
	p.running.Wait()
}

func (p *Peer) gone() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.left || p.leaving
}

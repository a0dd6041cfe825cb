package sfu

import (
	"sync"
	"sync/atomic"

	"github.com/pion/webrtc/v4"
)

// receiver is one track that a participant publishes, with a layer for each simulcast encoding of it.
type receiver struct {
	peer   *peer
	mid    string
	kind   webrtc.RTPCodecType
	source Source // guarded by room.mu

	allowed atomic.Bool
	subs    atomic.Pointer[[]*downTrack] // immutable list, replaced under room.mu
	current atomic.Pointer[layer]        // the layer that is forwarded

	mu     sync.Mutex // guards layers
	layers []*layer

	level loudness
}

func newReceiver(p *peer, mid string, kind webrtc.RTPCodecType) *receiver {
	r := &receiver{peer: p, mid: mid, kind: kind}
	r.subs.Store(new([]*downTrack))
	r.allowed.Store(true)
	return r
}

// addLayer takes one encoding; it reports false when there are too many.
func (r *receiver) addLayer(l *layer) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.layers) >= maxLayers {
		return false
	}
	r.layers = append(r.layers, l)
	r.current.CompareAndSwap(nil, l)
	return true
}

// removeLayer forgets an encoding that ended and reports whether it was the last.
func (r *receiver) removeLayer(l *layer) (last bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, have := range r.layers {
		if have == l {
			r.layers = append(r.layers[:i:i], r.layers[i+1:]...)
			break
		}
	}
	if len(r.layers) > 0 {
		r.current.CompareAndSwap(l, r.layers[0])
	}
	return len(r.layers) == 0
}

// choose makes the layer with the highest bit rate since the last call the one that is forwarded, if it is clearly
// higher than the present one. Called about once a second from the room's ticker; outgoing tracks change over at the
// next keyframe.
func (r *receiver) choose() {
	r.mu.Lock()
	current := r.current.Load()
	var best *layer
	var most, present uint64
	for _, l := range r.layers {
		n := l.bytes.Swap(0)
		if n > most {
			best, most = l, n
		}
		if l == current {
			present = n
		}
	}
	r.mu.Unlock()
	if best == nil || best == current || most < present+present/2 {
		return
	}
	r.current.Store(best)
	best.requestKeyframe()
}

// each calls f for each layer.
func (r *receiver) each(f func(*layer)) {
	r.mu.Lock()
	layers := append([]*layer(nil), r.layers...)
	r.mu.Unlock()
	for _, l := range layers {
		f(l)
	}
}

// requestKeyframe asks the encoder of the layer that is forwarded.
func (r *receiver) requestKeyframe() {
	if l := r.current.Load(); l != nil {
		l.requestKeyframe()
	}
}

// allow opens or stops the forwarding; once it has stopped it, nothing more leaves. Pictures go on with a keyframe.
func (r *receiver) allow(allowed bool) {
	if r.allowed.Load() == allowed {
		return
	}
	if !allowed {
		r.allowed.Store(false)
	}
	for _, d := range *r.subs.Load() {
		d.interrupt() // waits for a packet that is just being sent
	}
	r.level.reset()
	if allowed {
		r.allowed.Store(true)
		r.requestKeyframe()
	}
}

// subscribe and unsubscribe replace the list; the caller holds room.mu.
func (r *receiver) subscribe(d *downTrack) {
	old := *r.subs.Load()
	list := append(old[:len(old):len(old)], d)
	r.subs.Store(&list)
}

func (r *receiver) unsubscribe(d *downTrack) {
	old := *r.subs.Load()
	list := make([]*downTrack, 0, len(old))
	for _, have := range old {
		if have != d {
			list = append(list, have)
		}
	}
	r.subs.Store(&list)
}

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
	rids   []string // of all encodings that were negotiated, those too that have not come yet
	source Source   // guarded by room.mu

	allowed atomic.Bool
	subs    atomic.Pointer[[]*downTrack] // immutable list, replaced under room.mu

	mu     sync.Mutex // guards layers
	layers []*layer

	level  loudness
	voice  voice  // of a microphone
	ladder ladder // of the room's goroutine
}

func newReceiver(p *peer, mid string, kind webrtc.RTPCodecType, rids []string) *receiver {
	r := &receiver{peer: p, mid: mid, kind: kind, rids: rids, ladder: ladder{larger: now()}}
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
	return len(r.layers) == 0
}

// encodings is a copy of the layers, in the order in which they came.
func (r *receiver) encodings() []*layer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*layer(nil), r.layers...)
}

// first is the layer that came first: of sound, the only one.
func (r *receiver) first() *layer {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.layers) == 0 {
		return nil
	}
	return r.layers[0]
}

// allow opens or stops the forwarding; once it has stopped it, nothing more leaves. Pictures go on with a keyframe.
func (r *receiver) allow(allowed bool) {
	if r.allowed.Load() == allowed {
		return
	}
	if !allowed {
		r.allowed.Store(false)
	}
	subs := *r.subs.Load()
	for _, d := range subs {
		d.interrupt() // waits for a packet that is just being sent
	}
	r.level.reset()
	if v := r.voice.room.Load(); v != nil {
		if allowed {
			r.voice.last.Store(now())
		} else {
			v.leave(r, false)
		}
	}
	if allowed {
		r.allowed.Store(true)
		for _, d := range subs {
			d.requestKeyframe()
		}
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

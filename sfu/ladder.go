package sfu

import (
	"cmp"
	"slices"
	"time"
)

// ladder orders the encodings of a camera or screen from small to large and knows which may be given to subscribers. It
// belongs to the room's goroutine.
type ladder struct {
	layers   []*layer // all that have come
	usable   []*layer // without those that stall
	rates    []int    // of the usable ones, bits a second, never falling
	measured int64    // when the rates were taken last
	silent   int64    // when nothing of the picture was last being sent
	larger   int64    // when somebody last wanted more than the largest that has come
	told     []string // the RIDs last asked for from the publisher; nil: all
}

const (
	measureEvery = int64(500 * time.Millisecond)
	stallAfter   = int64(2 * time.Second)        // without a packet, while other encodings of the picture go on
	liveFor      = int64(time.Second)            // after a packet
	offAfter     = int64(3 * time.Second)        // without a viewer
	frozenAfter  = int64(300 * time.Millisecond) // for which a layer above the budget may wait for the keyframe below
)

// survey brings the ladder up to date. With fewer than two encodings there is no choice, and none stalls.
func (r *receiver) survey(at int64) {
	l := &r.ladder
	layers := r.encodings()
	passed := at - l.measured
	if passed < measureEvery && len(layers) == len(l.layers) {
		return
	}
	if passed >= measureEvery {
		for _, e := range layers {
			e.measure(passed)
		}
		l.measured = at
	}
	slices.SortStableFunc(layers, smaller)
	l.layers, l.usable, l.rates = layers, l.usable[:0], l.rates[:0]
	heard := int64(0)
	for i, e := range layers {
		e.rank.Store(int32(i))
		heard = max(heard, e.heard.Load())
	}
	if at-heard >= liveFor {
		l.silent = at
	}
	for _, e := range layers {
		if e.stalled = e.on && at-max(e.heard.Load(), e.woken, l.silent) > stallAfter; !e.stalled {
			l.usable = append(l.usable, e)
		}
	}
	least := 0
	for _, e := range l.usable {
		least = max(least, e.bitRate())
		l.rates = append(l.rates, least)
	}
}

// smaller orders by the pictures' size, where it is not known by bit rate, and without either by name.
func smaller(a, b *layer) int {
	pixels, rates := a.pixels()*b.pixels() != 0, a.rate*b.rate != 0
	switch {
	case pixels && a.pixels() != b.pixels():
		return cmp.Compare(a.pixels(), b.pixels())
	case rates && !pixels:
		return cmp.Compare(a.rate, b.rate)
	}
	return cmp.Compare(sizeOfName(a.rid), sizeOfName(b.rid))
}

// sizeOfName is a guess at the encoding's share of the full height: quarter, half, full.
func sizeOfName(rid string) int {
	switch rid {
	case "q":
		return 1
	case "h":
		return 2
	}
	return 4
}

// tolerance is by how much a picture's area may be stretched to fill its tile, in percent.
const tolerance = 150

// covering is the index of the smallest layer that fills the tile, or of the largest there is, and whether that one fills
// it.
func covering(layers []*layer, tile Tile) (index int, fills bool) {
	for i, l := range layers {
		if width, height := l.size(); tile.Width*tile.Height*100 <= width*height*tolerance {
			return i, true
		}
	}
	return len(layers) - 1, false
}

// index is the place of a layer among the usable ones, or of the next smaller.
func (l *ladder) index(e *layer) int {
	for i := len(l.usable) - 1; i > 0; i-- {
		if l.usable[i].rank.Load() <= e.rank.Load() {
			return i
		}
	}
	return 0
}

// substitute is the largest encoding below e that is being sent, nil when there is none.
func (l *ladder) substitute(e *layer, at int64) *layer {
	for i := len(l.layers) - 1; i >= 0; i-- {
		if s := l.layers[i]; s.rank.Load() < e.rank.Load() && s.live(at) {
			return s
		}
	}
	return nil
}

// measure takes the bit rate since the last time, passed nanoseconds ago. It follows a rise quickly and a fall slowly:
// screens send little for a while and then much. One key picture is no rise, though: only what lasts for two stretches is.
// While nothing comes at all, it remembers.
func (l *layer) measure(passed int64) {
	n := l.bytes.Swap(0)
	first := !l.counting
	if l.counting = true; first || n == 0 { // the first stretch is shorter than passed
		return
	}
	now := int(float64(n) * 8e9 / float64(passed))
	rate := min(now, l.before)
	if l.before == 0 || now < l.rate {
		rate = now
	}
	l.before = now
	switch {
	case l.rate == 0:
		l.rate = rate
	case rate > l.rate:
		l.rate += (rate - l.rate) / 2
	default:
		l.rate -= (l.rate - rate) / 16
	}
}

// bitRate is what was measured, or a guess by size: 1.5 Mbit/s for 1280 × 720.
func (l *layer) bitRate() int {
	if l.rate > 0 {
		return l.rate
	}
	width, height := l.size()
	return width * height * 1_500_000 / (1280 * 720)
}

// size is what the last keyframe said, or a guess by name.
func (l *layer) size() (width, height int) {
	if s := l.dimensions.Load(); s != 0 {
		return int(s >> 16), int(s & 0xffff)
	}
	share := sizeOfName(l.rid)
	return 1280 * share / 4, 720 * share / 4
}

// pixels is 0 where the size is not known.
func (l *layer) pixels() int {
	s := l.dimensions.Load()
	return int(s>>16) * int(s&0xffff)
}

// live tells whether packets come.
func (l *layer) live(at int64) bool { return at-l.heard.Load() < liveFor }

// watch notes that somebody wants to see the layer.
func (l *layer) watch(at int64) {
	l.watched = at
	if !l.on {
		l.on, l.woken = true, at
	}
}

package sfu

import "time"

// window sees each sequence number of a stream once. Browsers probe for bandwidth by repeating packets as RTX, which
// reach the reader as packets it had already. It also remembers the gaps and says which to ask for again.
type window struct {
	started bool
	highest uint16
	seen    [windowSize / 64]uint64 // bit seq%windowSize, for the last windowSize numbers
	missing []gap
}

type gap struct {
	seq   uint16
	tries uint8
	at    int64 // when it may be asked for next, nanoseconds
}

const (
	windowSize   = 1024
	maxMissing   = 128
	maxNackTries = 10
	nackDelay    = int64(10 * time.Millisecond) // tolerated reordering
	nackRepeat   = int64(60 * time.Millisecond)
	nackAge      = 400 // sequence numbers after which a gap is given up
)

// add reports whether seq is new; duplicates and packets older than the window are not.
func (w *window) add(seq uint16, now int64) bool {
	if !w.started {
		w.started, w.highest = true, seq
		w.mark(seq)
		return true
	}
	ahead := int(int16(seq - w.highest))
	switch {
	case ahead > 0:
		w.advance(seq, ahead, now)
		return true
	case ahead <= -windowSize || w.has(seq):
		return false
	}
	w.mark(seq)
	w.forget(seq)
	return true
}

// advance moves to a higher number and notes what was jumped over. A jump past the window is a new beginning.
func (w *window) advance(seq uint16, ahead int, now int64) {
	if ahead >= windowSize {
		w.seen = [windowSize / 64]uint64{}
		w.missing = w.missing[:0]
	} else {
		for s := w.highest + 1; s != seq; s++ {
			w.clear(s)
			if len(w.missing) < maxMissing {
				w.missing = append(w.missing, gap{seq: s, at: now + nackDelay})
			}
		}
	}
	w.highest = seq
	w.mark(seq)
}

// due appends to list the sequence numbers to ask for now.
func (w *window) due(now int64, list []uint16) []uint16 {
	keep := w.missing[:0]
	for _, g := range w.missing {
		if w.highest-g.seq > nackAge || g.tries >= maxNackTries {
			continue
		}
		if now >= g.at {
			list = append(list, g.seq)
			g.tries++
			g.at = now + nackRepeat
		}
		keep = append(keep, g)
	}
	w.missing = keep
	return list
}

func (w *window) forget(seq uint16) {
	for i, g := range w.missing {
		if g.seq == seq {
			w.missing = append(w.missing[:i], w.missing[i+1:]...)
			return
		}
	}
}

func (w *window) mark(seq uint16)     { w.seen[seq%windowSize/64] |= 1 << (seq % 64) }
func (w *window) clear(seq uint16)    { w.seen[seq%windowSize/64] &^= 1 << (seq % 64) }
func (w *window) has(seq uint16) bool { return w.seen[seq%windowSize/64]&(1<<(seq%64)) != 0 }

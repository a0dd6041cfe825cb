package sfu

import (
	"cmp"
	"slices"
	"time"
)

// wanted is a picture that a subscriber's view shows, as the allocator sees it.
type wanted struct {
	screen   bool
	priority int
	speaking bool
	rates    []int // bits a second of the layers that may be given, small to large, never falling; not empty
	given    int   // an index into rates, or one of the two below; the allocator changes it
	was      int   // its scratch
}

const (
	starved = -1 // cannot be served for now
	fresh   = -2 // has just come into view
)

// allocator spreads a subscriber's bandwidth over the pictures in its view. It goes down at once and up with care: a step
// up needs headroom, and after going down some time must pass, more of it when the last step up was a mistake. It is pure:
// time comes in.
type allocator struct {
	lowered int64 // when it last had to go down, nanoseconds; 0: not lately
	raised  int64 // when it last went up
	hold    int64 // how long nothing goes up after going down
}

const (
	leastHold   = int64(2 * time.Second)
	longestHold = int64(8 * time.Second)
	mistake     = int64(5 * time.Second)        // a step up that is taken back within this was one
	stepUp      = int64(500 * time.Millisecond) // between two steps up after going down
	trouble     = int64(30 * time.Second)       // after going down, until all is forgotten
)

// allocate decides which layer each picture gets. Everybody gets the smallest layer before anybody gets a larger one, and
// within a round the more important come first; what does not fit is starved. Only the most important picture gets its
// smallest layer even for half as much again as there is. Nobody is lowered to raise somebody less important.
//
// It returns the bits a second that are given away, and how many the next step up would take in all, headroom included,
// 0 when nobody wants more.
func (a *allocator) allocate(at int64, budget int, pictures []wanted) (spent, next int) {
	order := make([]*wanted, len(pictures))
	for i := range pictures {
		order[i] = &pictures[i]
	}
	slices.SortStableFunc(order, before)
	spent, lowered := keep(budget, order)
	if lowered {
		a.wentDown(at)
	}
	for a.mayRise(at) {
		raised := raise(headroom(budget), order, &spent)
		if !raised {
			break
		}
		a.raised = at
	}
	if w := neediest(order); w != nil {
		next = spent + w.step(w.given+1)
		next += next / 9
	}
	return spent, next
}

// before orders by importance: screens, then cameras; of each the higher priority, and of equals who speaks.
func before(a, b *wanted) int {
	rank := func(screen bool) int {
		if screen {
			return 1
		}
		return 0
	}
	return cmp.Or(rank(b.screen)-rank(a.screen), cmp.Compare(b.priority, a.priority), rank(b.speaking)-rank(a.speaking))
}

// headroom is what may be given away when something goes up: a tenth stays free.
func headroom(budget int) int { return budget - budget/10 }

// step is what layer k costs more than the one below.
func (w *wanted) step(k int) int {
	if k == 0 {
		return w.rates[0]
	}
	return w.rates[k] - w.rates[k-1]
}

// keep gives everybody what they have, and what is fresh its smallest layer, as far as the budget goes; so too the most
// important picture, which is not left waiting. It reports whether somebody lost something.
func keep(budget int, order []*wanted) (spent int, lowered bool) {
	most := 0
	for i, w := range order {
		w.was = min(w.given, len(w.rates)-1)
		if w.given == fresh || i == 0 && w.given == starved && w.rates[0] <= budget {
			w.was = 0
		}
		most = max(most, w.was)
	}
	for k := 0; k <= most; k++ {
		for i, w := range order {
			had := w.given >= 0
			if k == 0 {
				w.given = starved
			}
			switch {
			case w.given != k-1 || w.was < k:
			case spent+w.step(k) <= limit(budget, w, i, k):
				w.given = k
				spent += w.step(k)
			default:
				lowered = lowered || had
			}
		}
	}
	return spent, lowered
}

// limit is the budget for a step of the picture with this rank: the first one's smallest layer may exceed it.
func limit(budget int, w *wanted, rank, k int) int {
	if least := w.rates[0]; rank == 0 && k == 0 && least-least/3 <= budget {
		return max(budget, least)
	}
	return budget
}

// raise makes the first step up that is possible, if need be at the cost of those who are less important and have as
// much, and reports whether there was one.
func raise(budget int, order []*wanted, spent *int) bool {
	most := 0
	for _, w := range order {
		most = max(most, len(w.rates))
	}
	for k := range most {
		for i, w := range order {
			if w.given != k-1 || len(w.rates) <= k {
				continue
			}
			cost := w.step(k)
			if lacking := *spent + cost - limit(budget, w, i, k); lacking > 0 {
				freed := take(order[i+1:], k, lacking)
				if freed == 0 {
					continue
				}
				*spent -= freed
			}
			w.given = k
			*spent += cost
			return true
		}
	}
	return false
}

// take lowers those who have layer k or more to less than k, the least important first and no more than is needed, if
// that frees so many bits a second. It returns what it freed.
func take(from []*wanted, k, needed int) (freed int) {
	for _, w := range from {
		w.was = w.given
	}
	for i := len(from) - 1; i >= 0; i-- {
		for w := from[i]; w.was >= k && freed < needed; w.was-- {
			freed += w.step(w.was)
		}
	}
	if freed < needed {
		return 0
	}
	for _, w := range from {
		w.given = w.was
	}
	return freed
}

// neediest is who would get the next step up, nil when nobody wants more.
func neediest(order []*wanted) (first *wanted) {
	for _, w := range order {
		if w.given < len(w.rates)-1 && (first == nil || w.given < first.given) {
			first = w
		}
	}
	return first
}

// wentDown notes that the budget forced somebody down.
func (a *allocator) wentDown(at int64) {
	switch {
	case a.raised != 0 && at-a.raised < mistake:
		a.hold = min(max(2*a.hold, leastHold), longestHold)
		a.raised = 0 // counted
	case a.lowered == 0 || at-a.lowered > trouble:
		a.hold = leastHold
	}
	a.lowered = at
}

// mayRise tells whether something may go up now.
func (a *allocator) mayRise(at int64) bool {
	if !a.mindful(at) {
		return true
	}
	return at-a.lowered >= a.hold && at-a.raised >= stepUp
}

// mindful tells whether it had to go down lately.
func (a *allocator) mindful(at int64) bool { return a.lowered != 0 && at-a.lowered <= trouble }

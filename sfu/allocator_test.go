package sfu

import (
	"math"
	"slices"
	"testing"
	"time"
)

const second = int64(time.Second)

func camera(given int) wanted { return wanted{rates: []int{100, 400, 1500}, given: given} }
func shared(given int) wanted { return wanted{screen: true, rates: []int{200, 2500}, given: given} }
func with(w wanted, f func(*wanted)) wanted {
	f(&w)
	return w
}

func TestAllocator(t *testing.T) {
	first := func(w *wanted) { w.priority = 1 }
	speaks := func(w *wanted) { w.speaking = true }
	small := func(w *wanted) { w.rates = w.rates[:1] }
	for name, c := range map[string]struct {
		budget   int
		pictures []wanted
		want     []int
		next     int // roughly: 0 or not
	}{
		"nothing to see":               {1000, nil, nil, 0},
		"no limit":                     {math.MaxInt, []wanted{camera(fresh), shared(fresh)}, []int{2, 1}, 0},
		"small tiles":                  {math.MaxInt, []wanted{with(camera(fresh), small), camera(fresh)}, []int{0, 2}, 0},
		"everybody's smallest first":   {500, []wanted{camera(fresh), camera(fresh), camera(fresh), camera(fresh)}, []int{0, 0, 0, 0}, 1},
		"then one step each in order":  {800, []wanted{camera(fresh), camera(fresh), camera(fresh)}, []int{1, 0, 0}, 1},
		"who speaks grows first":       {800, []wanted{camera(fresh), with(camera(fresh), speaks), camera(fresh)}, []int{0, 1, 0}, 1},
		"priority goes before speech":  {800, []wanted{camera(fresh), with(camera(fresh), speaks), with(camera(fresh), first)}, []int{0, 0, 1}, 1},
		"screens go before cameras":    {250, []wanted{with(camera(fresh), first), shared(fresh), camera(fresh)}, []int{starved, 0, starved}, 1},
		"the first exceeds a little":   {140, []wanted{camera(fresh), shared(fresh)}, []int{starved, 0}, 1},
		"but not much":                 {130, []wanted{camera(fresh), shared(fresh)}, []int{0, starved}, 1},
		"nothing left":                 {-50, []wanted{camera(fresh)}, []int{starved}, 1},
		"a step up needs headroom":     {420, []wanted{camera(0)}, []int{0}, 1},
		"and has it":                   {445, []wanted{camera(0)}, []int{1}, 1},
		"what is there needs none":     {400, []wanted{camera(1)}, []int{1}, 1},
		"down at once":                 {399, []wanted{camera(2)}, []int{0}, 1},
		"the last in order goes first": {3300, []wanted{camera(2), camera(2), camera(2)}, []int{2, 1, 1}, 1},
		"a new tile takes its share":   {1550, []wanted{with(camera(2), first), camera(fresh)}, []int{1, 0}, 1},
		"importance takes layers":      {1800, []wanted{with(camera(0), first), camera(2)}, []int{1, 1}, 1},
		"and the last smallest one":    {140, []wanted{with(shared(starved), first), camera(0)}, []int{starved, 0}, 1},
		"if that makes the headroom":   {150, []wanted{with(shared(starved), first), camera(0)}, []int{0, starved}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			pictures := slices.Clone(c.pictures)
			var a allocator
			spent, next := a.allocate(second, c.budget, pictures)
			var got []int
			for _, w := range pictures {
				got = append(got, w.given)
			}
			if !slices.Equal(got, c.want) || (next != 0) != (c.next != 0) || spent != cost(pictures) {
				t.Errorf("%v, %d bits of %d, next %d; want %v", got, spent, c.budget, next, c.want)
			}
		})
	}
}

func cost(pictures []wanted) (sum int) {
	for _, w := range pictures {
		if w.given >= 0 {
			sum += w.rates[w.given]
		}
	}
	return sum
}

func TestAllocatorGoesUpWithCare(t *testing.T) {
	pictures := []wanted{camera(fresh), camera(fresh)}
	var a allocator
	steps := []struct {
		at     float64 // seconds
		budget int
		want   [2]int
	}{
		{1, 4000, [2]int{2, 2}},
		{2, 300, [2]int{0, 0}},    // down at once: a mistake, so 4 s must pass
		{3, 4000, [2]int{0, 0}},   // not yet
		{6, 4000, [2]int{1, 0}},   // one step
		{6.2, 4000, [2]int{1, 0}}, // not two at once
		{6.5, 4000, [2]int{1, 1}},
		{7, 4000, [2]int{2, 1}},
		{7.5, 4000, [2]int{2, 2}},
		{8, 1000, [2]int{1, 1}}, // a mistake again: 8 s
		{15.9, 4000, [2]int{1, 1}},
		{16, 4000, [2]int{2, 1}},
		{16.5, 4000, [2]int{2, 2}},
		{60, 300, [2]int{0, 0}}, // long after: 2 s
		{61.9, 900, [2]int{0, 0}},
		{62, 900, [2]int{1, 0}},
		{100, math.MaxInt, [2]int{2, 2}}, // all is forgotten
	}
	for i, s := range steps {
		a.allocate(int64(s.at*float64(second)), s.budget, pictures)
		if got := [2]int{pictures[0].given, pictures[1].given}; got != s.want {
			t.Fatalf("step %d at %v s: %v, want %v (%+v)", i, s.at, got, s.want, a)
		}
		if i == 0 {
			a.hold = leastHold // as if this were not the first mistake
		}
	}
}

func TestTheMostImportantPictureIsNotLeftWaiting(t *testing.T) {
	pictures := []wanted{camera(fresh), shared(fresh)}
	var a allocator
	for i, s := range []struct{ budget, camera, screen int }{
		{400, 0, 0}, {100, 0, starved}, {190, 0, starved}, {200, starved, 0}, {300, starved, 0},
	} {
		a.allocate(int64(i+1)*second/10, s.budget, pictures)
		if pictures[0].given != s.camera || pictures[1].given != s.screen {
			t.Errorf("step %d: camera %d, screen %d", i, pictures[0].given, pictures[1].given)
		}
	}
}

// FuzzAllocator makes pictures and budgets of bytes and holds what must always be true.
func FuzzAllocator(f *testing.F) {
	f.Add([]byte{3, 1, 10, 20, 30, 2, 0, 5, 9, 9, 1, 3, 90, 1, 50})
	f.Add([]byte{7, 0xff, 200, 0, 0, 3, 100, 100, 100, 0, 9, 1, 1, 1, 255, 3, 7, 80})
	f.Fuzz(func(t *testing.T, b []byte) {
		next := func() int {
			if len(b) == 0 {
				return 0
			}
			v := int(b[0])
			b = b[1:]
			return v
		}
		pictures := make([]wanted, next()%8)
		for i := range pictures {
			flags := next()
			w := wanted{screen: flags&1 != 0, speaking: flags&2 != 0, priority: flags >> 2 & 3, given: fresh}
			for rate := 0; len(w.rates) <= flags>>4%3; {
				rate += next()
				w.rates = append(w.rates, rate)
			}
			pictures[i] = w
		}
		var a allocator
		at, budget := second, 0
		for len(b) > 0 {
			budget = next()*4 - 8
			at += int64(next()) * second / 16
			before := slices.Clone(pictures)
			spent, _ := a.allocate(at, budget, pictures)
			check(t, budget, spent, before, pictures)
		}
		// With nothing changing it comes to rest, and stays there.
		for range 300 {
			at += second
			a.allocate(at, budget, pictures)
		}
		rest := slices.Clone(pictures)
		for range 40 {
			at += second
			a.allocate(at, budget, pictures)
		}
		for i := range rest {
			if rest[i].given != pictures[i].given {
				t.Fatalf("restless: %+v then %+v with %d", rest, pictures, budget)
			}
		}
	})
}

// check holds the invariants of one decision.
func check(t *testing.T, budget, spent int, was, is []wanted) {
	t.Helper()
	if spent != cost(is) {
		t.Fatalf("%d given away, not %d", cost(is), spent)
	}
	served, lowered := 0, false
	for i, w := range is {
		if w.given < starved || w.given >= len(w.rates) {
			t.Fatalf("layer %d of %d", w.given, len(w.rates))
		}
		if w.given >= 0 && w.rates[w.given] > 0 {
			served++
		}
		lowered = lowered || w.given < was[i].given
	}
	if spent > budget && served > 1 {
		t.Fatalf("%d of %d given to %d", spent, budget, served)
	}
	for i, low := range is {
		if low.given >= was[i].given || outranked(i, was, is) {
			continue
		}
		for j, high := range is { // nobody goes down for somebody less important
			if before(&is[i], &is[j]) < 0 && high.given > max(was[j].given, 0) {
				t.Fatalf("%+v went down from %d, and %+v up from %d", low, was[i].given, high, was[j].given)
			}
		}
	}
}

// outranked tells whether somebody more important than i went up.
func outranked(i int, was, is []wanted) bool {
	for k := range is {
		if first := before(&is[k], &is[i]); (first < 0 || first == 0 && k < i) && is[k].given > max(was[k].given, starved) {
			return true
		}
	}
	return false
}

func BenchmarkAllocate(b *testing.B) {
	pictures := make([]wanted, 25)
	for i := range pictures {
		pictures[i] = wanted{rates: []int{100_000, 400_000, 1_500_000}, given: fresh}
	}
	var a allocator
	b.ReportAllocs()
	for i := range b.N {
		a.allocate(int64(i), 10_000_000, pictures)
	}
}

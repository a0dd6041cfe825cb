package loadtest

import (
	"math/bits"
	"slices"
	"sync/atomic"
	"time"
)

// delays is a histogram of durations: 64 steps for each power of two microseconds, so that a percentile is exact to
// 1.6 %. Many goroutines may add.
type delays struct {
	buckets [64 * 26]atomic.Uint32
}

const subBuckets = 64

// bucketOf gives the place of a duration; what is negative counts as 0, what is over half a minute as that.
func bucketOf(d time.Duration) int {
	us := uint64(max(d, 0) / time.Microsecond)
	if us < subBuckets {
		return int(us)
	}
	shift := bits.Len64(us) - 7 // leaves 7 bits, the first of them set
	return min(subBuckets*(shift+1)+int(us>>shift)-subBuckets, len(delays{}.buckets)-1)
}

// bucketStart is the least duration of a bucket.
func bucketStart(i int) time.Duration {
	if i < subBuckets {
		return time.Duration(i) * time.Microsecond
	}
	shift := i/subBuckets - 1
	return time.Duration((i%subBuckets+subBuckets)<<shift) * time.Microsecond
}

func (h *delays) add(d time.Duration) { h.buckets[bucketOf(d)].Add(1) }

// quantile is the duration that a share q of those added do not exceed, or 0 when there are none.
func (h *delays) quantile(q float64) time.Duration {
	var total uint64
	for i := range h.buckets {
		total += uint64(h.buckets[i].Load())
	}
	rank := uint64(q * float64(total))
	var seen uint64
	for i := range h.buckets {
		seen += uint64(h.buckets[i].Load())
		if seen > rank || (seen == total && total > 0) {
			return bucketStart(i)
		}
	}
	return 0
}

// percentile of a list, by the nearest rank; 0 for none.
func percentile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// sequence counts the packets of one RTP stream by their sequence numbers, as a receiver does after repair: a packet
// that comes late or again by RTX fills its gap. One goroutine adds.
type sequence struct {
	started bool
	highest uint64 // without wrap
	first   uint64
	seen    [sequenceWindow / 64]uint64
	missing []missing // gaps worth asking for

	received   uint64 // different numbers
	duplicates uint64
	gaps       uint64 // numbers that were jumped over, whether they came later or not
}

type missing struct {
	seq   uint64
	tries int
	at    time.Duration
}

const (
	sequenceWindow = 2048
	maxMissing     = 64
	nackTries      = 5
	nackAfter      = 10 * time.Millisecond // a little reordering is no loss
	nackAgain      = 60 * time.Millisecond
)

// add reports whether the number is new.
func (s *sequence) add(seq uint16, now time.Duration) bool {
	if !s.started {
		s.started = true
		s.highest = 1<<32 | uint64(seq)
		s.first = s.highest
		s.mark(s.highest)
		s.received++
		return true
	}
	full := s.highest + uint64(int64(int16(seq-uint16(s.highest))))
	switch {
	case full > s.highest:
		s.jump(full, now)
		s.highest = full
	case s.highest-full >= sequenceWindow || s.has(full):
		s.duplicates++
		return false
	default:
		s.missing = slices.DeleteFunc(s.missing, func(m missing) bool { return m.seq == full })
		s.first = min(s.first, full)
	}
	s.mark(full)
	s.received++
	return true
}

// jump notes the numbers between the highest and a higher one.
func (s *sequence) jump(to uint64, now time.Duration) {
	s.gaps += to - s.highest - 1
	if to-s.highest >= sequenceWindow {
		clear(s.seen[:])
		s.missing = s.missing[:0]
		return
	}
	for n := s.highest + 1; n < to; n++ {
		s.seen[n%sequenceWindow/64] &^= 1 << (n % 64)
		if len(s.missing) < maxMissing {
			s.missing = append(s.missing, missing{seq: n, at: now + nackAfter})
		}
	}
	s.seen[to%sequenceWindow/64] &^= 1 << (to % 64)
}

// due appends the numbers to ask for again.
func (s *sequence) due(now time.Duration, list []uint16) []uint16 {
	s.missing = slices.DeleteFunc(s.missing, func(m missing) bool { return m.tries >= nackTries || s.highest-m.seq > 400 })
	for i := range s.missing {
		if m := &s.missing[i]; now >= m.at {
			m.tries++
			m.at = now + nackAgain
			list = append(list, uint16(m.seq))
		}
	}
	return list
}

// expected is how many numbers the stream has used so far.
func (s *sequence) expected() uint64 {
	if !s.started {
		return 0
	}
	return s.highest - s.first + 1
}

func (s *sequence) mark(n uint64)     { s.seen[n%sequenceWindow/64] |= 1 << (n % 64) }
func (s *sequence) has(n uint64) bool { return s.seen[n%sequenceWindow/64]&(1<<(n%64)) != 0 }

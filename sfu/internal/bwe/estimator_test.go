package bwe

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/sfu/sfutest/netem"
)

const (
	full   = 5_000_000
	narrow = 300_000
)

// line is a link of a rate with a common delay and a queue of 300 ms.
func line(rate int) netem.Conditions {
	return netem.Conditions{Delay: 20 * time.Millisecond, Rate: rate}
}

func TestFollowsTheRateDownAndUp(t *testing.T) {
	for seed := range uint64(5) {
		s := newSimulation(t, seed, line(full))
		s.run(4 * time.Second)
		require.Equal(t, 4, s.layer, "the best picture within four seconds of the beginning")

		s.down.Set(line(narrow))
		s.run(1500 * time.Millisecond)
		require.Less(t, s.e.Estimate(s.at), narrow, "below the capacity at once")
		s.run(3 * time.Second)
		for range 10 {
			s.run(2 * time.Second)
			require.Equal(t, 1, s.layer, "the small picture stays")
			require.InDelta(t, narrow, s.e.Estimate(s.at), 0.3*narrow)
			require.Zero(t, s.lost, "sound is not lost")
			require.Less(t, s.late(0.99), 220*time.Millisecond)
		}

		s.down.Set(line(full))
		s.run(8 * time.Second)
		require.Equal(t, 4, s.layer, "the best picture is back")
		s.run(5 * time.Second)
		require.Equal(t, 4, s.layer)
	}
}

func TestJitterIsNoQueue(t *testing.T) {
	for seed := range uint64(5) {
		for _, jitter := range []time.Duration{5, 10, 30} {
			c := line(full)
			c.Jitter = jitter * time.Millisecond
			s := newSimulation(t, seed, c)
			s.run(6 * time.Second)
			for range 10 {
				s.run(2 * time.Second)
				require.GreaterOrEqual(t, s.layer, 3, "jitter %v", c.Jitter)
			}
			require.Equal(t, 4, s.layer, "jitter %v", c.Jitter)
		}
	}
}

func TestRandomLossDoesNotStarve(t *testing.T) {
	for seed := range uint64(5) {
		c := line(full)
		c.Loss = 0.05
		s := newSimulation(t, seed, c)
		s.up.Set(netem.Conditions{Delay: 20 * time.Millisecond, Loss: 0.05})
		s.run(6 * time.Second)
		for range 30 {
			s.run(2 * time.Second)
			require.Equal(t, 4, s.layer, "the best picture in spite of the losses")
		}
		c.Loss = 0.1
		s.down.Set(c)
		for range 30 {
			s.run(2 * time.Second)
			require.GreaterOrEqual(t, s.layer, 3, "and a good one with twice as many")
		}
	}
}

func TestReorderAndDuplicatesAreHarmless(t *testing.T) {
	for seed := range uint64(5) {
		c := line(full)
		c.Reorder, c.Duplicate = 0.05, 0.05
		s := newSimulation(t, seed, c)
		s.run(8 * time.Second)
		for range 10 {
			s.run(2 * time.Second)
			require.Equal(t, 4, s.layer)
		}
	}
}

func TestPolicerWithoutQueue(t *testing.T) {
	for seed := range uint64(5) {
		c := line(1_000_000)
		c.Queue = 4000
		s := newSimulation(t, seed, c)
		s.run(8 * time.Second)
		passed := s.down.Stats()
		s.run(30 * time.Second)
		now := s.down.Stats()
		lost := float64(now.Overflowed - passed.Overflowed)
		require.Less(t, lost/float64(now.Passed-passed.Passed), 0.08)
		require.Less(t, s.e.Estimate(s.at), 1_300_000)
		require.Equal(t, 2, s.layer)
	}
}

func TestSharesWithAnotherFlow(t *testing.T) {
	for seed := range uint64(5) {
		s := newSimulation(t, seed, line(2_500_000))
		s.run(8 * time.Second)
		require.Equal(t, 3, s.layer)
		s.other = 1_200_000
		s.run(4 * time.Second)
		modest := 0
		for range 10 {
			s.run(2 * time.Second)
			if s.layer == 2 && s.late(0.5) < 60*time.Millisecond {
				modest++
			}
		}
		require.GreaterOrEqual(t, modest, 8, "what is left is used, without a standing queue")
		s.other = 0
		s.run(10 * time.Second)
		require.Equal(t, 3, s.layer)
	}
}

func TestBlackout(t *testing.T) {
	for seed := range uint64(5) {
		s := newSimulation(t, seed, line(full))
		s.run(5 * time.Second)
		dead := line(full)
		dead.Loss = 1
		s.down.Set(dead)
		s.run(2 * time.Second)
		require.Less(t, s.e.Estimate(s.at), full*3/4, "falls while nothing is heard")
		s.down.Set(line(full))
		s.run(5 * time.Second)
		require.Equal(t, 4, s.layer)
	}
}

func TestPicturesReturnWithoutSoundThatKeepsFeedbackComing(t *testing.T) {
	for seed := range uint64(5) {
		c := line(100_000)
		c.Loss = 0.05
		s := newSimulation(t, seed, line(full))
		s.mute = true
		s.run(3 * time.Second)
		s.down.Set(c)
		s.run(20 * time.Second)
		require.Zero(t, s.layer, "there is room for none")
		s.down.Set(line(full))
		s.run(10 * time.Second)
		require.Equal(t, 4, s.layer)
	}
}

func TestLostFeedback(t *testing.T) {
	s := newSimulation(t, 1, line(full))
	s.run(5 * time.Second)
	s.deaf = true
	s.run(30 * time.Second)
	require.Equal(t, Least, s.e.Estimate(s.at), "nothing was heard for long")
	s.deaf = false
	s.run(10 * time.Second)
	require.Equal(t, 4, s.layer)
}

func TestNoGrowthBeyondWhatIsSentAndNoProbesUnasked(t *testing.T) {
	s := newSimulation(t, 1, line(100_000_000))
	s.layers = []int{0, 500_000}
	s.run(60 * time.Second)
	require.Zero(t, s.padding, "who is served in full is not probed")
	require.Equal(t, Initial, s.e.Estimate(s.at), "nothing proved more")
}

func TestProbesCostLittle(t *testing.T) {
	s := newSimulation(t, 1, line(narrow))
	s.run(10 * time.Second)
	before := s.padding
	s.run(60 * time.Second)
	require.Less(t, s.padding-before, 60*narrow/8/10, "a tenth of the narrow line at most")
}

func TestReferenceTimeAndNumbersWrap(t *testing.T) {
	s := newSimulation(t, 1, line(full))
	s.offset = (1<<24-20)*referTicks - s.at/1000 // wraps after 1.3 s
	s.e.history.next.Store(1<<32 - 1000)
	s.run(10 * time.Second)
	require.Equal(t, 4, s.layer)
}

func TestFallback(t *testing.T) {
	var f Fallback
	require.Equal(t, Initial, f.Estimate(0))
	at := int64(0)
	report := func(share float64, seconds int) int {
		for range seconds {
			at += 1e9
			f.Reported(share, at)
		}
		return f.Estimate(at)
	}
	up := report(0.01, 10)
	require.Greater(t, up, 2*Initial)
	require.Less(t, report(0.4, 10), up/4)
	report(0, 10)
	require.Greater(t, report(0.05, 30), up)
	f.REMB(400_000, at)
	require.Equal(t, 400_000, f.Estimate(at))
	require.Greater(t, f.Estimate(at+rembHolds), 400_000, "an old one does not count")
	require.Equal(t, Least, report(1, 600))
	require.Equal(t, Most, report(0, 600))
	f.REMB(1, at)
	require.Equal(t, Least, f.Estimate(at))
}

package loadtest

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestQuantileIsWithinABucketOfTheTruth(t *testing.T) {
	var h delays
	require.Zero(t, h.quantile(0.5), "of nothing")
	for i := range 10_000 {
		h.add(time.Duration(i+1) * 10 * time.Microsecond) // 10 µs to 100 ms, evenly
	}
	for q, want := range map[float64]time.Duration{0: 10 * time.Microsecond, 0.5: 50 * time.Millisecond, 0.9: 90 * time.Millisecond, 0.99: 99 * time.Millisecond, 1: 100 * time.Millisecond} {
		require.InEpsilon(t, float64(want), float64(h.quantile(q)), 0.02, "quantile %v", q)
	}
	var odd delays
	odd.add(-time.Second)
	require.Zero(t, odd.quantile(0.5), "clocks do not run backwards")
	odd.add(time.Hour)
	require.Greater(t, odd.quantile(1), 30*time.Second)
}

// FuzzBuckets: a duration lies in its bucket, and buckets are in order.
func FuzzBuckets(f *testing.F) {
	for _, us := range []int64{0, 1, 63, 64, 65, 127, 128, 1000, 1 << 20, 1 << 40} {
		f.Add(us)
	}
	f.Fuzz(func(t *testing.T, us int64) {
		us &= 1<<40 - 1
		d := time.Duration(us) * time.Microsecond
		i := bucketOf(d)
		require.LessOrEqual(t, bucketStart(i), d)
		if i+1 < len(delays{}.buckets) {
			require.Less(t, d, bucketStart(i+1))
		}
	})
}

func TestPercentile(t *testing.T) {
	require.Zero(t, percentile(nil, 0.5))
	list := []time.Duration{5, 1, 4, 2, 3}
	require.Equal(t, []time.Duration{1, 3, 5, 5}, []time.Duration{percentile(list, 0), percentile(list, 0.5), percentile(list, 0.95), percentile(list, 1)})
	require.Equal(t, time.Duration(5), list[0], "the list is as it was")
}

func TestSequence(t *testing.T) {
	for name, c := range map[string]struct {
		numbers                              []uint16
		received, expected, gaps, duplicates uint64
	}{
		"nothing":            {},
		"in order":           {[]uint16{7, 8, 9}, 3, 3, 0, 0},
		"across the wrap":    {[]uint16{65534, 65535, 0, 1}, 4, 4, 0, 0},
		"one lost":           {[]uint16{1, 2, 4}, 3, 4, 1, 0},
		"one late":           {[]uint16{1, 2, 4, 3}, 4, 4, 1, 0},
		"one twice":          {[]uint16{1, 2, 2, 1}, 2, 2, 0, 2},
		"before the first":   {[]uint16{5, 4, 6}, 3, 3, 0, 0},
		"repaired late wrap": {[]uint16{65535, 1, 0, 2}, 4, 4, 1, 0},
		"a great jump":       {[]uint16{1, 10_001}, 2, 10_001, 9_999, 0},
		"too old":            {[]uint16{10_000, 10_001, 5_000}, 2, 2, 0, 1},
	} {
		var s sequence
		for _, n := range c.numbers {
			s.add(n, 0)
		}
		require.Equal(t, []uint64{c.received, c.expected, c.gaps, c.duplicates}, []uint64{s.received, s.expected(), s.gaps, s.duplicates}, name)
	}
}

func TestMissingNumbersAreAskedForAFewTimes(t *testing.T) {
	var s sequence
	s.add(1, 0)
	s.add(4, 0)
	require.Empty(t, s.due(nackAfter-1, nil), "a little reordering is no loss")
	require.Equal(t, []uint16{2, 3}, s.due(nackAfter, nil))
	require.Empty(t, s.due(nackAfter+nackAgain-1, nil))
	s.add(2, nackAfter)
	asked := 0
	for now := nackAfter; now < time.Minute; now += time.Millisecond {
		list := s.due(now, nil)
		require.NotContains(t, list, uint16(2), "it has come")
		asked += len(list)
	}
	require.Equal(t, nackTries-1, asked)
}

// FuzzSequence compares with a receiver that remembers everything.
func FuzzSequence(f *testing.F) {
	f.Add(uint16(65530), []byte{1, 1, 3, 254, 1, 0, 200, 1})
	f.Fuzz(func(t *testing.T, first uint16, steps []byte) {
		var s sequence
		seen := map[uint64]bool{}
		at := uint64(1<<32) + uint64(first)
		highest, lowest := at, at
		for i, step := range append([]byte{0}, steps...) {
			at += uint64(int64(int8(step)))
			if at+sequenceWindow/2 < highest {
				at = highest
			}
			require.Equal(t, !seen[at], s.add(uint16(at), time.Duration(i)), "number %d", uint16(at))
			seen[at] = true
			highest, lowest = max(highest, at), min(lowest, at)
		}
		require.EqualValues(t, len(seen), s.received)
		require.Equal(t, highest-lowest+1, s.expected())
		require.LessOrEqual(t, len(s.missing), maxMissing)
	})
}

func TestLoss(t *testing.T) {
	for _, c := range []struct {
		expected, received uint64
		lost               int64
		percent            float64
	}{{0, 0, 0, 0}, {100, 100, 0, 0}, {100, 98, 2, 2}, {100, 101, 0, 0}, {200, 0, 200, 100}} {
		lost, percent := loss(c.expected, c.received)
		require.Equal(t, c.lost, lost)
		require.InDelta(t, c.percent, percent, 1e-9)
	}
}

func TestBudgetKeepsTheBitRate(t *testing.T) {
	b, sent := budget{perPicture: 1_500_000 / 8 / 30}, 0
	for range 30 * 60 {
		sent += b.packets(packetPayload)
	}
	require.InDelta(t, 163, float64(sent)/60, 0.1)
	slow := budget{perPicture: 10}
	require.Equal(t, 1, slow.packets(packetPayload), "a picture has a packet")
}

func TestStampsSurviveThePayload(t *testing.T) {
	b := make([]byte, packetPayload)
	fillPicture(b, 0xffff, true, true, 1280, 720)
	putStamp(b[pictureStamp:], 12345)
	require.Equal(t, []byte{0x90, 0x80, 0xff, 0xff, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02}, b[:14])
	at, ok := readStamp(b, true)
	require.True(t, ok)
	require.EqualValues(t, 12345, at)
	_, ok = readStamp(b[:20], true)
	require.False(t, ok, "cut off")
	_, ok = readStamp(make([]byte, 100), false)
	require.False(t, ok, "somebody else's sound")
}

func TestParseStat(t *testing.T) {
	line := "4242 (a (strange) name) S 1 1 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 12 0 999 123456789 1000 18446744073709551615"
	u, err := parseStat([]byte(line))
	require.NoError(t, err)
	require.Equal(t, 3*time.Second, u.cpu)
	require.EqualValues(t, 1000*4096, u.rss)
	for _, bad := range []string{"", "1 (x", "1 (x) S 1", strings.Replace(line, " 250 ", " x ", 1)} {
		_, err := parseStat([]byte(bad))
		require.Error(t, err, bad)
	}
}

func TestSumMetrics(t *testing.T) {
	page := "# HELP a\na 1e+06\nb 5\nab 7\nc\n"
	require.EqualValues(t, 1_000_005, sumMetrics(bufio.NewScanner(strings.NewReader(page)), "a", "b"))
}

func TestWideNumber(t *testing.T) {
	head := []byte{0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xbe, 0xde}
	packet := func(extensions ...byte) []byte {
		return append(append(head[:len(head):len(head)], 0, byte(len(extensions)/4)), extensions...)
	}
	for name, c := range map[string]struct {
		b    []byte
		want uint16
		ok   bool
	}{
		"alone":           {packet(0x51, 0x12, 0x34, 0), 0x1234, true},
		"behind another":  {packet(0x10, 0x7f, 0, 0x51, 0x12, 0x34, 0, 0), 0x1234, true},
		"another only":    {packet(0x10, 0x7f, 0, 0), 0, false},
		"cut off":         {packet(0x10, 0x7f, 0, 0x51), 0, false},
		"too short":       {head, 0, false},
		"no extensions":   {append([]byte{0x80}, head[1:12]...), 0, false},
		"longer than all": {append(packet(), 0, 0)[:16], 0, false},
	} {
		got, ok := wideNumber(c.b, 5)
		require.Equal(t, c.want, got, name)
		require.Equal(t, c.ok, ok, name)
	}
}

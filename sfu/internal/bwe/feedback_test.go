package bwe

import (
	"math/rand/v2"
	"testing"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/stretchr/testify/require"
)

// message is a real client's feedback on packets with these numbers and times of arrival in µs; 0 is not received.
func message(tb testing.TB, first uint16, arrivals ...int64) []byte {
	tb.Helper()
	r := twcc.NewRecorder(1)
	for i, at := range arrivals {
		if at != 0 {
			r.Record(2, first+uint16(i), at)
		}
	}
	packets := r.BuildFeedbackPacket()
	require.Len(tb, packets, 1)
	b, err := packets[0].Marshal()
	require.NoError(tb, err)
	return b
}

func TestFeedbackReadsWhatClientsWrite(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var arrivals []int64
		at := int64(1e9)
		for range 1 + random.IntN(100) {
			at += int64(random.IntN(200)) * tick
			if random.IntN(4) == 0 {
				at += int64(random.IntN(500_000)) / tick * tick
			}
			if random.IntN(5) == 0 && len(arrivals) > 0 {
				arrivals = append(arrivals, 0)
				continue
			}
			arrivals = append(arrivals, at)
		}
		for arrivals[len(arrivals)-1] == 0 {
			arrivals = arrivals[:len(arrivals)-1]
		}
		first := uint16(random.Uint32())
		var f feedback
		require.NoError(t, f.parse(message(t, first, arrivals...)))
		for i, want := range arrivals {
			seq, elapsed, received, ok := f.next()
			require.True(t, ok)
			require.Equal(t, first+uint16(i), seq)
			require.Equal(t, want != 0, received)
			if received {
				require.Equal(t, want, int64(f.refer)*referTicks+elapsed)
			}
		}
		_, _, _, ok := f.next()
		require.False(t, ok)
		require.Zero(t, f.left)
	}
}

func TestFeedbackRefusesWhatBreaksOff(t *testing.T) {
	whole := message(t, 7, 1e9, 1e9+1000, 0, 1e9+9000)
	e := New()
	for n := range whole {
		require.ErrorIs(t, e.Feedback(whole[:n], 1), ErrFeedback, "%d bytes", n)
	}
	require.NoError(t, e.Feedback(whole, 1))
	// As long as its header says, but with more packets than deltas.
	whole[countAt+1] = 14
	require.ErrorIs(t, e.Feedback(whole, 1), ErrFeedback)
}

// FuzzFeedback gives any bytes to an estimator that has sent packets.
func FuzzFeedback(f *testing.F) {
	f.Add(message(f, 0, 1e9, 1e9+1000, 0, 1e9+9000), uint8(20))
	f.Add([]byte{}, uint8(0))
	f.Fuzz(func(t *testing.T, b []byte, count uint8) {
		e, at := New(), int64(1e9)
		e.Wish(1 << 40)
		for n := range int(count) * 10 {
			at += int64(n%7) * 1e6
			e.Sent(n*9, at)
			if n%20 == 19 {
				err := e.Feedback(b, at)
				var other rtcp.TransportLayerCC
				if other.Unmarshal(b) == nil {
					require.NoError(t, err, "Pion can read it")
				}
			}
			if p, ok := e.Probe(at); ok {
				require.Positive(t, p.Rate)
				require.LessOrEqual(t, p.Rate, Most)
				require.GreaterOrEqual(t, e.ProbeSent(), 0)
				e.Probed(at)
			}
			require.GreaterOrEqual(t, e.Estimate(at), Least)
			require.LessOrEqual(t, e.Estimate(at), Most)
		}
	})
}

// FuzzEstimator lets time, arrivals and losses be anything.
func FuzzEstimator(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 200, 100, 50})
	f.Fuzz(func(t *testing.T, steps []byte) {
		e := New()
		var at, arrival int64 = 1e9, 1e9
		for i := 0; i+4 <= len(steps) && i < 4000; i += 4 {
			at += int64(steps[i]) * int64(steps[i]) * 1e5
			arrival += (int64(steps[i+1]) - 100) * tick * int64(steps[i]%16)
			arrival = max(arrival, tick)
			seq := e.Sent(int(steps[i+2])*8, at)
			if steps[i+3]&1 == 0 {
				_ = e.Feedback(message(t, seq-2, arrival, 0, arrival/tick*tick+tick), at+int64(steps[i+3])*1e6)
			}
			e.Wish(int(steps[i+3]) << 16)
			if _, ok := e.Probe(at); ok {
				e.ProbeSent()
			} else if steps[i+3]&2 == 0 {
				e.Probed(at)
			}
			require.GreaterOrEqual(t, e.Estimate(at), Least)
			require.LessOrEqual(t, e.Estimate(at), Most)
		}
	})
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	e := New()
	seq, at := uint16(0), int64(1e9)
	r := twcc.NewRecorder(1)
	var messages [][]byte
	for n := range 1000 {
		r.Record(2, uint16(n), 1e9+int64(n)*6000)
		if n%17 == 16 {
			b, err := r.BuildFeedbackPacket()[0].Marshal()
			require.NoError(t, err)
			messages = append(messages, b)
		}
	}
	i := 0
	require.Zero(t, testing.AllocsPerRun(50, func() {
		for range 17 {
			at += 6e6
			seq = e.Sent(1200, at)
		}
		require.NoError(t, e.Feedback(messages[i], at))
		i++
	}))
	_ = seq
}

func BenchmarkSent(b *testing.B) {
	e := New()
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		e.Sent(1200, int64(n)*6e6)
	}
}

func BenchmarkSentByFour(b *testing.B) {
	e := New()
	b.ReportAllocs()
	b.SetParallelism(2)
	b.RunParallel(func(p *testing.PB) {
		for n := int64(0); p.Next(); n++ {
			e.Sent(1200, n*6e6)
		}
	})
}

// BenchmarkFeedback is one message about 20 packets; the cost of Sent is in it.
func BenchmarkFeedback(b *testing.B) {
	const packets = 20
	r := twcc.NewRecorder(1)
	var messages [][]byte
	for n := range 1 << 16 / packets * packets {
		r.Record(2, uint16(n), 1e9+int64(n)*6000)
		if n%packets == packets-1 {
			m, err := r.BuildFeedbackPacket()[0].Marshal()
			require.NoError(b, err)
			messages = append(messages, m)
		}
	}
	e := New()
	b.ReportAllocs()
	at := int64(1e9)
	for n := 0; b.Loop(); n++ {
		if n%len(messages) == 0 {
			e = New()
		}
		for range packets {
			at += 6e6
			e.Sent(1200, at)
		}
		if err := e.Feedback(messages[n%len(messages)], at); err != nil {
			b.Fatal(err)
		}
	}
}

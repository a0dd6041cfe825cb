package bwe

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/stretchr/testify/require"

	"lectern/sfu/sfutest/netem"
)

// simulation is a sender of sound and of one picture in four layers, a link, a receiver with the feedback of a real client
// and another flow, in virtual time.
type simulation struct {
	t        *testing.T
	e        *Estimator
	down, up *netem.Link
	at       int64 // ns
	events   events
	order    int

	recorder *twcc.Recorder
	offset   int64   // of the receiver's clock, µs
	layers   []int   // bits per second of each layer
	layer    int     // being sent
	other    int     // bits per second of another flow on the link
	mute     bool    // no sound is sent
	deaf     bool    // feedback is lost
	delays   []int64 // of sound, this stretch, ns
	lost     int     // sound, this stretch
	sounds   int
	padding  int // bytes
	probe    Probe
	probing  bool
	probedAt int64
}

const (
	soundBits  = 50 * 8 * (80 + Overhead)
	soundBytes = 80
)

func newSimulation(t *testing.T, seed uint64, c netem.Conditions) *simulation {
	s := &simulation{
		t: t, e: New(), down: netem.NewLink(seed, c), up: netem.NewLink(seed+1, netem.Conditions{Delay: 20 * time.Millisecond}),
		recorder: twcc.NewRecorder(1), offset: 123_456_789, layers: []int{0, 150_000, 500_000, 1_500_000, 4_000_000}, at: 5e9,
	}
	phases := rand.New(rand.NewPCG(seed, 1))
	every := func(d int64, do func()) {
		var again func()
		again = func() { do(); s.in(d, again) }
		s.in(phases.Int64N(d), again)
	}
	every(20e6, s.sound)
	every(33e6, s.picture)
	every(100e6, s.feedback)
	every(100e6, s.allocate)
	every(5e6, s.pad)
	every(10e6, s.compete)
	return s
}

// run lets a stretch of time pass.
func (s *simulation) run(d time.Duration) {
	end := s.at + int64(d)
	s.delays, s.lost, s.sounds = nil, 0, 0
	for len(s.events) > 0 && s.events[0].at <= end {
		e := heap.Pop(&s.events).(event)
		s.at = e.at
		e.do()
		require.GreaterOrEqual(s.t, s.e.Estimate(s.at), Least)
		require.LessOrEqual(s.t, s.e.Estimate(s.at), Most)
	}
	s.at = end
}

func (s *simulation) in(d int64, do func()) {
	heap.Push(&s.events, event{s.at + d, s.order, do})
	s.order++
}

// send brings a packet over the link; arrived may be nil.
func (s *simulation) send(size int, arrived func(at int64)) (delivered bool) {
	seq := s.e.Sent(size, s.at)
	times, n := s.down.Send(size+16, s.at)
	for _, t := range times[:n] {
		s.in(t-s.at, func() {
			s.recorder.Record(2, seq, s.at/1000+s.offset)
			if arrived != nil {
				arrived(s.at)
			}
		})
	}
	return n > 0
}

func (s *simulation) sound() {
	if s.mute {
		return
	}
	at := s.at
	s.sounds++
	if !s.send(soundBytes, func(arrival int64) { s.delays = append(s.delays, arrival-at) }) {
		s.lost++
	}
}

func (s *simulation) picture() {
	for left := s.layers[s.layer] / 8 / 30; left > 0; left -= 1150 {
		s.send(min(left, 1150), nil)
	}
}

func (s *simulation) feedback() {
	for _, p := range s.recorder.BuildFeedbackPacket() {
		b, err := p.Marshal()
		require.NoError(s.t, err)
		if s.deaf {
			continue
		}
		times, n := s.up.Send(len(b), s.at)
		for _, t := range times[:n] {
			s.in(t-s.at, func() { require.NoError(s.t, s.e.Feedback(b, s.at)) })
		}
	}
}

// allocate chooses the highest layer that fits and wishes for the next.
func (s *simulation) allocate() {
	budget := s.e.Estimate(s.at)
	for s.layer > 0 && s.layers[s.layer]+soundBits > budget {
		s.layer--
	}
	for s.layer+1 < len(s.layers) && (s.layers[s.layer+1]+soundBits)*11/10 < budget {
		s.layer++
	}
	s.e.Wish(0)
	if s.layer+1 < len(s.layers) {
		s.e.Wish((s.layers[s.layer+1] + soundBits) * 12 / 10)
	}
}

func (s *simulation) pad() {
	if !s.probing {
		if s.probe, s.probing = s.e.Probe(s.at); !s.probing {
			return
		}
		s.probedAt = s.at
	}
	passed := s.at - s.probedAt
	for s.e.ProbeSent() < int(int64(s.probe.Rate)*min(passed, s.probe.Duration)/8e9) {
		s.send(267, nil)
		s.padding += 267
	}
	if passed >= s.probe.Duration {
		s.e.Probed(s.at)
		s.probing = false
	}
}

func (s *simulation) compete() {
	for left := s.other / 8 / 100; left > 0; left -= 1000 {
		s.down.Send(min(left, 1000), s.at)
	}
}

// late is the delay that so large a share of the sound of the stretch did not exceed.
func (s *simulation) late(share float64) time.Duration {
	if len(s.delays) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s.delays))
	return time.Duration(sorted[int(share*float64(len(sorted)-1))])
}

type event struct {
	at    int64
	order int
	do    func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].order < e[j].order
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

package bwe

// Fallback estimates for receivers without transport-wide feedback, from what all have: the losses in their reception
// reports (draft-ietf-rmcat-gcc-02, section 6), and from an old browser's own estimate (draft-alvestrand-rmcat-remb-03).
// It knows nothing of queues, and not what the path could carry beyond what is sent.
type Fallback struct {
	rate   float64 // 0: Initial
	loss   float64
	at     int64 // ns, of the last report
	remb   float64
	rembAt int64
}

const (
	fallbackGrowth = 0.25 // per second
	fallbackWeight = 0.3  // of a report among those before
	rembHolds      = 5e9  // ns
)

// Reported takes the share of packets lost, from one block of a reception report.
func (f *Fallback) Reported(share float64, at int64) {
	if !(share >= 0 && share <= 1) {
		return
	}
	if f.rate == 0 {
		f.rate, f.at = Initial, at
	}
	passed := float64(min(max(at-f.at, 0), longestStep)) / 1e9
	f.at = at
	f.loss += fallbackWeight * (share - f.loss)
	switch {
	case f.loss > lossTolerated:
		f.rate *= 1 - f.loss/2*passed
	default:
		f.rate *= 1 + fallbackGrowth*passed*(1-f.loss/lossTolerated)
	}
	f.rate = min(max(f.rate, Least), Most)
}

// REMB takes the receiver's own estimate, in bits per second.
func (f *Fallback) REMB(bits float32, at int64) {
	if bits > 0 {
		f.remb, f.rembAt = float64(bits), at
	}
}

// Estimate is how many bits a second the path carries, between Least and Most.
func (f *Fallback) Estimate(at int64) int {
	rate := f.rate
	if rate == 0 {
		rate = Initial
	}
	if f.remb > 0 && at-f.rembAt < rembHolds {
		rate = min(rate, f.remb)
	}
	return int(min(max(rate, Least), Most))
}

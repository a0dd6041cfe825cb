package bwe

import "math"

// acked measures what arrives, by the receiver's clock, over the last half second.
type acked struct {
	slots [ackedSlots]int64 // bytes in each slot of time
	slot  int64             // the newest one's number
	first int64             // number of the first slot ever, or after a pause
	known bool
}

const (
	ackedSlot  = 50_000 // µs
	ackedSlots = 10
	ackedLeast = 4 // slots, before there is a rate
)

func (a *acked) add(size int, arrival int64) {
	slot := arrival / ackedSlot
	switch {
	case !a.known || slot-a.slot >= 4*ackedSlots || a.slot-slot >= ackedSlots: // the beginning, a pause, another clock
		*a = acked{slot: slot, first: slot, known: true}
	case slot > a.slot:
		for s := max(a.slot+1, slot-ackedSlots+1); s <= slot; s++ {
			a.slots[index(s)] = 0
		}
		a.slot = slot
	case slot < a.first: // before the beginning
		return
	}
	a.slots[index(slot)] += int64(size)
}

func index(slot int64) int64 { return (slot%ackedSlots + ackedSlots) % ackedSlots }

// rate in bits per second, of the whole slots before the newest; false while too little is known.
func (a *acked) rate() (float64, bool) {
	whole := min(a.slot-a.first, ackedSlots-1)
	if !a.known || whole < ackedLeast {
		return 0, false
	}
	var sum int64
	for s := a.slot - whole; s < a.slot; s++ {
		sum += a.slots[index(s)]
	}
	return float64(sum) * 8 * 1e6 / float64(whole*ackedSlot), true
}

// losses is the share of packets lost lately.
type losses struct {
	lost, all float64 // weighed, newer packets more
	at        int64   // ns, of the last message
}

const (
	lossMemory    = 1e9 // ns, after which a packet counts 1/e
	lossTolerated = 0.1
	lossLeast     = 20 // packets
)

func (l *losses) age(at int64) {
	weight := math.Exp(-float64(max(at-l.at, 0)) / lossMemory)
	l.lost, l.all, l.at = l.lost*weight, l.all*weight, at
}

// share that was lost, and what it is at least, chance left aside.
func (l *losses) share() (share, sure float64) {
	if l.all < lossLeast {
		return 0, 0
	}
	share = min(max(l.lost/l.all, 0), 1)
	return share, max(share-2*math.Sqrt(share*(1-share)/l.all), 0)
}

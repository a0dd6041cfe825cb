package sfu

import (
	"sync"
	"sync/atomic"
	"time"

	"lectern/sfu/internal/bwe"
)

// pacer spaces out the pictures for a subscriber whose line is narrow. A key picture of a screen is sixty packets and
// more: at one blow they would fill the queue of a line of 300 kbit/s for seconds, and the sound would wait at its end or
// be lost. Sound, repairs and probes pass by. Where there is room nothing is paced, and it costs one look.
type pacer struct {
	on atomic.Bool // something is paced, or still waits

	mu     sync.Mutex // guards the rest; taken after a downTrack's
	rate   int        // bits per second
	queue  []pacedPacket
	busy   bool // the timer runs, or its function does
	timer  *time.Timer
	free   int64 // when the next packet may leave, nanoseconds
	closed bool
}

// pacedPacket waits. d is nil when it is not wanted any more.
type pacedPacket struct {
	d      *downTrack
	packet packet
	buffer *[readBuffer]byte // holds the payload
	seq    uint16
	ts     uint32
	since  int64

	stretch uint32 // of d
}

const (
	pacedBelow    = 2_000_000                    // bits per second
	unpaced       = 20_000_000                   // bits per second: what still waits when pacing ends
	pacerSlack    = int64(10 * time.Millisecond) // that may leave at once
	pacerPackets  = 512
	pacerPatience = int64(4 * time.Second) // what waited longer is not worth sending
)

var pacedBuffers = sync.Pool{New: func() any { return new([readBuffer]byte) }}

// set tells what the pictures may take, in bits per second.
func (p *pacer) set(rate int) {
	if rate >= pacedBelow && !p.on.Load() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if rate >= pacedBelow {
		p.rate = unpaced
		p.on.Store(len(p.queue) > 0 || p.busy)
		return
	}
	p.rate = max(rate, 1)
	p.on.Store(true)
}

// take keeps a packet of d for later and reports true, or leaves it to the caller to send now. The caller holds d.mu.
// late reports that too much waits: d must begin anew.
func (p *pacer) take(d *downTrack, packet *packet, seq uint16, ts uint32, at int64) (taken, late bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false, false
	}
	if len(p.queue) == 0 && !p.busy && p.free-at <= pacerSlack {
		p.spend(len(packet.payload), at)
		return false, false
	}
	if len(p.queue) >= pacerPackets || len(p.queue) > 0 && at-p.queue[0].since > pacerPatience {
		return false, true
	}
	w := pacedPacket{d: d, packet: *packet, buffer: pacedBuffers.Get().(*[readBuffer]byte), seq: seq, ts: ts, since: at, stretch: d.stretch}
	w.packet.payload = w.buffer[:copy(w.buffer[:], packet.payload)]
	p.queue = append(p.queue, w)
	p.arm(at)
	return true, false
}

// spend notes that so many bytes of payload leave now; the caller holds mu.
func (p *pacer) spend(bytes int, at int64) {
	p.free = max(p.free, at) + int64(bytes+rtpHeaderSize+bwe.Overhead)*8*int64(time.Second)/int64(p.rate)
}

// arm has the first in the queue sent in time; the caller holds mu.
func (p *pacer) arm(at int64) {
	if p.busy || p.closed {
		return
	}
	p.busy = true
	wait := time.Duration(max(p.free-pacerSlack-at, 0))
	if p.timer == nil {
		p.timer = time.AfterFunc(wait, p.release)
		return
	}
	p.timer.Reset(wait)
}

// release sends what may leave by now.
func (p *pacer) release() {
	for {
		w, ok := p.next(now())
		if !ok {
			return
		}
		w.d.sendPaced(&w)
		pacedBuffers.Put(w.buffer)
	}
}

// next takes the first packet out of the queue if it may leave, and else sees to it that it will.
func (p *pacer) next(at int64) (w pacedPacket, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) > 0 && !p.closed {
		if w = p.queue[0]; w.d != nil && p.free-at > pacerSlack {
			break
		}
		p.queue[0] = pacedPacket{}
		if p.queue = p.queue[1:]; w.d == nil {
			continue
		}
		p.spend(len(w.packet.payload), at)
		return w, true
	}
	p.busy = false
	if len(p.queue) > 0 {
		p.arm(at)
		return w, false
	}
	p.queue = nil
	p.on.Store(p.rate < pacedBelow)
	return w, false
}

// drop forgets what waits of a track; its mutex is held, or it has ended.
func (p *pacer) drop(d *downTrack) {
	if !p.on.Load() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.queue {
		if w := &p.queue[i]; w.d == d {
			pacedBuffers.Put(w.buffer)
			*w = pacedPacket{}
		}
	}
	for len(p.queue) > 0 && p.queue[0].d == nil {
		p.queue = p.queue[1:]
	}
}

func (p *pacer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed, p.queue = true, nil
	if p.timer != nil {
		p.timer.Stop()
	}
}

// pace sends a packet of a picture now, or later if the line is narrow, and returns the bytes. The caller holds mu.
func (d *downTrack) pace(p *packet, seq uint16, ts uint32) int {
	pacer := &d.sub.pacer
	if d.layer.packets == nil || !pacer.on.Load() {
		return d.depart(p, seq, ts, p.at)
	}
	taken, late := pacer.take(d, p, seq, ts, p.at)
	switch {
	case late:
		d.begin()
		return 0
	case taken:
		return rtpHeaderSize + len(p.payload)
	}
	return d.depart(p, seq, ts, p.at)
}

// sendPaced sends what has waited, unless it has been forbidden meanwhile.
func (d *downTrack) sendPaced(w *pacedPacket) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open && !d.waiting && d.stretch == w.stretch && d.receiver().allowed.Load() {
		d.depart(&w.packet, w.seq, w.ts, now())
	}
}

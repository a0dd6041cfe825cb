package sfu

import (
	"slices"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// outgoing tells of each packet that is written.
type outgoing chan uint16

func (o outgoing) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	o <- h.SequenceNumber
	return len(payload), nil
}
func (o outgoing) Write([]byte) (int, error) { return 0, nil }

// narrow is a track with pictures whose subscriber's line carries so many bits a second.
func narrow(t *testing.T, rate int) (*layer, *downTrack, outgoing) {
	t.Helper()
	l, _ := fanOut(t, webrtc.RTPCodecTypeVideo, 1, false)
	d := (*l.receiver.subs.Load())[0]
	out := make(outgoing, 1000)
	d.stream.writer = out
	d.sub.pacer.set(rate)
	t.Cleanup(d.sub.pacer.close)
	return l, d, out
}

func TestPacerSpacesPicturesAndKeepsTheirOrder(t *testing.T) {
	const packets = 60
	l, _, out := narrow(t, 1_900_000)
	var p packet
	begun := now()
	for i := range uint16(packets) {
		l.receive(datagram(i, i == 0), now(), &p)
	}
	if n := len(out); n > packets/2 {
		t.Errorf("%d packets left at one blow", n)
	}
	var seqs []uint16
	for range packets {
		seqs = append(seqs, <-out)
	}
	if least := int64(packets-5) * 1162 * 8 * 1e9 / 1_900_000; now()-begun < least {
		t.Errorf("all left within %d ms", (now()-begun)/1e6)
	}
	if !slices.IsSorted(seqs) || seqs[packets-1]-seqs[0] != packets-1 {
		t.Errorf("order %v", seqs)
	}
}

func TestPacerLetsNothingOutThatIsForbidden(t *testing.T) {
	l, d, out := narrow(t, 300_000)
	var p packet
	for i := range uint16(20) {
		l.receive(datagram(i, i == 0), now(), &p)
	}
	l.receiver.allow(false)
	sent := len(out)
	d.sub.pacer.mu.Lock()
	if n := len(d.sub.pacer.queue); n > 0 {
		t.Errorf("%d packets of a stopped source wait", n)
	}
	d.sub.pacer.mu.Unlock()
	if sent > 10 {
		t.Errorf("%d packets were sent", sent)
	}
}

func TestPacerGivesUpWhatIsHopelesslyLate(t *testing.T) {
	l, d, _ := narrow(t, 10_000)
	var p packet
	at := now()
	for i := range uint16(10) {
		l.receive(datagram(i, i == 0), at, &p)
	}
	l.receive(datagram(10, false), at+pacerPatience+1e9, &p)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.waiting {
		t.Error("it does not begin anew")
	}
}

func TestPacerIsOffWhereThereIsRoom(t *testing.T) {
	l, d, out := narrow(t, 300_000)
	var p packet
	for i := range uint16(20) {
		l.receive(datagram(i, i == 0), now(), &p)
	}
	d.sub.pacer.set(5_000_000)
	for range 20 {
		<-out
	}
	for i := range uint16(20) {
		l.receive(datagram(20+i, false), now(), &p)
	}
	for range 20 {
		<-out
	}
	d.sub.pacer.set(5_000_000)
	if d.sub.pacer.on.Load() {
		t.Error("still on")
	}
}

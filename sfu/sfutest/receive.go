package sfutest

import (
	"fmt"
	"slices"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"lectern/sfu"
)

// Received is one track on a media line of the subscriber connection.
type Received struct {
	MID string

	peer *Peer
	// Guarded by peer.mu.
	stats Stats
	ssrc  webrtc.SSRC
}

// Stats is what arrived on a media line.
type Stats struct {
	Packets    int // with payload
	Keyframes  int // first packets of key pictures
	Gaps       int // numbers that never came, as far as is known
	Duplicates int
	StreamID   string
	Frame      uint32 // the generator's number of the last picture or sound
	Backwards  int    // pictures or sounds that came after a later one
	Width      int    // of the last key picture, in pixels
	Height     int
	IDJumps    int // VP8 picture ids that did not follow one another
	id         uint16
	First      time.Time
	seen       map[uint16]bool
	lowest     int
	highest    int
}

// track is called by Pion for each incoming track.
func (p *Peer) track(remote *webrtc.TrackRemote, rtp *webrtc.RTPReceiver) {
	r := &Received{peer: p, MID: rtp.RTPTransceiver().Mid(), ssrc: remote.SSRC()}
	r.stats = Stats{StreamID: remote.StreamID(), seen: map[uint16]bool{}}
	p.update(func() { p.received[r.MID] = r })
	p.running.Go(func() {
		for {
			if _, _, err := rtp.ReadRTCP(); err != nil {
				return
			}
		}
	})
	p.running.Go(func() { r.read(remote) })
}

func (r *Received) read(remote *webrtc.TrackRemote) {
	for {
		packet, _, err := remote.ReadRTP()
		if err != nil {
			return
		}
		if len(packet.Payload) == 0 {
			continue
		}
		r.peer.update(func() {
			s := &r.stats
			r.peer.streams[s.StreamID]++
			if s.seen[packet.SequenceNumber] {
				s.Duplicates++
				return
			}
			s.seen[packet.SequenceNumber] = true
			s.count(int(packet.SequenceNumber))
			c := readContent(remote.Kind(), packet.Payload)
			if c.key {
				s.Keyframes++
				s.Width, s.Height = c.width, c.height
			}
			if c.begins && s.Packets > 1 && c.id != (s.id+1)&0x7fff {
				s.IDJumps++
			}
			s.id = c.id
			if c.frame < s.Frame {
				s.Backwards++
			}
			s.Frame = max(s.Frame, c.frame)
		})
	}
}

// count notes a sequence number; the wrap is at most once in a test.
func (s *Stats) count(seq int) {
	if s.Packets == 0 {
		s.First = time.Now()
		s.lowest, s.highest = seq, seq
	}
	for seq < s.highest-1<<15 {
		seq += 1 << 16
	}
	s.Packets++
	s.lowest, s.highest = min(s.lowest, seq), max(s.highest, seq)
	s.Gaps = s.highest - s.lowest + 1 - s.Packets
}

// WaitTrack waits until a source of a participant has been announced and its first packet has come.
func (p *Peer) WaitTrack(participant string, source sfu.Source) *Received {
	p.t.Helper()
	var found *Received
	p.wait(fmt.Sprintf("the %s of %s", source, participant), func() bool {
		for _, t := range p.tracks {
			if t.ParticipantID == participant && t.Source == source {
				found = p.received[t.MID]
			}
		}
		return found != nil && found.stats.Packets > 0
	})
	return found
}

// PacketsFrom counts what has ever come of a participant's camera and microphone, on whatever media lines.
func (p *Peer) PacketsFrom(participant string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.streams[participant]
}

// WaitMoreFrom waits for n packets more of a participant's camera and microphone.
func (p *Peer) WaitMoreFrom(participant string, n int) {
	p.t.Helper()
	from := p.PacketsFrom(participant)
	p.wait(fmt.Sprintf("%d packets more of %s", n, participant), func() bool { return p.streams[participant] >= from+n })
}

// Stats is a copy of what arrived so far.
func (r *Received) Stats() Stats {
	r.peer.mu.Lock()
	defer r.peer.mu.Unlock()
	return r.stats
}

// WaitSize waits until the last key picture is this wide, and some packets behind it have come.
func (r *Received) WaitSize(width int) {
	r.peer.t.Helper()
	r.Wait(fmt.Sprintf("pictures %d wide", width), func(s Stats) bool { return s.Width == width })
	r.WaitMore(10)
	if s := r.Stats(); s.Width != width {
		r.peer.t.Errorf("%s sees pictures %d wide instead of %d", r.peer.Name, s.Width, width)
	}
}

// Packets that arrived so far.
func (r *Received) Packets() int { return r.Stats().Packets }

// Wait waits until ok holds for what arrived.
func (r *Received) Wait(what string, ok func(Stats) bool) {
	r.peer.t.Helper()
	r.peer.wait(what, func() bool { return ok(r.stats) })
}

// WaitMore waits for n packets more than there are now.
func (r *Received) WaitMore(n int) {
	r.peer.t.Helper()
	from := r.Packets()
	r.Wait(fmt.Sprintf("%d packets more than %d", n, from), func(s Stats) bool { return s.Packets >= from+n })
}

// RequestKeyframe sends a picture loss indication.
func (r *Received) RequestKeyframe() {
	_ = r.peer.sub.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(r.ssrc)}})
}

// Tracks as last announced.
func (p *Peer) Tracks() []sfu.Track {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.tracks)
}

// WaitTracks waits until ok holds for the announced tracks.
func (p *Peer) WaitTracks(what string, ok func([]sfu.Track) bool) {
	p.t.Helper()
	p.wait(what, func() bool { return ok(p.tracks) })
}

// WaitSpeakers waits until exactly these speak, in this order.
func (p *Peer) WaitSpeakers(ids ...string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("speakers %v", ids), func() bool { return slices.Equal(p.speakers, ids) })
}

// WaitMedia waits until the server last said connected.
func (p *Peer) WaitMedia(connected bool) {
	p.t.Helper()
	p.wait(fmt.Sprintf("media %v", connected), func() bool {
		return len(p.media) > 0 && p.media[len(p.media)-1] == connected
	})
}

// Offers tells how many offers came and how long the longest was, in bytes.
func (p *Peer) Offers() (count, longest int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.offered, p.longest
}

// LastOffer is the last session description offered.
func (p *Peer) LastOffer() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.offer
}

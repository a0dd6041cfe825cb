package loadtest

import (
	"context"
	"encoding/json"
	"math"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"lectern/internal/lines"
	"lectern/internal/wire"
)

// participant is one person's window in the meeting.
type participant struct {
	load    *load
	index   int
	account *account
	sends   bool

	id               string
	socket           *socket
	pub, sub         *webrtc.PeerConnection
	heldPub, heldSub held
	offers           chan string
	gone             chan struct{}
	checking         chan struct{} // closed when ICE has begun on the subscriber connection
	connected        chan struct{} // closed when the publisher connection is up
	media            chan struct{} // closed by the first media packet
	first            sync.Once
	asked            time.Duration // when meeting.join was sent
	took             time.Duration // from there to the first media packet

	wide *wideFeedback

	mu      sync.Mutex // guards the rest
	streams []*stream
	watched int
}

// held keeps the server's candidates until the description is there.
type held struct {
	mu    sync.Mutex // guards the rest
	ready bool
	list  []webrtc.ICECandidateInit
}

func (h *held) add(pc *webrtc.PeerConnection, c webrtc.ICECandidateInit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.ready {
		h.list = append(h.list, c)
		return
	}
	_ = pc.AddICECandidate(c) // one of an older description is of no use
}

func (h *held) open(pc *webrtc.PeerConnection) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ready = true
	for _, c := range h.list {
		_ = pc.AddICECandidate(c)
	}
	h.list = nil
}

// enter opens the socket and the connections, joins, and begins to send if this one does.
func (p *participant) enter(ctx context.Context) (err error) {
	e := p.load.engines
	if p.sub, err = e.subscriber(p.wide).NewPeerConnection(e.configuration); err != nil {
		return err
	}
	var began sync.Once
	p.sub.OnICEConnectionStateChange(func(webrtc.ICEConnectionState) { began.Do(func() { close(p.checking) }) })
	p.sub.OnTrack(p.receive)
	if p.sends {
		if p.pub, err = e.publisher.NewPeerConnection(e.configuration); err != nil {
			return err
		}
		var up sync.Once
		p.pub.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
			if s == webrtc.PeerConnectionStateConnected {
				up.Do(func() { close(p.connected) })
			}
		})
	}
	if p.socket, err = p.load.api.dial(ctx, p.account, p.event); err != nil {
		return err
	}
	p.trickle(p.sub, "subscriber")
	p.trickle(p.pub, "publisher")
	p.load.running.Go(p.answerOffers)

	p.asked = clock()
	var joined wire.MeetingJoined
	join := wire.MeetingJoin{MeetingID: p.load.class.meeting.ID, Muted: !p.sends, VideoOn: p.sends && p.load.options.Video != "none"}
	if err := p.socket.call(ctx, "meeting.join", join, &joined); err != nil {
		return err
	}
	p.id = joined.ParticipantID
	if p.sends {
		return p.publish(ctx)
	}
	return nil
}

// trickle sends the client's candidates as they are found.
func (p *participant) trickle(pc *webrtc.PeerConnection, target string) {
	if pc == nil {
		return
	}
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c == nil {
			return
		}
		// The answer is of no interest, and waiting for it would hold Pion up.
		_ = p.socket.write(map[string]any{"type": "meeting.candidate", "data": wire.MeetingCandidate{Target: target, Candidate: wire.Candidate(c.ToJSON())}})
	})
}

// event takes what the server says, on the socket's goroutine.
func (p *participant) event(f frame) {
	switch f.Type {
	case wire.EventMeetingOffer:
		var offer wire.SDP
		if json.Unmarshal(f.Data, &offer) == nil {
			select {
			case p.offers <- offer.SDP:
			default:
				p.load.fail(p, errTooManyOffers)
			}
		}
	case wire.EventMeetingCandidate:
		var c wire.MeetingCandidate
		if json.Unmarshal(f.Data, &c) != nil {
			return
		}
		switch {
		case c.Target == "subscriber":
			p.heldSub.add(p.sub, webrtc.ICECandidateInit(c.Candidate))
		case p.pub != nil:
			p.heldPub.add(p.pub, webrtc.ICECandidateInit(c.Candidate))
		}
	case wire.EventMeetingTracks:
		var tracks wire.Tracks
		if p.load.options.View && json.Unmarshal(f.Data, &tracks) == nil {
			p.look(tracks.Tracks)
		}
	}
}

// look names the pictures there are as a grid on a screen of 1280 × 720.
func (p *participant) look(tracks []wire.Track) {
	var view wire.MeetingView
	for _, t := range tracks {
		if t.Source == wire.SourceCamera && len(view.Tiles) < 49 {
			view.Tiles = append(view.Tiles, wire.Tile{ParticipantID: t.ParticipantID, Source: t.Source})
		}
	}
	if len(view.Tiles) == p.watched {
		return
	}
	p.watched = len(view.Tiles)
	columns := max(1, int(math.Ceil(math.Sqrt(float64(len(view.Tiles))))))
	for i := range view.Tiles {
		view.Tiles[i].Width, view.Tiles[i].Height = 1280/columns, 720/columns
	}
	_ = p.socket.write(map[string]any{"type": "meeting.view", "data": view}) // an ended socket is noticed elsewhere
}

// answerOffers answers the offers of the subscriber connection, in order.
func (p *participant) answerOffers() {
	for {
		select {
		case <-p.gone:
			return
		case offer := <-p.offers:
			if err := p.answer(offer); err != nil {
				p.load.fail(p, err)
				return
			}
			// Pion takes a second offer that overtakes the beginning of ICE for a restart.
			select {
			case <-p.gone:
				return
			case <-p.checking:
			}
		}
	}
}

func (p *participant) answer(offer string) error {
	offer, err := lines.KeepReceivers(p.sub, offer)
	if err != nil {
		return err
	}
	if err := p.sub.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return err
	}
	p.heldSub.open(p.sub)
	answer, err := p.sub.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err := p.sub.SetLocalDescription(answer); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.load.options.Patience)
	defer cancel()
	return p.socket.call(ctx, "meeting.answer", wire.SDP{SDP: answer.SDP}, nil)
}

// cameraMID is the media line of the camera.
func (p *participant) cameraMID() string {
	for _, t := range p.pub.GetTransceivers() {
		if t.Kind() == webrtc.RTPCodecTypeVideo {
			return t.Mid()
		}
	}
	return ""
}

// wait waits until the participant has what it came for: media, or its own connection where nobody else sends.
func (p *participant) wait(ctx context.Context) error {
	ready := p.media
	if p.load.options.Publishers == 1 && p.sends {
		ready = p.connected
	}
	select {
	case <-ready:
		return nil
	case <-p.socket.done:
		return errSocketEnded
	case <-ctx.Done():
		return errNoMedia
	}
}

// leave ends everything; it may be called for one who never got in.
func (p *participant) leave() {
	close(p.gone)
	if p.socket != nil {
		p.socket.close()
	}
	for _, pc := range []*webrtc.PeerConnection{p.pub, p.sub} {
		if pc != nil {
			_ = pc.GracefulClose() // the other side may be gone already
		}
	}
}

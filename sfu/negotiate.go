package sfu

import (
	"context"
	"errors"
	"fmt"

	"github.com/pion/webrtc/v4"
)

// line is one media line of a subscriber connection. Lines are used again when their track has gone, so that an offer
// is as long as the most tracks there ever were at one time, not as the history of the room.
type line struct {
	transceiver *webrtc.RTPTransceiver
	sender      *webrtc.RTPSender
	track       *downTrack // nil while free
	idle        bool       // the client has heard that it is free
}

// negotiate makes offers while there is something new, one at a time: what changes while one is in flight is gathered
// for the next. It runs until the peer closes.
func (s *subscriber) negotiate() {
	for {
		select {
		case <-s.done:
			return
		case <-s.kick:
		}
		s.announceChange()
		restart, ok := s.begin()
		if !ok {
			continue
		}
		if err := s.offer(restart); err != nil && !s.hungUp() {
			s.peer.server.logger.Warn("subscriber offer failed", "room", s.peer.room.id, "participant", s.peer.id, "error", err)
			s.mu.Lock()
			s.offering = false // the next change tries again
			s.mu.Unlock()
		}
	}
}

// announceChange sends the list of tracks if something in it has changed.
func (s *subscriber) announceChange() {
	s.mu.Lock()
	due := s.untold && !s.closed
	s.untold = false
	s.mu.Unlock()
	if due && s.described.Load() { // else the first offer brings the list
		s.sdp.Lock()
		defer s.sdp.Unlock()
		s.announce()
	}
}

// begin reports whether an offer is due and marks it as in flight.
func (s *subscriber) begin() (restart, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offering || s.closed || !s.dirty && !s.restart {
		return false, false
	}
	restart = s.restart
	s.offering, s.dirty, s.restart = true, false, false
	return restart, true
}

// hungUp tells whether the connection has been closed: by us, or by Pion because the client closed its own.
func (s *subscriber) hungUp() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed || s.pc.SignalingState() == webrtc.SignalingStateClosed
}

// offer brings the media lines up to date and sends the offer, with the list of tracks before it.
func (s *subscriber) offer(restart bool) error {
	s.sdp.Lock()
	defer s.sdp.Unlock()
	if s.hungUp() {
		return nil
	}
	if err := s.assign(); err != nil {
		return err
	}
	if len(s.lines) == 0 { // what was to be sent has gone again, and an offer of nothing cannot be answered
		s.offered()
		return nil
	}
	restart = restart && s.described.Load()
	offer, err := s.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		return err
	}
	if restart {
		s.candidates.renew()
	}
	gathered := webrtc.GatheringCompletePromise(s.pc)
	if err := s.pc.SetLocalDescription(offer); err != nil {
		return err
	}
	waitFor(context.Background(), gathered)
	s.described.Store(true)
	text := s.pc.LocalDescription().SDP
	s.announce()
	s.peer.metrics().offersSent.Inc()
	s.peer.out.send(func(sig Signals) { sig.Offer(text) })
	return nil
}

// assign frees the lines whose tracks have gone and finds lines for the new ones; the caller holds sdp.
func (s *subscriber) assign() error {
	wanted := map[*downTrack]bool{}
	tracks := s.list()
	for _, d := range tracks {
		wanted[d] = true
	}
	for _, l := range s.lines {
		if l.track == nil {
			continue
		}
		if wanted[l.track] {
			delete(wanted, l.track)
			continue
		}
		if err := l.free(); err != nil {
			return fmt.Errorf("free a media line: %w", err)
		}
	}
	for _, d := range tracks {
		if wanted[d] {
			if err := s.place(d); err != nil {
				return fmt.Errorf("place a track: %w", err)
			}
		}
	}
	return nil
}

// free ends the line's use. The transceiver stays, without a sender.
func (l *line) free() error {
	l.track = nil
	return errors.Join(l.transceiver.SetSender(l.sender, nil), l.sender.Stop())
}

// place gives d a free line of its kind, with a sender and an SSRC of its own, or a new line.
func (s *subscriber) place(d *downTrack) error {
	for _, l := range s.lines {
		if !l.idle || l.transceiver.Kind() != d.Kind() {
			continue
		}
		sender, err := s.api.NewRTPSender(d, l.sender.Transport())
		if err != nil {
			return err
		}
		if err := l.transceiver.SetSender(sender, d); err != nil {
			return err
		}
		l.idle, l.sender, l.track = false, sender, d
		return nil
	}
	t, err := s.pc.AddTransceiverFromTrack(d, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return err
	}
	sender := t.Sender()
	s.lines = append(s.lines, &line{transceiver: t, sender: sender, track: d})
	return nil
}

// announce sends the list of tracks; the caller holds sdp.
func (s *subscriber) announce() {
	tracks := make([]Track, 0, len(s.lines))
	for _, l := range s.lines {
		if d := l.track; d != nil && l.transceiver.Mid() != "" {
			tracks = append(tracks, Track{
				MID: l.transceiver.Mid(), ParticipantID: d.receiver().peer.id, Source: d.source, Paused: d.paused(),
			})
		}
	}
	s.peer.out.send(func(sig Signals) { sig.Tracks(tracks) })
}

// answer takes the client's answer: what was offered may flow, and the next offer may follow.
func (s *subscriber) answer(text string) error {
	if len(text) > maxSDP {
		return fmt.Errorf("%w: longer than %d bytes", ErrBadSDP, maxSDP)
	}
	s.sdp.Lock()
	defer s.sdp.Unlock()
	if s.pc.SignalingState() != webrtc.SignalingStateHaveLocalOffer {
		return fmt.Errorf("%w: no offer is waiting for an answer", ErrBadSDP)
	}
	if err := checkAnswer(s.pc.PendingLocalDescription().SDP, text); err != nil {
		return err
	}
	text, described, err := withoutCandidates(text)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	text = s.withFormerExtensions(text)
	err = s.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: text})
	if s.pc.SignalingState() != webrtc.SignalingStateStable {
		return fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	s.candidates.flush(s.pc)
	s.candidates.take(described)
	for _, l := range s.lines {
		if d := l.track; d != nil {
			d.change(func() { d.negotiated = true })
		} else {
			l.idle = true
		}
	}
	s.offered()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	return nil
}

// offered lets the next offer follow.
func (s *subscriber) offered() {
	s.mu.Lock()
	s.offering = false
	s.mu.Unlock()
	wake(s.kick)
}

package services

import (
	"context"
	"fmt"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// signals brings what the SFU says of one participant's peers to sockets. A participant who joins again gets new ones;
// what the old peers still say is dropped. Meetings.mu guards it.
type signals struct {
	meetings *Meetings
	p        *participant
	opened   bool
	held     []func() // said before the participant had the snapshot
}

// open lets through what was held back. The caller holds mu.
func (g *signals) open() {
	g.opened = true
	for _, say := range g.held {
		say()
	}
	g.held = nil
}

// say runs do under mu, now or as soon as the participant has the snapshot, unless newer peers have replaced these.
func (g *signals) say(do func()) {
	g.meetings.mu.Lock()
	defer g.meetings.mu.Unlock()
	switch {
	case g.p.signals != g:
	case g.opened:
		do()
	default:
		g.held = append(g.held, do)
	}
}

func (g *signals) publish(event string, data any) {
	g.meetings.Publisher.Publish(ParticipantTopic(g.p.id), event, data)
}

// Offer is the subscriber's next offer.
func (g *signals) Offer(sdp string) {
	g.say(func() {
		clear(g.p.candidates)
		g.publish(wire.EventMeetingOffer, wire.SDP{SDP: sdp})
	})
}

// Candidate is one of the server's.
func (g *signals) Candidate(target string, c wire.Candidate) {
	g.say(func() { g.publish(wire.EventMeetingCandidate, wire.MeetingCandidate{Target: target, Candidate: c}) })
}

// Tracks maps the subscriber's media lines; whether a track is muted is known here.
func (g *signals) Tracks(tracks []wire.Track) {
	g.say(func() {
		tracks := slices.Clone(tracks)
		for i, t := range tracks {
			if owner := g.p.meeting.participants[t.ParticipantID]; owner != nil {
				tracks[i].Muted = !sending(owner.shown)[t.Source]
			}
		}
		g.publish(wire.EventMeetingTracks, wire.Tracks{Tracks: tracks})
	})
}

// Layers is for the participant's encoders.
func (g *signals) Layers(layers []wire.ActiveLayers, codecs []string) {
	g.say(func() { g.publish(wire.EventMeetingLayers, wire.Layers{Tracks: layers, Codecs: codecs}) })
}

// Media tells whether the peers' connections live.
func (g *signals) Media(connected bool) {
	g.say(func() {
		g.p.media = connected
		g.p.hadMedia = g.p.hadMedia || connected
		g.meetings.reconsider(g.p)
	})
}

// Quality is told to the whole meeting, and kept for those who join later.
func (g *signals) Quality(quality string) {
	g.say(func() {
		g.p.quality = quality
		g.meetings.Publisher.Publish(MeetingTopic(g.p.meeting.row.ID), wire.EventMeetingQuality, g.p.meeting.qualities(g.p))
	})
}

// qualities tells of one participant, or of all whose connection is not good when p is nil. The caller holds mu.
func (m *meeting) qualities(p *participant) wire.MeetingQuality {
	told := wire.MeetingQuality{MeetingID: m.row.ID, Participants: []wire.ParticipantQuality{}}
	for _, shown := range m.list() {
		who := m.participants[shown.ParticipantID]
		if who == p || p == nil && who.quality != "" && who.quality != "good" {
			told.Participants = append(told.Participants, wire.ParticipantQuality{ParticipantID: who.id, Quality: who.quality})
		}
	}
	return told
}

// Speakers comes to everybody in a room alike; only one of them passes it on, so that the meeting hears it once and in order.
func (g *signals) Speakers(ids []string) {
	g.say(func() {
		m, room := g.p.meeting, g.p.shown.RoomID
		first := slices.IndexFunc(m.list(), func(p wire.Participant) bool { return p.RoomID == room })
		if m.list()[first].ParticipantID != g.p.id || slices.Equal(m.speakers[room], ids) {
			return
		}
		m.speakers[room] = slices.Clone(ids)
		g.meetings.Publisher.PublishState(MeetingTopic(m.row.ID), "speakers:"+room, wire.EventMeetingSpeakers,
			wire.Speakers{MeetingID: m.row.ID, RoomID: room, ParticipantIDs: append([]string{}, ids...)})
	})
}

// Limits of what a client may ask of the SFU.
const (
	maxSDP            = 200 << 10 // bytes
	maxCandidates     = 200       // of one peer connection between two descriptions
	maxCandidateBytes = 1 << 10
	maxTiles          = 100
	maxTracks         = 16
	maxTileSide       = 16384 // pixels
	maxMID            = 32
)

var sources = []string{wire.SourceMicrophone, wire.SourceCamera, wire.SourceScreen, wire.SourceScreenAudio}

// Offer takes the publisher's offer and returns the answer.
func (s *Meetings) Offer(ctx context.Context, socket Socket, sdp string) (string, error) {
	id, err := s.describe(socket, "publisher", sdp)
	if err != nil {
		return "", err
	}
	return s.Rooms.Offer(ctx, id, sdp)
}

// Answer takes the answer to the subscriber's offer.
func (s *Meetings) Answer(socket Socket, sdp string) error {
	id, err := s.describe(socket, "", sdp)
	if err != nil {
		return err
	}
	return s.Rooms.Answer(id, sdp)
}

// describe checks a description; a new offer allows new candidates.
func (s *Meetings) describe(socket Socket, offers, sdp string) (participantID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.of(socket)
	if err != nil {
		return "", err
	}
	v := invalid{}
	if sdp == "" {
		v["sdp"] = "It must not be empty."
	} else if len(sdp) > maxSDP {
		v["sdp"] = fmt.Sprintf("It must have at most %d KiB.", maxSDP>>10)
	}
	delete(p.candidates, offers)
	return p.id, v.err()
}

// Candidate takes one of the client's ICE candidates.
func (s *Meetings) Candidate(socket Socket, target string, c wire.Candidate) error {
	id, err := s.takeCandidate(socket, target, c)
	if err != nil {
		return err
	}
	return s.Rooms.Candidate(id, target, c)
}

func (s *Meetings) takeCandidate(socket Socket, target string, c wire.Candidate) (participantID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.of(socket)
	if err != nil {
		return "", err
	}
	v := invalid{}
	v.oneOf("target", target, "publisher", "subscriber")
	if len(c.Candidate) > maxCandidateBytes || tooLong(c.SDPMid) || tooLong(c.UsernameFragment) {
		v["candidate"] = "It is too long."
	}
	if err := v.err(); err != nil {
		return "", err
	}
	if p.candidates[target] >= maxCandidates {
		return "", Invalid("candidate", fmt.Sprintf("More than %d candidates of one connection.", maxCandidates))
	}
	p.candidates[target]++
	return p.id, nil
}

func tooLong(text *string) bool { return text != nil && len(*text) > 256 }

// SetTracks names the publisher's media lines.
func (s *Meetings) SetTracks(socket Socket, tracks []wire.TrackSource) error {
	id, _, err := s.Place(socket)
	if err != nil {
		return err
	}
	v, seen := invalid{}, map[string]bool{}
	if len(tracks) > maxTracks {
		v["tracks"] = fmt.Sprintf("At most %d tracks.", maxTracks)
	}
	for _, t := range tracks {
		v.oneOf("tracks.source", t.Source, sources...)
		v.length("tracks.mid", t.MID, 1, maxMID)
		if seen[t.MID] {
			v["tracks.mid"] = "Two tracks have the same one."
		}
		seen[t.MID] = true
	}
	if err := v.err(); err != nil {
		return err
	}
	return s.Rooms.SetTracks(id, tracks)
}

// SetView says what is on the participant's screen.
func (s *Meetings) SetView(socket Socket, tiles []wire.Tile) error {
	id, _, err := s.Place(socket)
	if err != nil {
		return err
	}
	v := invalid{}
	if len(tiles) > maxTiles {
		v["tiles"] = fmt.Sprintf("At most %d tiles.", maxTiles)
	}
	for _, t := range tiles {
		v.oneOf("tiles.source", t.Source, sources...)
		if _, ok := models.ParseID(t.ParticipantID); !ok {
			v["tiles.participant_id"] = "This is not a participant."
		}
		if t.Width < 0 || t.Height < 0 || t.Width > maxTileSide || t.Height > maxTileSide {
			v["tiles"] = fmt.Sprintf("Sides lie between 0 and %d pixels.", maxTileSide)
		}
	}
	if err := v.err(); err != nil {
		return err
	}
	return s.Rooms.SetView(id, tiles)
}

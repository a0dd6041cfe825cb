package app

import (
	"context"
	"errors"

	"github.com/pion/webrtc/v4"

	"lectern/internal/config"
	"lectern/internal/wire"
	"lectern/services"
	"lectern/sfu"
)

// openSFU takes the media ports.
func (a *App) openSFU() (err error) {
	public := ""
	if a.cfg.PublicIP.IsValid() {
		public = a.cfg.PublicIP.String()
	}
	a.sfu, err = sfu.New(sfu.Config{UDPPort: a.cfg.ICEUDPPort, TCPPort: a.cfg.ICETCPPort, PublicIP: public, Logger: a.logOf("media"), Registerer: a.metrics, Limits: mediaLimits(a.cfg)})
	return err
}

// leaving is how many more the SFU takes than a meeting has places: those whose place is free again while their
// connections still close.
const leaving = 10

// mediaLimits gives the settings in the units of the SFU.
func mediaLimits(cfg config.Config) sfu.Limits {
	return sfu.Limits{
		Voices: cfg.MeetingMaxVoices, Participants: cfg.MeetingMaxParticipants + leaving, Rooms: cfg.MediaMaxRooms,
		Egress: cfg.MediaMaxEgress * 1_000_000, TrackRate: cfg.MediaMaxTrackRate * 1000,
	}
}

// openMeetings takes up the meetings that an earlier run left active.
func (g *graph) openMeetings() error {
	d := &g.deps
	g.meetings = services.NewMeetings(services.MeetingsOptions{
		Store: g.store, Publisher: g.hub, Rooms: rooms{g.sfu}, Notifier: d.Notifications, Playback: d.Playback, Polls: d.Polls, Posts: d.Lessons,
		Clock: g.clock, Log: g.logOf("meetings"),
		ICEServers:      func(userID string) []wire.ICEServer { return d.ICE.Servers(userID).ICEServers },
		MaxParticipants: g.cfg.MeetingMaxParticipants,
		Presence:        d.Presence.Changed,
	})
	return g.meetings.Restore(context.Background())
}

// rooms lets services.Meetings use the SFU.
type rooms struct{ sfu *sfu.Server }

func (r rooms) Join(ctx context.Context, roomID, participantID string, out services.RoomSignals) error {
	return roomError(r.sfu.Join(ctx, roomID, participantID, roomSignals{out}))
}

func (r rooms) Offer(ctx context.Context, participantID, sdp string) (string, error) {
	answer, err := r.sfu.Offer(ctx, participantID, sdp)
	return answer, roomError(err)
}

func (r rooms) Answer(participantID, sdp string) error {
	return roomError(r.sfu.Answer(participantID, sdp))
}

func (r rooms) Candidate(participantID, target string, c wire.Candidate) error {
	return roomError(r.sfu.Candidate(participantID, sfu.Target(target), webrtc.ICECandidateInit(c)))
}

func (r rooms) SetTracks(participantID string, tracks []wire.TrackSource) error {
	byMID := map[string]sfu.Source{}
	for _, t := range tracks {
		byMID[t.MID] = sfu.Source(t.Source)
	}
	return roomError(r.sfu.SetTracks(participantID, byMID))
}

func (r rooms) SetView(participantID string, tiles []wire.Tile) error {
	view := make([]sfu.Tile, len(tiles))
	for i, t := range tiles {
		view[i] = sfu.Tile{ParticipantID: t.ParticipantID, Source: sfu.Source(t.Source), Width: t.Width, Height: t.Height, Priority: t.Priority}
	}
	return roomError(r.sfu.SetView(participantID, view))
}

func (r rooms) Allow(participantID, source string, allowed bool) {
	r.sfu.Allow(participantID, sfu.Source(source), allowed)
}

func (r rooms) Group(participantID, group string) { r.sfu.Group(participantID, group) }

func (r rooms) Broadcast(participantID string, on bool) { r.sfu.Broadcast(participantID, on) }

func (r rooms) Leave(participantID string) { r.sfu.Leave(participantID) }

func (r rooms) CloseRoom(roomID string) { r.sfu.CloseRoom(roomID) }

// roomError turns the SFU's errors into domain errors; the details stay in the log.
func roomError(err error) error {
	refusal := func(kind services.Kind, field, sentence string) error {
		e := &services.Error{Kind: kind, Message: sentence, Cause: err}
		if field != "" {
			e.Fields = map[string]string{field: sentence}
		}
		return e
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sfu.ErrNoPeer):
		return refusal(services.KindNotFound, "", "You are no longer in the meeting.")
	case errors.Is(err, sfu.ErrBadSDP):
		return refusal(services.KindInvalid, "sdp", "The session description cannot be used.")
	case errors.Is(err, sfu.ErrBadCandidate):
		return refusal(services.KindInvalid, "candidate", "The ICE candidate cannot be used.")
	case errors.Is(err, sfu.ErrRoomFull):
		return refusal(services.KindRoomFull, "", "The meeting is full.")
	case errors.Is(err, sfu.ErrBusy):
		return refusal(services.KindUnavailable, "", "The server carries as many meetings as it can. Try again later.")
	case errors.Is(err, sfu.ErrClosed):
		return refusal(services.KindUnavailable, "", "The server is stopping.")
	}
	return err
}

// roomSignals translates what the SFU says.
type roomSignals struct{ out services.RoomSignals }

func (s roomSignals) Offer(sdp string) { s.out.Offer(sdp) }

func (s roomSignals) Candidate(target sfu.Target, c webrtc.ICECandidateInit) {
	s.out.Candidate(string(target), wire.Candidate(c))
}

func (s roomSignals) Tracks(tracks []sfu.Track) {
	out := make([]wire.Track, len(tracks))
	for i, t := range tracks {
		out[i] = wire.Track{MID: t.MID, ParticipantID: t.ParticipantID, Source: string(t.Source), Paused: t.Paused}
	}
	s.out.Tracks(out)
}

func (s roomSignals) Layers(layers []sfu.ActiveLayers, codecs []string) {
	out := make([]wire.ActiveLayers, len(layers))
	for i, l := range layers {
		out[i] = wire.ActiveLayers(l)
	}
	s.out.Layers(out, codecs)
}

func (s roomSignals) Media(connected bool) { s.out.Media(connected) }

func (s roomSignals) Quality(q sfu.Quality) { s.out.Quality(string(q)) }

func (s roomSignals) Speakers(participantIDs []string) { s.out.Speakers(participantIDs) }

package sfu

import (
	"errors"

	"github.com/pion/webrtc/v4"
)

// Errors, to be tested with errors.Is; they are wrapped with what was wrong.
var (
	ErrNoPeer       = errors.New("sfu: no such participant")
	ErrBadSDP       = errors.New("sfu: session description refused")
	ErrBadCandidate = errors.New("sfu: ICE candidate refused")
	ErrClosed       = errors.New("sfu: closed")
	ErrBadName      = errors.New("sfu: name refused")
	ErrRoomFull     = errors.New("sfu: room full")
	ErrBusy         = errors.New("sfu: server at its limit")
)

// Target names one of a participant's two peer connections.
type Target string

// The two peer connections of a participant.
const (
	Publisher  Target = "publisher"
	Subscriber Target = "subscriber"
)

// Source is what a track shows or sounds.
type Source string

// The sources that a participant may publish.
const (
	Microphone  Source = "microphone"
	Camera      Source = "camera"
	Screen      Source = "screen"
	ScreenAudio Source = "screen_audio"
)

// valid tells whether s is one of the four.
func (s Source) valid() bool { return s.kind() != 0 }

// kind is audio or video, or 0 for an unknown source.
func (s Source) kind() webrtc.RTPCodecType {
	switch s {
	case Microphone, ScreenAudio:
		return webrtc.RTPCodecTypeAudio
	case Camera, Screen:
		return webrtc.RTPCodecTypeVideo
	}
	return 0
}

// defaultSource is the source of a track of which the client has said nothing.
func defaultSource(kind webrtc.RTPCodecType) Source {
	if kind == webrtc.RTPCodecTypeAudio {
		return Microphone
	}
	return Camera
}

// Track says what a participant receives on a media line of its subscriber connection. Paused: the server sends nothing
// on it for now, because the participant's view does not show it.
type Track struct {
	MID           string
	ParticipantID string
	Source        Source
	Paused        bool
}

// ActiveLayers names the encodings of one of the participant's own media lines that somebody watches, by RID. A line
// without simulcast has one, with the RID "". None: nobody watches any.
type ActiveLayers struct {
	MID  string
	RIDs []string
}

// Tile is a picture on a participant's screen; width and height in device pixels, a higher priority is served first.
type Tile struct {
	ParticipantID string
	Source        Source
	Width, Height int
	Priority      int
}

// Signals is what the server says to and of one participant. The calls for one participant come one at a time, from a
// goroutine of the server that holds no lock; they must neither block nor call the Server back.
type Signals interface {
	// Offer is the subscriber connection's next offer; one is in flight at a time.
	Offer(sdp string)
	// Candidate is one that was found after the description had been handed over; descriptions carry the earlier ones.
	Candidate(target Target, c webrtc.ICECandidateInit)
	// Tracks lists everything on the subscriber connection; it comes before the offer that brings it.
	Tracks(tracks []Track)
	// Layers lists all pictures that the participant publishes, with the encodings that are worth sending, and the codecs
	// ("vp8", "h264", "vp9", "av1") that everybody can decode. It comes on a change; before the first, everything is
	// watched, and VP8 and H.264 can be decoded.
	Layers(layers []ActiveLayers, codecs []string)
	// Media tells whether media can flow: first true when a connection lives, false when it no longer does.
	Media(connected bool)
	// Quality tells how the participant's own connections do; it comes on a change, at most every two seconds, and is good before.
	Quality(q Quality)
	// Speakers lists who speaks in the room, loudest first; it comes only on a change.
	Speakers(participantIDs []string)
}

// Limits on what comes from outside.
const (
	maxTracks         = 8       // per participant, counted as media lines that send
	maxMediaLines     = 128     // in a publisher's offer, used before or not
	maxLayers         = 3       // simulcast encodings of a track
	maxCodecs         = 100     // of a media line; browsers have up to half of it
	maxAllCodecs      = 500     // in a publisher's offer
	maxFeedback       = 300     // kinds of it on a media line, counted for each codec
	maxAttributes     = 1000    // of a media line
	maxSDP            = 1 << 18 // bytes
	maxCandidates     = 200     // of a connection, different ones, until ICE is restarted
	maxCandidateBytes = 1 << 10
	maxTiles          = 256
	maxName           = 128 // bytes of a room's or participant's name
)

// checkName accepts what may stand in a media stream id (RFC 8830): letters, digits, '-', '_' and '.'.
func checkName(name string) error {
	if name == "" || len(name) > maxName {
		return ErrBadName
	}
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
		default:
			return ErrBadName
		}
	}
	return nil
}

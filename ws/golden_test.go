package ws_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/ws"
)

var update = flag.Bool("update", false, "write the golden frames instead of comparing")

// Ids of the examples.
const (
	userID        = "0190a1b2-0000-7000-8000-000000000001"
	sessionID     = "0190a1b2-0000-7000-8000-000000000002"
	channelID     = "0190a1b2-0000-7000-8000-000000000003"
	postID        = "0190a1b2-0000-7000-8000-000000000004"
	commentID     = "0190a1b2-0000-7000-8000-000000000005"
	meetingID     = "0190a1b2-0000-7000-8000-000000000006"
	participantID = "0190a1b2-0000-7000-8000-000000000007"
	fileID        = "0190a1b2-0000-7000-8000-000000000008"
	clientID      = "0190a1b2-0000-7000-8000-000000000009"
)

var (
	at          = wire.At(time.Date(2026, 3, 2, 9, 30, 0, 123e6, time.UTC))
	teacher     = wire.Profile{ID: userID, Name: "林老師", Presence: "online"}
	settings    = wire.MeetingSettings{MicrophonesLocked: true}
	channel     = wire.Channel{ID: channelID, Name: "普通物理", Description: "Mondays", MyRole: "student", MemberCount: 31, UnreadCount: 2, CreatedAt: at}
	meeting     = wire.Meeting{ID: meetingID, ChannelID: channelID, Host: teacher, Settings: settings, ParticipantCount: 1, StartedAt: at}
	file        = wire.File{ID: fileID, Name: "實驗.mp4", Size: 1048576, ContentType: "video/mp4", SHA256: strings.Repeat("ab", 32), URL: "/api/v1/files/" + fileID + "/content?exp=1772500000&sig=c2ln", Width: new(1280), Height: new(720), Duration: new(63.5), CreatedAt: at}
	reactions   = []wire.Reaction{{Emoji: "👍", UserIDs: []string{userID}}}
	post        = wire.Post{ID: postID, ChannelID: channelID, Author: teacher, Body: "**Welcome**", Files: []wire.File{file}, Reactions: reactions, CommentCount: 1, ClientID: new(clientID), CreatedAt: at}
	comment     = wire.Comment{ID: commentID, PostID: postID, ChannelID: channelID, Author: teacher, Body: "謝謝", Files: []wire.File{}, Reactions: []wire.Reaction{}, CreatedAt: at, EditedAt: &at}
	member      = wire.MemberChanged{ChannelID: channelID, Member: wire.Member{User: teacher, Role: "owner", JoinedAt: at}, MemberCount: 31}
	participant = wire.Participant{ParticipantID: participantID, User: teacher, Role: "owner", VideoOn: true, Connection: "connected", JoinedAt: at}
	changed     = wire.ParticipantChanged{MeetingID: meetingID, Participant: participant}
	item        = wire.PlaybackItem{Kind: "file", FileID: fileID, Title: file.Name, URL: file.URL, ContentType: file.ContentType}
	timeline    = wire.Timeline{MeetingID: meetingID, Epoch: 1772443800000, V: 7, Item: &item, Playing: true, Pos: 12.5, Rate: 1, At: 1772443830250}
	candidate   = wire.Candidate{Candidate: "candidate:1 1 udp 2130706431 192.0.2.1 8443 typ host", SDPMid: new("0"), SDPMLineIndex: new(uint16(0))}
	sdp         = wire.SDP{SDP: "v=0\r\n"}
)

var commands = map[string]any{
	"auth":                       wire.AuthCommand{AccessToken: "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"},
	"clock.ping":                 wire.ClockPing{T0: 1772443830000.25},
	"typing":                     wire.TypingCommand{ChannelID: channelID},
	"meeting.join":               wire.MeetingJoin{MeetingID: meetingID, Muted: true, VideoOn: true},
	"meeting.leave":              struct{}{},
	"meeting.offer":              sdp,
	"meeting.answer":             sdp,
	"meeting.candidate":          wire.MeetingCandidate{Target: "publisher", Candidate: candidate},
	"meeting.tracks":             wire.MeetingTracksCommand{Tracks: []wire.TrackSource{{MID: "0", Source: "microphone"}, {MID: "1", Source: "camera"}}},
	"meeting.view":               wire.MeetingView{Tiles: []wire.Tile{{ParticipantID: participantID, Source: "camera", Width: 640, Height: 360, Priority: 1}}},
	"meeting.state_update":       wire.MeetingStateUpdate{Muted: new(false), HandRaised: new(true)},
	"meeting.start_screen_share": struct{}{},
	"meeting.stop_screen_share":  struct{}{},
	"meeting.mute":               wire.MeetingMute{ParticipantID: participantID},
	"meeting.remove":             wire.MeetingRemove{ParticipantID: participantID},
	"meeting.settings":           wire.MeetingSettingsCommand{MicrophonesLocked: new(true)},
	"meeting.end":                struct{}{},
	"playback.command":           wire.PlaybackCommand{MeetingID: meetingID, ID: clientID, BaseV: 6, Op: "load", Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://youtu.be/dQw4w9WgXcQ?t=1m30s"}},
	"playback.status":            wire.PlaybackStatus{MeetingID: meetingID, V: 7, ErrMS: -12.5, State: "in_step", BufferS: 9.5, RTTMS: 42},
}

var acks = map[string]any{
	"auth":       wire.AuthAck{UserID: userID, SessionID: sessionID, ServerTimeMS: 1772443830000.5, HeartbeatS: 5},
	"clock.ping": wire.ClockPong{T0: 1772443830000.25, T1: 1772443830010.5, T2: 1772443830010.75},
	"meeting.join": wire.MeetingJoined{ParticipantID: participantID, Participants: []wire.Participant{participant}, Settings: settings,
		ICEServers: []wire.ICEServer{{URLs: []string{"turn:turn.example.org"}, Username: "1772500000:u", Credential: "c2ln"}}, Playback: &timeline},
	"meeting.leave":        struct{}{},
	"meeting.offer":        sdp,
	"meeting.state_update": participant,
	"meeting.settings":     settings,
	"meeting.end":          meeting,
	"playback.command":     wire.PlaybackAck{Timeline: timeline},
}

var events = map[string]any{
	wire.EventPresenceChanged:    wire.PresenceChanged{UserID: userID, Presence: "offline"},
	wire.EventTyping:             wire.Typing{ChannelID: channelID, UserID: userID},
	wire.EventUserUpdated:        teacher,
	wire.EventChannelCreated:     channel,
	wire.EventChannelUpdated:     wire.ChannelUpdated{ID: channelID, Name: channel.Name, Description: channel.Description},
	wire.EventChannelDeleted:     wire.Deleted{ID: channelID, ChannelID: channelID},
	wire.EventMemberJoined:       member,
	wire.EventMemberLeft:         member,
	wire.EventMemberUpdated:      member,
	wire.EventPostCreated:        post,
	wire.EventPostUpdated:        post,
	wire.EventPostDeleted:        wire.Deleted{ID: postID, ChannelID: channelID},
	wire.EventCommentCreated:     comment,
	wire.EventCommentUpdated:     comment,
	wire.EventCommentDeleted:     wire.Deleted{ID: commentID, ChannelID: channelID, PostID: postID},
	wire.EventReactionChanged:    wire.ReactionChanged{Kind: "post", ID: postID, ChannelID: channelID, PostID: postID, Reactions: reactions},
	wire.EventChannelRead:        wire.ChannelRead{ChannelID: channelID, LastReadID: postID, UnreadCount: 0},
	wire.EventMeetingStarted:     meeting,
	wire.EventMeetingEnded:       wire.MeetingEnded{MeetingID: meetingID, ChannelID: channelID, Reason: "ended"},
	wire.EventMeetingOffer:       sdp,
	wire.EventMeetingCandidate:   wire.MeetingCandidate{Target: "subscriber", Candidate: candidate},
	wire.EventMeetingTracks:      wire.Tracks{Tracks: []wire.Track{{MID: "0", ParticipantID: participantID, Source: "camera", Paused: true}}},
	wire.EventMeetingLayers:      wire.Layers{Tracks: []wire.ActiveLayers{{MID: "1", RIDs: []string{"q", "h"}}}, Codecs: []string{"vp8", "h264"}},
	wire.EventMeetingSpeakers:    wire.Speakers{MeetingID: meetingID, ParticipantIDs: []string{participantID}},
	wire.EventMeetingSettings:    wire.MeetingSettingsChanged{MeetingID: meetingID, Settings: settings},
	wire.EventMeetingMuted:       wire.MeetingMuted{MeetingID: meetingID, ByUserID: userID},
	wire.EventMeetingRemoved:     wire.MeetingRemoved{MeetingID: meetingID},
	wire.EventParticipantJoined:  changed,
	wire.EventParticipantUpdated: changed,
	wire.EventParticipantLeft:    wire.ParticipantLeft{MeetingID: meetingID, ParticipantID: participantID, Reason: "left"},
	wire.EventPlaybackTimeline:   timeline,
	wire.EventPlaybackClass:      wire.PlaybackClass{MeetingID: meetingID, Counts: map[string]int{"in_step": 1}, People: []wire.PlaybackPerson{{ParticipantID: participantID, State: "in_step", ErrMS: -12.5}}},
	wire.EventServerRestarting:   wire.ServerRestarting{RetryMS: 3000},
}

// TestGoldenFrames keeps one example of every frame in testdata, which the web app's tests read too.
func TestGoldenFrames(t *testing.T) {
	frames := map[string]any{
		"error": wire.CommandError{Type: "error", ID: "c1", Error: wire.ErrorFrame{Code: "invalid_input", Message: "Some fields need attention.",
			Status: 422, Errors: map[string]string{"item.url": "This is not a link to a YouTube video."}}},
	}
	for name, data := range commands {
		frames["command."+name] = map[string]any{"type": name, "id": "c1", "data": data}
	}
	for name, data := range acks {
		frames["ack."+name] = wire.Ack{Type: "ack", ID: "c1", Data: data}
	}
	for name, data := range events {
		frames["event."+name] = wire.Event{Type: name, Data: data, At: at}
	}
	for name, frame := range frames {
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		require.NoError(t, encoder.Encode(frame))
		path := filepath.Join("testdata", name+".json")
		if *update {
			require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
		}
		golden, err := os.ReadFile(path)
		require.NoError(t, err, "run the test with -update")
		require.Equal(t, string(golden), b.String(), name)
	}
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	for _, path := range files {
		require.Contains(t, frames, strings.TrimSuffix(filepath.Base(path), ".json"), "a frame that is no more")
	}
}

func TestEveryEventHasAGoldenFrame(t *testing.T) {
	source, err := parser.ParseFile(token.NewFileSet(), "../internal/wire/events.go", nil, 0)
	require.NoError(t, err)
	found := 0
	ast.Inspect(source, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ok && strings.HasPrefix(spec.Names[0].Name, "Event") {
			name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			require.Contains(t, events, name)
			found++
		}
		return true
	})
	require.Len(t, events, found)
}

func TestGoldenCommandsParse(t *testing.T) {
	for name := range commands {
		frame, err := os.ReadFile(filepath.Join("testdata", "command."+name+".json"))
		require.NoError(t, err)
		cmd, err := ws.ParseCommand(frame)
		require.NoError(t, err)
		require.Equal(t, name, cmd.Type)
	}
}

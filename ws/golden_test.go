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
	entryID       = "0190a1b2-0000-7000-8000-00000000000a"
	markerID      = "0190a1b2-0000-7000-8000-00000000000b"
	questionID    = "0190a1b2-0000-7000-8000-00000000000c"
	studentID     = "0190a1b2-0000-7000-8000-00000000000d"
	roomID        = "0190a1b2-0000-7000-8000-00000000000e"
)

var (
	at          = wire.At(time.Date(2026, 3, 2, 9, 30, 0, 123e6, time.UTC))
	teacher     = wire.Profile{ID: userID, Name: "林老師", Presence: "online"}
	settings    = wire.MeetingSettings{MicrophonesLocked: true, Lobby: true}
	channel     = wire.Channel{ID: channelID, Name: "普通物理", Description: "Mondays", MyRole: "student", MemberCount: 31, UnreadCount: 2, Posting: "everyone", Level: "mentions", CreatedAt: at}
	meeting     = wire.Meeting{ID: meetingID, ChannelID: channelID, Host: teacher, Settings: settings, ParticipantCount: 1, StartedAt: at}
	file        = wire.File{ID: fileID, Name: "實驗.mp4", Size: 1048576, ContentType: "video/mp4", SHA256: strings.Repeat("ab", 32), URL: "/api/v1/files/" + fileID + "/content?exp=1772500000&sig=c2ln", Width: new(1280), Height: new(720), Duration: new(63.5), CreatedAt: at}
	reactions   = []wire.Reaction{{Emoji: "👍", UserIDs: []string{userID}}}
	post        = wire.Post{ID: postID, ChannelID: channelID, Author: teacher, Body: "**Welcome**", Files: []wire.File{file}, Reactions: reactions, CommentCount: 1, ClientID: new(clientID), CreatedAt: at}
	comment     = wire.Comment{ID: commentID, PostID: postID, ChannelID: channelID, Author: teacher, Body: "謝謝", Files: []wire.File{}, Reactions: []wire.Reaction{}, CreatedAt: at, EditedAt: &at}
	member      = wire.MemberChanged{ChannelID: channelID, Member: wire.Member{User: teacher, Role: "owner", JoinedAt: at}, MemberCount: 31}
	participant = wire.Participant{ParticipantID: participantID, User: teacher, Role: "owner", VideoOn: true, HandRaised: true, HandRaisedAt: &at, RoomID: roomID, Connection: "connected", JoinedAt: at}
	changed     = wire.ParticipantChanged{MeetingID: meetingID, Participant: participant}
	item        = wire.PlaybackItem{Kind: "file", Key: "file:" + fileID, FileID: fileID, Title: file.Name, URL: file.URL, ContentType: file.ContentType, Duration: 63.5}
	tube        = wire.PlaybackItem{Kind: "youtube", Key: "youtube:dQw4w9WgXcQ", URL: "https://www.youtube.com/watch?v=dQw4w9WgXcQ", VideoID: "dQw4w9WgXcQ", ListID: "PLx0sYbCqOb8TBPRdmBHs5Iftvv9TPboYG", Start: 90}
	timeline    = wire.Timeline{MeetingID: meetingID, Epoch: 1772443800000, V: 7, Item: &item, EntryID: entryID, Playing: true, Pos: 12.5, Rate: 1, At: 1772443830250, Until: new(40.0)}
	playlist    = wire.Playlist{ChannelID: channelID, V: 4, CurrentID: entryID, AutoNext: true, Entries: []wire.PlaylistEntry{
		{ID: entryID, Item: wire.PlaybackItem{Kind: "file", Key: item.Key, FileID: fileID, Title: file.Name, ContentType: file.ContentType, Duration: 63.5}},
		{ID: clientID, Item: tube, Problem: "embedding_disabled"}}}
	marker    = wire.Marker{ID: markerID, Key: item.Key, T: 40, Question: "為什麼？", Choices: []string{"A", "B"}}
	question  = wire.PlaybackQuestion{MeetingID: meetingID, ID: questionID, MarkerID: markerID, Key: item.Key, T: 40, Question: marker.Question, Choices: marker.Choices, Open: true, Answered: 1, AskedAt: at}
	answered  = wire.PlaybackAnswer{QuestionID: questionID, User: teacher, Choice: new(0), At: at}
	answers   = wire.PlaybackAnswers{MeetingID: meetingID, QuestionID: questionID, Counts: []int{1, 0}, Answers: []wire.PlaybackAnswer{answered}}
	lost      = wire.LostCurve{MeetingID: meetingID, Key: item.Key, BucketS: 5, Buckets: []wire.LostCount{{T: 10, N: 2}}}
	watching  = wire.PlaybackSettings{FreeBrowsing: true, Remote: userID}
	called    = wire.PlaybackCalled{MeetingID: meetingID, ByUserID: userID}
	remark    = wire.Comment{ID: commentID, PostID: postID, ChannelID: channelID, Author: teacher, Body: "為什麼？", Files: []wire.File{}, Reactions: []wire.Reaction{}, Moment: &wire.Moment{Key: item.Key, T: 31.5}, ClientID: new(clientID), CreatedAt: at}
	candidate = wire.Candidate{Candidate: "candidate:1 1 udp 2130706431 192.0.2.1 8443 typ host", SDPMid: new("0"), SDPMLineIndex: new(uint16(0))}
	sdp       = wire.SDP{SDP: "v=0\r\n"}
)

// Of the room.
var (
	student   = wire.Profile{ID: studentID, Name: "小明", Presence: "online"}
	waiter    = wire.Waiter{User: student, Member: true, Since: at}
	denied    = wire.MeetingDenied{MeetingID: meetingID, AgainS: 300}
	waiting   = wire.Waiting{MeetingID: meetingID, Reason: "lobby", Since: at, Teachers: 1}
	breakouts = wire.Breakouts{Rooms: []wire.BreakoutRoom{{ID: roomID, Name: "第一組"}}, OpenedAt: at, EndsAt: &at, Recalling: true}
	state     = wire.MeetingState{Spotlight: participantID, Broadcasting: participantID, Breakouts: &breakouts}
	admitted  = wire.MeetingAdmitted{MeetingID: meetingID}
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
	"meeting.admit":              wire.MeetingAdmit{UserID: studentID},
	"meeting.deny":               wire.MeetingDeny{UserID: studentID},
	"meeting.call_on":            wire.MeetingCallOn{ParticipantID: participantID},
	"meeting.lower_hand":         wire.MeetingLowerHand{ParticipantID: participantID},
	"meeting.spotlight":          wire.MeetingSpotlight{ParticipantID: participantID},
	"meeting.react":              wire.MeetingReact{Emoji: "👏"},
	"meeting.breakouts_open":     wire.MeetingOpenBreakouts{Rooms: []wire.BreakoutPlan{{Name: "第一組", UserIDs: []string{studentID}}}, DurationS: 600},
	"meeting.breakouts_extend":   wire.MeetingExtendBreakouts{Seconds: 120},
	"meeting.breakouts_close":    wire.MeetingCloseBreakouts{CountdownS: 30},
	"meeting.move":               wire.MeetingMove{ParticipantID: participantID, RoomID: roomID},
	"meeting.broadcast":          wire.MeetingBroadcast{Text: "還有五分鐘"},
	"playback.command":           wire.PlaybackCommand{MeetingID: meetingID, ID: clientID, BaseV: 6, Op: "load", Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://youtu.be/dQw4w9WgXcQ?t=1m30s"}},
	"playback.status":            wire.PlaybackStatus{MeetingID: meetingID, V: 7, ErrMS: -12.5, State: "in_step", BufferS: 9.5, RTTMS: 42, Ready: new(true)},
	"playback.edit":              wire.PlaybackEdit{ChannelID: channelID, ID: clientID, BaseV: 3, Op: "add", Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://youtu.be/dQw4w9WgXcQ?t=90"}, To: new(1)},
	"playback.report":            wire.PlaybackReport{ChannelID: channelID, Key: tube.Key, Problem: new("embedding_disabled")},
	"playback.set_marker":        wire.SetMarker{ChannelID: channelID, Marker: marker},
	"playback.remove_marker":     wire.RemoveMarker{ChannelID: channelID, MarkerID: markerID},
	"playback.answer":            wire.AnswerQuestion{QuestionID: questionID, Choice: new(0)},
	"playback.close_question":    wire.CloseQuestion{QuestionID: questionID},
	"playback.comment":           wire.PlaybackComment{Body: "為什麼？", ClientID: clientID, Key: item.Key, Pos: new(31.5)},
	"playback.lost":              wire.PlaybackLost{Key: item.Key, Pos: new(12.5)},
	"playback.settings":          wire.PlaybackSettingsCommand{FreeBrowsing: new(true)},
	"playback.remote":            wire.PlaybackRemote{Op: "take"},
	"playback.recall":            struct{}{},
	"playback.nudge":             wire.PlaybackNudge{ParticipantID: participantID},
}

var acks = map[string]any{
	"auth":       wire.AuthAck{UserID: userID, SessionID: sessionID, ServerTimeMS: 1772443830000.5, HeartbeatS: 5},
	"clock.ping": wire.ClockPong{T0: 1772443830000.25, T1: 1772443830010.5, T2: 1772443830010.75},
	"meeting.join": wire.MeetingJoined{ParticipantID: participantID, Participants: []wire.Participant{participant}, Settings: settings,
		State: state, Lobby: []wire.Waiter{waiter},
		ICEServers: []wire.ICEServer{{URLs: []string{"turn:turn.example.org"}, Username: "1772500000:u", Credential: "c2ln"}}, Playback: &timeline,
		PlaybackState: wire.PlaybackState{Playlist: playlist, Settings: watching, Question: &question, MyAnswer: &answered, Comments: []wire.Comment{remark},
			PostID: new(postID), Markers: []wire.Marker{marker}, Answers: &answers, Lost: []wire.LostCurve{lost}}, ServerTimeMS: 1772443830000.5},
	"meeting.leave":        struct{}{},
	"meeting.offer":        sdp,
	"meeting.state_update": participant,
	"meeting.call_on":      participant,
	"meeting.settings":     settings,
	"meeting.end":          meeting,
	"playback.command":     wire.PlaybackAck{Timeline: timeline},
	"playback.edit":        wire.PlaylistAck{Playlist: playlist},
	"playback.set_marker":  marker,
	"playback.answer":      answered,
	"playback.comment":     remark,
	"playback.settings":    watching,
	"playback.remote":      watching,
}

var events = map[string]any{
	wire.EventPresenceChanged:    wire.PresenceChanged{UserID: userID, Presence: "offline"},
	wire.EventTyping:             wire.Typing{ChannelID: channelID, UserID: userID},
	wire.EventUserUpdated:        teacher,
	wire.EventChannelCreated:     channel,
	wire.EventChannelUpdated:     wire.ChannelUpdated{ID: channelID, Name: channel.Name, Description: channel.Description, Posting: channel.Posting},
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
	wire.EventMeetingPeople:      wire.MeetingPeople{MeetingID: meetingID, ChannelID: channelID, ParticipantCount: 28},
	wire.EventMeetingEnded:       wire.MeetingEnded{MeetingID: meetingID, ChannelID: channelID, Reason: "ended"},
	wire.EventMeetingOffer:       sdp,
	wire.EventMeetingCandidate:   wire.MeetingCandidate{Target: "subscriber", Candidate: candidate},
	wire.EventMeetingTracks:      wire.Tracks{Tracks: []wire.Track{{MID: "0", ParticipantID: participantID, Source: "camera", Paused: true}}},
	wire.EventMeetingLayers:      wire.Layers{Tracks: []wire.ActiveLayers{{MID: "1", RIDs: []string{"q", "h"}}}, Codecs: []string{"vp8", "h264"}},
	wire.EventMeetingSpeakers:    wire.Speakers{MeetingID: meetingID, RoomID: roomID, ParticipantIDs: []string{participantID}},
	wire.EventMeetingQuality:     wire.MeetingQuality{MeetingID: meetingID, Participants: []wire.ParticipantQuality{{ParticipantID: participantID, Quality: "poor"}}},
	wire.EventMeetingSettings:    wire.MeetingSettingsChanged{MeetingID: meetingID, Settings: settings},
	wire.EventMeetingMuted:       wire.MeetingMuted{MeetingID: meetingID, ByUserID: userID},
	wire.EventMeetingRemoved:     wire.MeetingRemoved{MeetingID: meetingID},
	wire.EventParticipantJoined:  changed,
	wire.EventParticipantUpdated: changed,
	wire.EventParticipantLeft:    wire.ParticipantLeft{MeetingID: meetingID, ParticipantID: participantID, Reason: "left"},
	wire.EventMeetingState:       wire.MeetingStateChanged{MeetingID: meetingID, State: state},
	wire.EventMeetingLobby:       wire.Lobby{MeetingID: meetingID, Waiting: []wire.Waiter{waiter}},
	wire.EventMeetingWaiting:     waiting,
	wire.EventMeetingAdmitted:    admitted,
	wire.EventMeetingDenied:      denied,
	wire.EventMeetingCalled:      wire.MeetingCalled{MeetingID: meetingID, ParticipantID: participantID, ByUserID: userID},
	wire.EventMeetingReaction:    wire.MeetingReaction{MeetingID: meetingID, ParticipantID: participantID, Emoji: "👏"},
	wire.EventMeetingBroadcast:   wire.MeetingAnnouncement{MeetingID: meetingID, By: teacher, Text: "還有五分鐘"},
	wire.EventPlaybackTimeline:   timeline,
	wire.EventPlaybackClass:      wire.PlaybackClass{MeetingID: meetingID, Counts: map[string]int{"in_step": 1}, People: []wire.PlaybackPerson{{ParticipantID: participantID, State: "in_step", ErrMS: -12.5, BufferS: 9.5, RTTMS: 42, Ready: true, Waited: true}}, Ready: 1, Quorum: 1},
	wire.EventPlaybackPlaylist:   playlist,
	wire.EventPlaybackMarkers:    wire.Markers{ChannelID: channelID, Key: item.Key, Markers: []wire.Marker{marker}},
	wire.EventPlaybackQuestion:   question,
	wire.EventPlaybackAnswers:    answers,
	wire.EventPlaybackLost:       lost,
	wire.EventPlaybackSettings:   wire.PlaybackSettingsChanged{MeetingID: meetingID, Settings: watching},
	wire.EventPlaybackRecall:     called,
	wire.EventPlaybackNudge:      called,
	wire.EventStorageQuotaNear:   wire.StorageQuotaNear{UsedBytes: 9_100_000_000, QuotaBytes: 10_000_000_000},
	wire.EventServerRestarting:   wire.ServerRestarting{RetryMS: 3000},
}

// TestGoldenFrames keeps one example of every frame in testdata, which the web app's tests read too.
func TestGoldenFrames(t *testing.T) {
	frames := map[string]any{
		"error": wire.CommandError{Type: "error", ID: "c1", Error: wire.ErrorFrame{Code: "invalid_input", Message: "Some fields need attention.",
			Status: 422, Errors: map[string]string{"item.url": "This is not a link to a YouTube video."}}},
		"error.stale": wire.CommandError{Type: "error", ID: "c1", Error: wire.ErrorFrame{Code: "conflict",
			Message: "Somebody else has changed the playlist meanwhile. Look at it again.", Status: 409, Current: playlist}},
		"error.waiting": wire.CommandError{Type: "error", ID: "c1", Error: wire.ErrorFrame{Code: "waiting", Message: "A teacher will let you in.", Status: 403, Current: waiting}},
		"error.denied": wire.CommandError{Type: "error", ID: "c1", Error: wire.ErrorFrame{Code: "denied",
			Message: "A teacher has not let you in. You can ask again later.", Status: 403, Current: denied}},
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

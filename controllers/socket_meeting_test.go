package controllers_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/sfu"
	"lectern/sfu/sfutest"
	"lectern/ws/wstest"
)

func TestStartingGettingAndEndingAMeeting(t *testing.T) {
	c := newLesson(t)
	path := "/api/v1/channels/" + c.channel.ID + "/meetings"
	watching := c.connect(t, c.student)
	require.Equal(t, http.StatusForbidden, c.student.Do(t, "POST", path, nil).Status)
	require.Equal(t, http.StatusNotFound, c.stranger.Do(t, "POST", path, nil).Status)
	require.Equal(t, http.StatusNotFound, c.owner.Do(t, "POST", "/api/v1/channels/x/meetings", nil).Status)

	var meeting, again wire.Meeting
	c.assistant.Do(t, "POST", path, nil).Want(t, http.StatusCreated).Decode(t, &meeting)
	require.Equal(t, c.assistant.UserID, meeting.Host.ID)
	require.Nil(t, meeting.EndedAt)
	for _, who := range []*testenv.Client{c.owner, c.student} {
		who.Do(t, "POST", path, nil).Want(t, http.StatusOK).Decode(t, &again)
		require.Equal(t, meeting.ID, again.ID)
	}
	watching.Expect(t, wire.EventMeetingStarted, &again)
	require.Equal(t, meeting.ID, again.ID)
	var channel wire.Channel
	c.student.Do(t, "GET", "/api/v1/channels/"+c.channel.ID, nil).Decode(t, &channel)
	require.NotNil(t, channel.ActiveMeeting)

	one := "/api/v1/meetings/" + meeting.ID
	require.Equal(t, http.StatusOK, c.student.Do(t, "GET", one, nil).Status)
	require.Equal(t, http.StatusNotFound, c.stranger.Do(t, "GET", one, nil).Status)
	require.Equal(t, http.StatusNotFound, c.owner.Do(t, "GET", "/api/v1/meetings/"+models.NewID(), nil).Status)
	require.Equal(t, http.StatusForbidden, c.student.Do(t, "POST", one+"/end", nil).Status)
	require.Equal(t, http.StatusNotFound, c.stranger.Do(t, "POST", one+"/end", nil).Status)

	c.owner.Do(t, "POST", one+"/end", nil).Want(t, http.StatusOK).Decode(t, &meeting)
	require.NotNil(t, meeting.EndedAt)
	var ended wire.MeetingEnded
	watching.Expect(t, wire.EventMeetingEnded, &ended)
	require.Equal(t, wire.MeetingEnded{MeetingID: meeting.ID, ChannelID: c.channel.ID, Reason: "ended"}, ended)
	c.owner.Do(t, "POST", one+"/end", nil).Want(t, http.StatusOK)
	require.NotContains(t, wstest.Types(watching.Fence(t)), wire.EventMeetingEnded, "once")
	require.Equal(t, "conflict", watching.CallError(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID}).Code)
	c.owner.Do(t, "POST", path, nil).Want(t, http.StatusCreated)
}

func TestJoiningAndLeaving(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	owner, student := c.connect(t, c.owner), c.connect(t, c.student)
	first := join(t, owner, meeting)
	require.Len(t, first.Participants, 1)
	require.Nil(t, first.Playback)
	require.NotNil(t, first.ICEServers)

	second := join(t, student, meeting)
	require.Len(t, second.Participants, 2)
	var joined wire.ParticipantChanged
	owner.Expect(t, wire.EventParticipantJoined, &joined)
	require.Equal(t, second.ParticipantID, joined.ParticipantID)
	require.Equal(t, "Student", joined.User.Name)
	require.Equal(t, "connected", joined.Connection)
	require.NotContains(t, wstest.Types(student.Fence(t)), wire.EventParticipantJoined, "not of oneself")

	again := join(t, student, meeting)
	require.Equal(t, second.ParticipantID, again.ParticipantID)
	require.NotContains(t, wstest.Types(owner.Fence(t)), wire.EventParticipantJoined)

	student.Call(t, "meeting.leave", nil, nil)
	student.Call(t, "meeting.leave", nil, nil)
	var left wire.ParticipantLeft
	owner.Expect(t, wire.EventParticipantLeft, &left)
	require.Equal(t, wire.ParticipantLeft{MeetingID: meeting.ID, ParticipantID: second.ParticipantID, Reason: "left"}, left)

	join(t, student, meeting)
	owner.Expect(t, wire.EventParticipantJoined, nil)
	student.Close(t, websocket.CloseGoingAway) // a closed tab
	owner.Expect(t, wire.EventParticipantLeft, &left)
	require.Equal(t, "left", left.Reason)

	lost := c.connect(t, c.student)
	place := join(t, lost, meeting)
	owner.Expect(t, wire.EventParticipantJoined, nil)
	lost.Call(t, "meeting.state_update", wire.MeetingStateUpdate{HandRaised: new(true)}, nil)
	lost.Drop() // a lost network
	owner.ExpectWhere(t, wire.EventParticipantUpdated, func(f wstest.Frame) bool {
		return json.Unmarshal(f.Data, &joined) == nil && joined.Connection == "reconnecting"
	})
	back := c.connect(t, c.student)
	var resumed wire.MeetingJoined
	back.Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID, Muted: true, ParticipantID: place.ParticipantID}, &resumed)
	require.Equal(t, place.ParticipantID, resumed.ParticipantID)
	owner.ExpectWhere(t, wire.EventParticipantUpdated, func(f wstest.Frame) bool {
		return json.Unmarshal(f.Data, &joined) == nil && joined.Connection == "connected" && joined.Muted
	})
	require.True(t, joined.HandRaised)
	require.NotContains(t, wstest.Types(owner.Fence(t)), wire.EventParticipantLeft)

	var rows wire.Attendance
	attendance := "/api/v1/meetings/" + meeting.ID + "/attendance"
	c.owner.Do(t, "GET", attendance, nil).Decode(t, &rows)
	require.Len(t, rows.Items, 2)
	require.Len(t, rows.Items[1].Intervals, 1, "the gaps were short")
	require.Nil(t, rows.Items[1].Intervals[0].LeftAt)
	require.Equal(t, meeting.ID, rows.Meeting.ID)
	var own wire.AttendanceRow
	c.student.Do(t, "GET", attendance+"/me", nil).Decode(t, &own)
	require.Equal(t, rows.Items[1].Intervals, own.Intervals)
	table := c.owner.Do(t, "GET", attendance+"?format=csv&tz=Asia/Taipei", nil).Want(t, http.StatusOK)
	require.True(t, strings.HasPrefix(string(table.Body), "\ufeff姓名,學號,首次進入,最後離開,在場分鐘,上課分鐘,出席率（%）,在場時段\nOwner,,"), string(table.Body))
	require.Contains(t, c.owner.Do(t, "GET", attendance+"?format=csv&tz=Atlantis", nil).Problem(t).Errors, "tz")
	require.Equal(t, http.StatusForbidden, c.student.Do(t, "GET", attendance, nil).Status)
	require.Equal(t, http.StatusNotFound, c.stranger.Do(t, "GET", attendance, nil).Status)
	require.Contains(t, c.owner.Do(t, "GET", attendance+"?format=xml", nil).Problem(t).Errors, "format")
}

func TestAFullRoom(t *testing.T) {
	c := newLesson(t, func(cfg *config.Config) { cfg.MeetingMaxParticipants = 1 })
	meeting := c.start(t)
	owner, student := c.connect(t, c.owner), c.connect(t, c.student)
	join(t, owner, meeting)
	require.Equal(t, wire.ErrorFrame{Code: "room_full", Status: 403}, bare(student.CallError(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID})))
	join(t, owner, meeting)
	owner.Call(t, "meeting.leave", nil, nil)
	join(t, student, meeting)
}

// TestWhoMayWhat sends every command that concerns a meeting as a stranger, as a member outside the meeting, as a student in it
// and as a teacher in it.
func TestWhoMayWhat(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	stranger, outside := c.connect(t, c.stranger), c.connect(t, c.classmate)
	student, teacher := c.connect(t, c.student), c.connect(t, c.assistant)
	studentID, _ := join(t, student, meeting).ParticipantID, join(t, teacher, meeting)
	playback := func(op string) wire.PlaybackCommand {
		return wire.PlaybackCommand{MeetingID: meeting.ID, ID: models.NewID(), Op: op, Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://youtu.be/dQw4w9WgXcQ"}}
	}
	const ok = ""
	cases := []struct {
		command                             string
		data                                any
		stranger, outside, student, teacher string // the error's code
	}{
		{"meeting.join", wire.MeetingJoin{MeetingID: meeting.ID}, "waiting", "", ok, ok},
		{"meeting.join", wire.MeetingJoin{MeetingID: "nonsense"}, "not_found", "not_found", "not_found", "not_found"},
		{"meeting.leave", nil, ok, ok, "", ""},
		{"meeting.offer", wire.SDP{SDP: "garbage"}, "conflict", "conflict", "invalid_input", "invalid_input"},
		{"meeting.offer", wire.SDP{}, "conflict", "conflict", "invalid_input", "invalid_input"},
		{"meeting.offer", wire.SDP{SDP: strings.Repeat("x", 201<<10)}, "conflict", "conflict", "invalid_input", "invalid_input"},
		{"meeting.answer", wire.SDP{SDP: "garbage"}, "conflict", "conflict", "invalid_input", "invalid_input"},
		{"meeting.candidate", wire.MeetingCandidate{Target: "nobody"}, "conflict", "conflict", "invalid_input", "invalid_input"},
		{"meeting.candidate", wire.MeetingCandidate{Target: "publisher", Candidate: wire.Candidate{Candidate: "garbage"}}, "conflict", "conflict", "invalid_input", "invalid_input"},
		{"meeting.tracks", wire.MeetingTracksCommand{Tracks: []wire.TrackSource{{MID: "0", Source: "camera"}}}, "conflict", "conflict", ok, ok},
		{"meeting.tracks", wire.MeetingTracksCommand{Tracks: []wire.TrackSource{{MID: "0", Source: "smell"}}}, "conflict", "conflict", "invalid_input", "invalid_input"},
		{"meeting.view", wire.MeetingView{Tiles: []wire.Tile{{ParticipantID: studentID, Source: "camera", Width: 320, Height: 180}}}, "conflict", "conflict", ok, ok},
		{"meeting.view", wire.MeetingView{Tiles: make([]wire.Tile, 101)}, "conflict", "conflict", "invalid_input", "invalid_input"},
		{"meeting.state_update", wire.MeetingStateUpdate{HandRaised: new(true)}, "conflict", "conflict", ok, ok},
		{"meeting.start_screen_share", nil, "conflict", "conflict", ok, ok},
		{"meeting.stop_screen_share", nil, "conflict", "conflict", ok, ok},
		{"meeting.mute", wire.MeetingMute{}, "conflict", "conflict", "forbidden", ok},
		{"meeting.mute", wire.MeetingMute{ParticipantID: "nobody"}, "conflict", "conflict", "forbidden", "not_found"},
		{"meeting.remove", wire.MeetingRemove{ParticipantID: "nobody"}, "conflict", "conflict", "forbidden", "not_found"},
		{"meeting.settings", wire.MeetingSettingsCommand{}, "conflict", "conflict", "forbidden", ok},
		{"playback.command", playback("stop"), "not_found", "forbidden", "forbidden", ok},
		{"playback.command", playback("dance"), "not_found", "forbidden", "forbidden", "invalid_input"},
		{"playback.command", playback("next"), "not_found", "forbidden", "forbidden", "conflict"},
		{"playback.status", wire.PlaybackStatus{State: "in_step"}, "conflict", "conflict", ok, ok},
		{"playback.status", wire.PlaybackStatus{State: "asleep"}, "conflict", "conflict", "invalid_input", "invalid_input"},
		{"meeting.end", nil, "conflict", "conflict", "forbidden", ok},
	}
	for _, tc := range cases {
		t.Run(tc.command, func(t *testing.T) {
			for _, who := range []struct {
				name string
				conn *wstest.Conn
				code string
			}{{"stranger", stranger, tc.stranger}, {"outside", outside, tc.outside}, {"student", student, tc.student}, {"teacher", teacher, tc.teacher}} {
				if who.code == "" && (tc.command == "meeting.leave" && (who.conn == student || who.conn == teacher) || tc.command == "meeting.join" && who.conn == outside) {
					continue // would change who is who
				}
				f := who.conn.Answer(t, who.conn.Send(t, tc.command, tc.data))
				if who.code == ok {
					require.Nil(t, f.Error, who.name)
					continue
				}
				require.NotNil(t, f.Error, who.name)
				require.Equal(t, who.code, f.Error.Code, who.name)
			}
		})
	}
}

func TestTeachersKeepOrder(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	owner, assistant, student := c.connect(t, c.owner), c.connect(t, c.assistant), c.connect(t, c.student)
	ownerID, assistantID, studentID := join(t, owner, meeting).ParticipantID, join(t, assistant, meeting).ParticipantID, join(t, student, meeting).ParticipantID

	assistant.Call(t, "meeting.mute", wire.MeetingMute{}, nil)
	var muted wire.MeetingMuted
	student.Expect(t, wire.EventMeetingMuted, &muted)
	require.Equal(t, c.assistant.UserID, muted.ByUserID)
	require.NotContains(t, wstest.Types(owner.Fence(t)), wire.EventMeetingMuted)
	var me wire.Participant
	student.Call(t, "meeting.state_update", wire.MeetingStateUpdate{Muted: new(false)}, &me)
	require.False(t, me.Muted)

	var settings wire.MeetingSettings
	assistant.Call(t, "meeting.settings", wire.MeetingSettingsCommand{MicrophonesLocked: new(true), ScreenLocked: new(true)}, &settings)
	require.Equal(t, wire.MeetingSettings{MicrophonesLocked: true, ScreenLocked: true}, settings)
	var stored wire.Meeting
	c.student.Do(t, "GET", "/api/v1/meetings/"+meeting.ID, nil).Decode(t, &stored)
	require.Equal(t, settings, stored.Settings)
	require.Equal(t, 3, stored.ParticipantCount)
	student.Expect(t, wire.EventMeetingSettings, nil)
	student.Expect(t, wire.EventMeetingMuted, nil)
	require.Equal(t, "forbidden", student.CallError(t, "meeting.state_update", wire.MeetingStateUpdate{Muted: new(false)}).Code)
	require.Equal(t, "forbidden", student.CallError(t, "meeting.start_screen_share", nil).Code)
	require.True(t, join(t, student, meeting).Participants[2].Muted, "joining cannot pick the lock")
	assistant.Call(t, "meeting.settings", wire.MeetingSettingsCommand{ScreenLocked: new(false)}, nil)

	student.Call(t, "meeting.start_screen_share", nil, &me)
	require.True(t, me.ScreenSharing)
	mate := c.connect(t, c.classmate)
	join(t, mate, meeting)
	e := mate.CallError(t, "meeting.start_screen_share", nil)
	require.Equal(t, "conflict", e.Code)
	require.Contains(t, e.Message, "Student")
	owner.Call(t, "meeting.start_screen_share", nil, nil)
	student.ExpectWhere(t, wire.EventParticipantUpdated, func(f wstest.Frame) bool {
		var p wire.ParticipantChanged
		return json.Unmarshal(f.Data, &p) == nil && p.ParticipantID == studentID && !p.ScreenSharing
	})

	require.Equal(t, "forbidden", assistant.CallError(t, "meeting.remove", wire.MeetingRemove{ParticipantID: ownerID}).Code)
	require.Equal(t, "forbidden", assistant.CallError(t, "meeting.remove", wire.MeetingRemove{ParticipantID: assistantID}).Code)
	assistant.Call(t, "meeting.remove", wire.MeetingRemove{ParticipantID: studentID}, nil)
	student.Expect(t, wire.EventMeetingRemoved, nil)
	var left wire.ParticipantLeft
	owner.Expect(t, wire.EventParticipantLeft, &left)
	require.Equal(t, "removed", left.Reason)
	require.Equal(t, "forbidden", student.CallError(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID}).Code)

	c.owner.Do(t, "DELETE", "/api/v1/channels/"+c.channel.ID+"/members/"+c.classmate.UserID, nil).Want(t, http.StatusNoContent)
	mate.Expect(t, wire.EventMeetingRemoved, nil)
	c.owner.Do(t, "PATCH", "/api/v1/channels/"+c.channel.ID+"/members/"+c.assistant.UserID, wire.UpdateMemberRequest{Role: models.RoleStudent}).Want(t, http.StatusOK)
	require.Equal(t, "forbidden", assistant.CallError(t, "meeting.end", nil).Code)
	owner.Call(t, "meeting.end", nil, nil)
	assistant.Expect(t, wire.EventMeetingEnded, nil)
	require.Equal(t, "conflict", assistant.CallError(t, "meeting.state_update", nil).Code)
}

func TestTheClassWatchesTheSameVideo(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	owner, student := c.connect(t, c.owner), c.connect(t, c.student)
	join(t, owner, meeting)
	join(t, student, meeting)
	load := wire.PlaybackCommand{MeetingID: meeting.ID, ID: models.NewID(), Op: "load", Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://youtu.be/dQw4w9WgXcQ?t=1m30s"}}
	var ack wire.PlaybackAck
	owner.Call(t, "playback.command", load, &ack)
	require.Equal(t, int64(1), ack.Timeline.V)
	require.Equal(t, "dQw4w9WgXcQ", ack.Timeline.Item.VideoID)
	require.Equal(t, 90.0, ack.Timeline.Pos)
	var seen wire.Timeline
	student.Expect(t, wire.EventPlaybackTimeline, &seen)
	require.Equal(t, ack.Timeline, seen)

	play := wire.PlaybackCommand{MeetingID: meeting.ID, ID: models.NewID(), Op: "play"}
	require.Equal(t, "forbidden", student.CallError(t, "playback.command", play).Code)
	owner.Call(t, "playback.command", play, &ack)
	student.Expect(t, wire.EventPlaybackTimeline, &seen)
	require.True(t, seen.Playing)
	require.Equal(t, int64(2), seen.V, "the student changed nothing")
	owner.Call(t, "playback.command", play, &ack) // a retry
	require.Equal(t, seen, ack.Timeline)
	require.NotContains(t, wstest.Types(student.Fence(t)), wire.EventPlaybackTimeline)

	late := c.connect(t, c.classmate)
	require.Equal(t, &seen, join(t, late, meeting).Playback)

	late.Call(t, "playback.status", wire.PlaybackStatus{MeetingID: meeting.ID, V: 2, State: "buffering", RTTMS: 40}, nil)
	var summary wire.PlaybackClass
	owner.Expect(t, wire.EventPlaybackClass, &summary)
	require.Equal(t, map[string]int{"buffering": 1}, summary.Counts)
	require.NotContains(t, wstest.Types(student.Fence(t)), wire.EventPlaybackClass)

	bad := wire.PlaybackCommand{MeetingID: meeting.ID, ID: models.NewID(), Op: "load", Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://evil.example/watch?v=dQw4w9WgXcQ"}}
	require.Contains(t, owner.CallError(t, "playback.command", bad).Errors, "item.url")
	bad.Item = &wire.PlaybackItem{Kind: "file", FileID: models.NewID()}
	require.Equal(t, "not_found", owner.CallError(t, "playback.command", bad).Code)
}

// socketPeer signals for a headless participant through the socket.
type socketPeer struct {
	t    *testing.T
	conn *wstest.Conn
}

func (p socketPeer) call(command string, data, out any) error {
	f := p.conn.Answer(p.t, p.conn.Send(p.t, command, data))
	if f.Error != nil {
		return errors.New(f.Error.Message)
	}
	if out != nil {
		return json.Unmarshal(f.Data, out)
	}
	return nil
}

func (p socketPeer) Offer(_ context.Context, sdp string) (string, error) {
	var answer wire.SDP
	err := p.call("meeting.offer", wire.SDP{SDP: sdp}, &answer)
	return answer.SDP, err
}

func (p socketPeer) Answer(sdp string) error {
	return p.call("meeting.answer", wire.SDP{SDP: sdp}, nil)
}

func (p socketPeer) Candidate(target sfu.Target, c webrtc.ICECandidateInit) error {
	return p.call("meeting.candidate", wire.MeetingCandidate{Target: string(target), Candidate: wire.Candidate(c)}, nil)
}

func (p socketPeer) SetTracks(sources map[string]sfu.Source) error {
	tracks := []wire.TrackSource{}
	for mid, source := range sources {
		tracks = append(tracks, wire.TrackSource{MID: mid, Source: string(source)})
	}
	return p.call("meeting.tracks", wire.MeetingTracksCommand{Tracks: tracks}, nil)
}

func (p socketPeer) SetView(tiles []sfu.Tile) error {
	view := wire.MeetingView{}
	for _, t := range tiles {
		view.Tiles = append(view.Tiles, wire.Tile{ParticipantID: t.ParticipantID, Source: string(t.Source), Width: t.Width, Height: t.Height, Priority: t.Priority})
	}
	return p.call("meeting.view", view, nil)
}

func (p socketPeer) Leave() { _ = p.call("meeting.leave", nil, nil) }

// deliver passes the server's events to a headless participant.
func deliver(conn *wstest.Conn, to sfu.Signals) {
	conn.OnEvent(func(f wstest.Frame) {
		switch f.Type {
		case wire.EventMeetingOffer:
			var offer wire.SDP
			if json.Unmarshal(f.Data, &offer) == nil {
				to.Offer(offer.SDP)
			}
		case wire.EventMeetingCandidate:
			var c wire.MeetingCandidate
			if json.Unmarshal(f.Data, &c) == nil {
				to.Candidate(sfu.Target(c.Target), webrtc.ICECandidateInit(c.Candidate))
			}
		case wire.EventMeetingTracks:
			var list wire.Tracks
			if json.Unmarshal(f.Data, &list) == nil {
				tracks := []sfu.Track{}
				for _, t := range list.Tracks {
					tracks = append(tracks, sfu.Track{MID: t.MID, ParticipantID: t.ParticipantID, Source: sfu.Source(t.Source), Paused: t.Paused})
				}
				to.Tracks(tracks)
			}
		}
	})
}

// enter has somebody meet with media.
func (c *lesson) enter(t *testing.T, who *testenv.Client, meeting wire.Meeting) (peer *sfutest.Peer, conn *wstest.Conn, id string) {
	t.Helper()
	conn = c.connect(t, who)
	peer = sfutest.New(t, who.Name, func(events sfu.Signals) (sfutest.Signaler, error) {
		deliver(conn, events)
		id = join(t, conn, meeting).ParticipantID
		return socketPeer{t, conn}, nil
	})
	return peer, conn, id
}

// TestMediaThroughTheSocket has two headless people meet: real sockets, real peer connections.
func TestMediaThroughTheSocket(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	teacher, teacherConn, teacherID := c.enter(t, c.owner, meeting)
	student, studentConn, studentID := c.enter(t, c.student, meeting)
	teacher.Publish(sfu.Camera)
	teacher.Publish(sfu.Microphone)
	voice := student.Publish(sfu.Microphone)
	student.WaitTrack(teacherID, sfu.Camera).WaitMore(20)
	student.WaitTrack(teacherID, sfu.Microphone).WaitMore(20)
	heard := teacher.WaitTrack(studentID, sfu.Microphone)
	heard.WaitMore(20)

	voice.Speak(true)
	teacherConn.ExpectWhere(t, wire.EventMeetingSpeakers, func(f wstest.Frame) bool {
		var s wire.Speakers
		return json.Unmarshal(f.Data, &s) == nil && slices.Equal(s.ParticipantIDs, []string{studentID})
	})

	student.Vanish() // the media dies, the socket lives
	teacherConn.ExpectWhere(t, wire.EventParticipantUpdated, func(f wstest.Frame) bool {
		var p wire.ParticipantChanged
		return json.Unmarshal(f.Data, &p) == nil && p.ParticipantID == studentID && p.Connection == "reconnecting"
	})
	studentConn.Drop() // now the socket breaks too: it was the program that ended
	var left wire.ParticipantLeft
	teacherConn.Expect(t, wire.EventParticipantLeft, &left)
	require.Equal(t, wire.ParticipantLeft{MeetingID: meeting.ID, ParticipantID: studentID, Reason: "lost"}, left)
}

func TestAnAnswerIsNeverTooMany(t *testing.T) {
	c := newLesson(t, func(cfg *config.Config) {
		cfg.RateLimits, cfg.Rates.Joins = true, config.Rate{PerSecond: 0.001, Burst: 1}
	})
	conn := c.connect(t, c.student)
	join(t, conn, c.start(t))
	require.Equal(t, "rate_limited", conn.CallError(t, "meeting.offer", wire.SDP{SDP: "v=0"}).Code)
	for range 3 {
		require.Equal(t, "invalid_input", conn.CallError(t, "meeting.answer", wire.SDP{SDP: "v=0"}).Code)
	}
}

package controllers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws"
	"lectern/ws/wstest"
)

// lesson is a channel with one person of each kind.
type lesson struct {
	env                                  *testenv.Env
	owner, assistant, student, classmate *testenv.Client
	stranger                             *testenv.Client
	channel                              wire.Channel
}

func newLesson(t *testing.T, opts ...testenv.Option) *lesson {
	t.Helper()
	env := testenv.Start(t, opts...)
	c := &lesson{env: env}
	people := map[string]**testenv.Client{"Owner": &c.owner, "Assistant": &c.assistant, "Student": &c.student, "Classmate": &c.classmate, "Stranger": &c.stranger}
	for name, who := range people {
		*who = env.Register(t, name)
	}
	c.owner.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Decode(t, &c.channel)
	for who, role := range map[*testenv.Client]string{c.assistant: models.RoleAssistant, c.student: models.RoleStudent, c.classmate: models.RoleStudent} {
		c.owner.Do(t, "POST", "/api/v1/channels/"+c.channel.ID+"/members", wire.AddMemberRequest{UserID: who.UserID, Role: role}).Want(t, http.StatusCreated)
	}
	return c
}

func (c *lesson) connect(t *testing.T, who *testenv.Client) *wstest.Conn {
	t.Helper()
	return wstest.Connect(t, c.env.URL, who.Token)
}

func (c *lesson) start(t *testing.T) wire.Meeting {
	t.Helper()
	var m wire.Meeting
	c.owner.Do(t, "POST", "/api/v1/channels/"+c.channel.ID+"/meetings", nil).Decode(t, &m)
	return m
}

func join(t *testing.T, conn *wstest.Conn, meeting wire.Meeting) wire.MeetingJoined {
	t.Helper()
	var joined wire.MeetingJoined
	conn.Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID, Muted: false, VideoOn: true}, &joined)
	return joined
}

func TestSocketAuthentication(t *testing.T) {
	env := testenv.Start(t)
	ada := env.Register(t, "Ada")

	conn := wstest.Dial(t, env.URL, nil)
	var ack wire.AuthAck
	conn.Call(t, "auth", wire.AuthCommand{AccessToken: ada.Token}, &ack)
	require.Equal(t, ada.UserID, ack.UserID)
	require.NotEmpty(t, ack.SessionID)
	require.Equal(t, 5, ack.HeartbeatS)
	require.Greater(t, ack.ServerTimeMS, 1.7e12)
	conn.Call(t, "auth", wire.AuthCommand{AccessToken: ada.Token}, nil) // a fresh token on a living connection

	bob := env.Register(t, "Bob")
	require.Equal(t, "conflict", conn.CallError(t, "auth", wire.AuthCommand{AccessToken: bob.Token}).Code)
	require.Empty(t, conn.Fence(t), "still open")

	for name, data := range map[string]any{"bad token": wire.AuthCommand{AccessToken: "nonsense"}, "empty": wire.AuthCommand{}, "no data": nil} {
		t.Run(name, func(t *testing.T) {
			conn := wstest.Dial(t, env.URL, nil)
			require.Equal(t, wire.ErrorFrame{Code: "unauthenticated", Status: 401}, bare(conn.CallError(t, "auth", data)))
			require.Equal(t, ws.CloseUnauthenticated, conn.Closed(t))
		})
	}
	t.Run("another command first", func(t *testing.T) {
		conn := wstest.Dial(t, env.URL, nil)
		require.Equal(t, "unauthenticated", conn.CallError(t, "typing", nil).Code)
		require.Equal(t, ws.CloseUnauthenticated, conn.Closed(t))
	})
}

// bare leaves the sentences out.
func bare(e wire.ErrorFrame) wire.ErrorFrame {
	e.Message, e.Errors = "", nil
	return e
}

func TestUnknownCommandAndBadShape(t *testing.T) {
	env := testenv.Start(t)
	conn := wstest.Connect(t, env.URL, env.Register(t, "Ada").Token)
	require.Equal(t, wire.ErrorFrame{Code: "unknown_command", Status: 400}, bare(conn.CallError(t, "meeting.dance", nil)))
	e := conn.CallError(t, "typing", map[string]any{"channel_id": 7})
	require.Equal(t, wire.ErrorFrame{Code: "invalid_input", Status: 400}, bare(e))
	require.Contains(t, e.Message, "channel_id")
	require.Equal(t, 400, conn.CallError(t, "typing", []int{1}).Status)
	conn.Call(t, "clock.ping", map[string]any{"t0": 1, "later": true}, nil) // a newer client's field
}

func TestClockPing(t *testing.T) {
	env := testenv.Start(t)
	conn := wstest.Connect(t, env.URL, env.Register(t, "Ada").Token)
	var first, second wire.ClockPong
	conn.Call(t, "clock.ping", wire.ClockPing{T0: 12.5}, &first)
	conn.Call(t, "clock.ping", wire.ClockPing{T0: 13.5}, &second)
	require.Equal(t, 12.5, first.T0)
	require.LessOrEqual(t, first.T1, first.T2)
	require.Less(t, first.T2, second.T1+0.001)
	require.Greater(t, first.T1, 1.7e12)
}

func TestEventsOfAChannelReachItsMembersOnly(t *testing.T) {
	c := newLesson(t)
	student, stranger := c.connect(t, c.student), c.connect(t, c.stranger)
	c.owner.Do(t, "POST", "/api/v1/channels/"+c.channel.ID+"/posts", wire.CreateEntryRequest{Body: "Welcome"}).Want(t, http.StatusCreated)
	var post wire.Post
	student.Expect(t, wire.EventPostCreated, &post)
	require.Equal(t, "Welcome", post.Body)
	require.Empty(t, stranger.Fence(t))

	owner := c.connect(t, c.owner)
	student.Call(t, "typing", wire.TypingCommand{ChannelID: c.channel.ID}, nil)
	student.Call(t, "typing", wire.TypingCommand{ChannelID: c.channel.ID}, nil)
	var typing wire.Typing
	owner.Expect(t, wire.EventTyping, &typing)
	require.Equal(t, wire.Typing{ChannelID: c.channel.ID, UserID: c.student.UserID}, typing)
	require.NotContains(t, wstest.Types(owner.Fence(t)), wire.EventTyping, "throttled")
	require.Equal(t, "not_found", stranger.CallError(t, "typing", wire.TypingCommand{ChannelID: c.channel.ID}).Code)
	require.Equal(t, "not_found", stranger.CallError(t, "typing", wire.TypingCommand{ChannelID: "x"}).Code)

	c.owner.Do(t, "DELETE", "/api/v1/channels/"+c.channel.ID+"/members/"+c.student.UserID, nil).Want(t, http.StatusNoContent)
	student.Fence(t)
	c.owner.Do(t, "POST", "/api/v1/channels/"+c.channel.ID+"/posts", wire.CreateEntryRequest{Body: "Secret"}).Want(t, http.StatusCreated)
	require.Empty(t, student.Fence(t))
}

func TestPresence(t *testing.T) {
	c := newLesson(t)
	owner := c.connect(t, c.owner)
	student := c.connect(t, c.student)
	of := func(state string) {
		owner.ExpectWhere(t, wire.EventPresenceChanged, func(f wstest.Frame) bool {
			var p wire.PresenceChanged
			return json.Unmarshal(f.Data, &p) == nil && p == wire.PresenceChanged{UserID: c.student.UserID, Presence: state}
		})
	}
	of("online")
	student.Close(t, websocket.CloseGoingAway)
	of("offline")
}

func TestAHugeFrameLeavesTheServerRunning(t *testing.T) {
	env := testenv.Start(t)
	ada := env.Register(t, "Ada")
	conn := wstest.Connect(t, env.URL, ada.Token)
	e := conn.CallError(t, "typing", map[string]string{"channel_id": strings.Repeat("x", 70_000)})
	require.Equal(t, wire.ErrorFrame{Code: "too_large", Status: 413}, bare(e))
	conn.SendRaw(t, websocket.TextMessage, fmt.Appendf(nil, `{"type":"typing","id":"%s"}`, strings.Repeat("x", 300<<10)))
	require.Equal(t, websocket.CloseMessageTooBig, conn.Closed(t))
	wstest.Connect(t, env.URL, ada.Token)
}

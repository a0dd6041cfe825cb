package ws_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"lectern/internal/wire"
	"lectern/ws"
	"lectern/ws/wstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo is the smallest owner of a socket: "auth" names the user, "follow" a topic, "clock" answers ahead, the rest is unknown.
type echo struct {
	c      *ws.Client
	ending chan ws.Ending
}

func (e *echo) Command(cmd wire.Command, _ time.Time) {
	var name string
	_ = json.Unmarshal(cmd.Data, &name)
	switch cmd.Type {
	case "auth":
		var auth wire.AuthCommand
		_ = json.Unmarshal(cmd.Data, &auth)
		if err := e.c.Identify(identity(auth.AccessToken)); err != nil {
			e.c.Close(ws.CloseTooMany, err.Error())
			return
		}
		user, _ := identity(auth.AccessToken)
		e.c.Start([]string{"user:" + user, "all"})
		e.c.Ack(cmd.ID, nil)
	case "follow":
		e.c.Follow(name)
		e.c.Ack(cmd.ID, nil)
	case "unfollow":
		e.c.Unfollow(name)
		e.c.Ack(cmd.ID, nil)
	case "away":
		e.c.SetAway(name == "yes")
		e.c.Ack(cmd.ID, nil)
	case "clock":
		e.c.AckUrgent(cmd.ID, func() any { return "now" })
	default:
		e.c.Error(cmd.ID, wire.ErrorFrame{Code: "unknown_command", Status: 400})
	}
}

func (e *echo) Closed(ending ws.Ending) { e.ending <- ending }

// identity reads "user" or "user/session".
func identity(token string) (user, session string) {
	user, session, _ = strings.Cut(token, "/")
	return user, session
}

// serve runs a hub on a free port; the endings of its sockets arrive in the channel.
func serve(t testing.TB, cfg ws.Config) (*ws.Hub, string, <-chan ws.Ending) {
	t.Helper()
	hub := ws.New(cfg)
	endings := make(chan ws.Ending, 2000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = hub.Serve(w, r, func(c *ws.Client) ws.Handler { return &echo{c: c, ending: endings} })
	}))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = hub.Close(ctx)
		server.Close()
	})
	return hub, server.URL, endings
}

func TestEventsReachFollowersInOrder(t *testing.T) {
	hub, url, _ := serve(t, ws.Config{})
	ada, bob := wstest.Connect(t, url, "ada"), wstest.Connect(t, url, "bob")
	ada.Call(t, "follow", "m", nil)
	for i := range 100 {
		hub.Publish("m", "count", i)
	}
	hub.Publish("user:bob", "hello", "bob")
	for i := range 100 {
		var got int
		ada.Expect(t, "count", &got)
		require.Equal(t, i, got)
	}
	require.Equal(t, []string{"hello"}, wstest.Types(bob.Fence(t)))
	ada.Call(t, "unfollow", "m", nil)
	hub.Publish("m", "count", 100)
	require.Empty(t, ada.Fence(t))
}

func TestAChangeForTwoTopicsReachesEachSocketOnce(t *testing.T) {
	hub, url, _ := serve(t, ws.Config{})
	ada, bob := wstest.Connect(t, url, "ada"), wstest.Connect(t, url, "bob")
	hub.Follow("ada", "user:bob") // both
	hub.PublishChangeTo([]string{"user:ada", "user:bob", "user:nobody"}, "conversation:1", 7, "message.created", "hello")
	for _, socket := range []*wstest.Conn{ada, bob} {
		events := socket.Fence(t)
		require.Equal(t, []string{"message.created"}, wstest.Types(events))
		require.Equal(t, "conversation:1", events[0].Scope)
		require.EqualValues(t, 7, events[0].Seq)
	}
}

func TestFollowOfAUserReachesAllSockets(t *testing.T) {
	hub, url, _ := serve(t, ws.Config{})
	one, two := wstest.Connect(t, url, "ada"), wstest.Connect(t, url, "ada")
	hub.Follow("ada", "channel:1")
	hub.Publish("channel:1", "post.created", 1)
	require.Len(t, one.Fence(t), 1)
	require.Len(t, two.Fence(t), 1)
	hub.Unfollow("ada", "channel:1")
	hub.Publish("channel:1", "post.created", 2)
	require.Empty(t, one.Fence(t))
	require.Empty(t, two.Fence(t))
}

func TestDisconnectClosesTheSocketsOfASession(t *testing.T) {
	hub, url, endings := serve(t, ws.Config{})
	phone, laptop, other := wstest.Connect(t, url, "ada/1"), wstest.Connect(t, url, "ada/2"), wstest.Connect(t, url, "bob/1")
	hub.Disconnect("ada", "1")
	require.Equal(t, ws.CloseUnauthenticated, phone.Closed(t))
	require.Equal(t, ws.EndedBySession, <-endings)
	require.Empty(t, laptop.Fence(t))

	laptop.Call(t, "auth", wire.AuthCommand{AccessToken: "ada/3"}, nil) // the window has signed in again
	hub.Disconnect("ada", "2")
	require.Empty(t, laptop.Fence(t))
	hub.Disconnect("ada", "")
	require.Equal(t, ws.CloseUnauthenticated, laptop.Closed(t))
	hub.Disconnect("nobody", "")
	require.Empty(t, other.Fence(t))
}

func TestBroadcastReachesIdentifiedSockets(t *testing.T) {
	hub, url, _ := serve(t, ws.Config{})
	ada := wstest.Connect(t, url, "ada")
	stranger := wstest.Dial(t, url, nil)
	require.Empty(t, stranger.Fence(t))
	hub.Broadcast("server.restarting", wire.ServerRestarting{RetryMS: 5})
	require.Len(t, ada.Fence(t), 1)
	require.Empty(t, stranger.Fence(t))
}

func TestPresenceWithGrace(t *testing.T) {
	changes := make(chan string, 10)
	hub, url, _ := serve(t, ws.Config{OfflineAfter: time.Millisecond, OnPresence: func(id string) { changes <- id }})
	require.False(t, hub.Online("ada"))
	one := wstest.Connect(t, url, "ada")
	require.Equal(t, "ada", <-changes)
	require.True(t, hub.Online("ada"))
	two := wstest.Connect(t, url, "ada")
	one.Drop()
	two.Fence(t)
	require.True(t, hub.Online("ada"))
	two.Drop()
	require.Equal(t, "ada", <-changes)
	require.False(t, hub.Online("ada"))
}

func TestAReloadStaysOnline(t *testing.T) {
	changes := make(chan string, 10)
	hub, url, endings := serve(t, ws.Config{OfflineAfter: time.Hour, OnPresence: func(id string) { changes <- id }})
	wstest.Connect(t, url, "ada").Close(t, websocket.CloseGoingAway)
	require.Equal(t, ws.EndedByPeer, <-endings)
	require.True(t, hub.Online("ada"))
	wstest.Connect(t, url, "ada")
	require.True(t, hub.Online("ada"))
	require.Equal(t, "ada", <-changes)
}

func TestEndings(t *testing.T) {
	_, url, endings := serve(t, ws.Config{})
	for _, code := range []int{websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived} {
		wstest.Connect(t, url, "ada").Close(t, code)
		require.Equal(t, ws.EndedByPeer, <-endings, code)
	}
	wstest.Connect(t, url, "ada").Close(t, 4000)
	require.Equal(t, ws.EndedByError, <-endings)
	wstest.Connect(t, url, "ada").Drop()
	require.Equal(t, ws.EndedByError, <-endings)
}

func TestASilentSocketTimesOut(t *testing.T) {
	// A heartbeat later than the read timeout leaves the peer nothing to answer.
	_, url, endings := serve(t, ws.Config{Heartbeat: time.Hour, ReadTimeout: time.Second})
	silent := wstest.Connect(t, url, "ada")
	require.Equal(t, ws.EndedByTimeout, <-endings)
	require.Equal(t, ws.CloseResync, silent.Closed(t))
}

// TestAPeerThatIsBehindReadsWhyItsSocketEnded: all was sent, it only comes to read it later than it should have answered.
func TestAPeerThatIsBehindReadsWhyItsSocketEnded(t *testing.T) {
	const events = 200
	hub, url, endings := serve(t, ws.Config{Heartbeat: 10 * time.Millisecond, ReadTimeout: 2 * time.Second})
	deaf := dialDeaf(t, url)
	deaf.SetPingHandler(func(string) error { return nil }) // its answer would come too late anyway
	for i := range events {
		hub.Publish("user:deaf", "count", i)
	}
	require.Equal(t, ws.EndedByTimeout, <-endings)
	for range events {
		_, _, err := deaf.ReadMessage()
		require.NoError(t, err)
	}
	_, _, err := deaf.ReadMessage()
	require.True(t, websocket.IsCloseError(err, ws.CloseResync), "%v", err)
}

func TestHeartbeatKeepsASilentSocket(t *testing.T) {
	hub, url, _ := serve(t, ws.Config{Heartbeat: 10 * time.Millisecond, ReadTimeout: 400 * time.Millisecond, AuthTimeout: time.Hour})
	ada := wstest.Connect(t, url, "ada")
	timer := time.NewTimer(time.Second)
	<-timer.C // longer than the read timeout: this is the time under test
	require.Equal(t, 1, hub.Sockets())
	require.Empty(t, ada.Fence(t))
}

func TestAuthenticationTimeout(t *testing.T) {
	_, url, endings := serve(t, ws.Config{AuthTimeout: time.Second})
	require.Equal(t, ws.CloseUnauthenticated, wstest.Dial(t, url, nil).Closed(t))
	require.Equal(t, ws.EndedByServer, <-endings)
	busy := wstest.Dial(t, url, nil)
	busy.Call(t, "follow", "m", nil) // no other command is in the place of it
	require.Equal(t, ws.CloseUnauthenticated, busy.Closed(t))
}

// slowly is a busy server: whatever it is asked takes longer than a peer has to authenticate.
type slowly struct{ echo }

func (s *slowly) Command(cmd wire.Command, received time.Time) {
	<-time.After(1500 * time.Millisecond)
	s.echo.Command(cmd, received)
}

func TestABusyServersTimeIsNotThePeers(t *testing.T) {
	hub := ws.New(ws.Config{AuthTimeout: time.Second})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = hub.Serve(w, r, func(c *ws.Client) ws.Handler { return &slowly{echo{c, make(chan ws.Ending, 1)}} })
	}))
	t.Cleanup(func() { _ = hub.Close(context.Background()); server.Close() })
	ada := wstest.Connect(t, server.URL, "ada")
	require.Empty(t, ada.Fence(t))
}

func TestTooManySockets(t *testing.T) {
	_, url, _ := serve(t, ws.Config{PerUser: 2})
	wstest.Connect(t, url, "ada")
	wstest.Connect(t, url, "ada")
	third := wstest.Dial(t, url, nil)
	third.Send(t, "auth", wire.AuthCommand{AccessToken: "ada"})
	require.Equal(t, ws.CloseTooMany, third.Closed(t))
	wstest.Connect(t, url, "bob")
}

func TestOrigins(t *testing.T) {
	_, url, _ := serve(t, ws.Config{Origins: []string{"class.example.org"}})
	own := strings.TrimPrefix(url, "http://")
	for origin, ok := range map[string]bool{
		"": true, "http://" + own: true, "https://class.example.org": true, "https://CLASS.example.org": true,
		"https://evil.example": false, "null": false, "https://class.example.org.evil.example": false, "http://localhost": false, "%": false,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		conn, res, err := websocket.DefaultDialer.Dial(strings.Replace(url, "http", "ws", 1), header)
		if ok {
			require.NoError(t, err, origin)
			require.NoError(t, conn.Close())
			continue
		}
		require.Error(t, err, origin)
		require.Equal(t, http.StatusForbidden, res.StatusCode, origin)
	}
}

func TestBreaches(t *testing.T) {
	pad := strings.Repeat("x", ws.MaxFrame)
	cases := []struct {
		name   string
		kind   int
		frame  string
		id     string
		code   string
		status int
	}{
		{"not JSON", websocket.TextMessage, `hello`, "", "invalid_input", 400},
		{"not an object", websocket.TextMessage, `[1]`, "", "invalid_input", 400},
		{"null", websocket.TextMessage, ` null`, "", "invalid_input", 400},
		{"not UTF-8", websocket.TextMessage, "{\"type\":\"\xff\"}", "", "invalid_input", 400},
		{"binary", websocket.BinaryMessage, `{"type":"follow","id":"c"}`, "", "invalid_input", 400},
		{"no type", websocket.TextMessage, `{"id":"c"}`, "c", "invalid_input", 400},
		{"type of another kind", websocket.TextMessage, `{"type":7,"id":"c"}`, "c", "invalid_input", 400},
		{"id of another kind", websocket.TextMessage, `{"type":"follow","id":7}`, "", "invalid_input", 400},
		{"too large", websocket.TextMessage, `{"type":"follow","id":"c","data":"` + pad + `"}`, "c", "too_large", 413},
	}
	_, url, _ := serve(t, ws.Config{})
	c := wstest.Connect(t, url, "ada")
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c.SendRaw(t, tc.kind, []byte(tc.frame))
			f := c.Answer(t, tc.id)
			require.NotNil(t, f.Error)
			require.Equal(t, tc.code, f.Error.Code)
			require.Equal(t, tc.status, f.Error.Status)
			require.NotEmpty(t, f.Error.Message)
		})
	}
	require.Empty(t, c.Fence(t), "still open after %d breaches", len(cases))
	c.SendRaw(t, websocket.TextMessage, []byte("tenth"))
	require.Equal(t, ws.CloseProtocol, c.Closed(t))
}

func TestAnSDPFrameMayBeLarge(t *testing.T) {
	_, url, _ := serve(t, ws.Config{})
	c := wstest.Connect(t, url, "ada")
	require.Equal(t, "unknown_command", c.CallError(t, "meeting.offer", strings.Repeat("x", 200<<10)).Code)
	c.SendRaw(t, websocket.TextMessage, []byte(`{"type":"meeting.offer","data":"`+strings.Repeat("x", ws.MaxSDPFrame)+`"}`))
	require.Equal(t, websocket.CloseMessageTooBig, c.Closed(t))
}

func TestWhoSendsTooMuchReadsWhy(t *testing.T) {
	_, url, endings := serve(t, ws.Config{})
	deaf := dialDeaf(t, url)
	require.NoError(t, deaf.WriteMessage(websocket.TextMessage, make([]byte, 2<<20)), "the socket is still open until all has left")
	_, _, err := deaf.ReadMessage()
	require.True(t, websocket.IsCloseError(err, websocket.CloseMessageTooBig), "%v", err)
	require.Equal(t, ws.EndedTooLarge, <-endings)
}

func TestCommandsAreLimited(t *testing.T) {
	_, url, _ := serve(t, ws.Config{RateLimits: true})
	c := wstest.Connect(t, url, "ada")
	ids := []string{}
	for range 300 {
		ids = append(ids, c.Send(t, "follow", "m"))
	}
	refused := 0
	for _, id := range ids {
		if f := c.Answer(t, id); f.Error != nil {
			require.Equal(t, "rate_limited", f.Error.Code)
			refused++
		}
	}
	require.NotZero(t, refused)
	require.LessOrEqual(t, refused, 101)
}

// dialDeaf opens a socket that authenticates and then reads nothing.
func dialDeaf(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial(strings.Replace(url, "http", "ws", 1), nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"auth","id":"a","data":{"access_token":"deaf"}}`)))
	_, _, err = conn.ReadMessage()
	require.NoError(t, err)
	return conn
}

func TestASlowSocketIsToldToResyncAndHurtsNobody(t *testing.T) {
	hub, url, endings := serve(t, ws.Config{Queue: 16})
	ada, deaf := wstest.Connect(t, url, "ada"), dialDeaf(t, url)
	big := strings.Repeat("x", 1<<20) // fills the kernel's buffers soon
	for range 40 {
		hub.Publish("user:deaf", "big", big)
	}
	hub.Publish("all", "small", 1)
	ada.Expect(t, "small", nil)
	for {
		_, _, err := deaf.ReadMessage()
		if err == nil {
			continue
		}
		require.True(t, websocket.IsCloseError(err, ws.CloseResync), "%v", err)
		break
	}
	require.Equal(t, ws.EndedByServer, <-endings)
}

func TestOnlyTheLatestStateWaits(t *testing.T) {
	hub, url, _ := serve(t, ws.Config{Queue: 16})
	deaf := dialDeaf(t, url)
	big := strings.Repeat("x", 1<<20)
	for range 14 { // more than the kernel takes, less than the queue
		hub.Publish("user:deaf", "big", big)
	}
	for i := range 1000 {
		hub.PublishState("user:deaf", "timeline", "state", i)
	}
	last, states := -1, 0
	for last != 999 {
		var f wstest.Frame
		require.NoError(t, deaf.ReadJSON(&f))
		if f.Type == "state" {
			require.NoError(t, json.Unmarshal(f.Data, &last))
			states++
		}
	}
	require.Equal(t, 1, states)
}

func TestAnUrgentAnswerOvertakes(t *testing.T) {
	hub, url, _ := serve(t, ws.Config{})
	deaf := dialDeaf(t, url)
	big := strings.Repeat("x", 1<<20)
	for range 30 {
		hub.Publish("user:deaf", "big", big)
	}
	require.NoError(t, deaf.WriteMessage(websocket.TextMessage, []byte(`{"type":"clock","id":"k"}`)))
	for before := 0; ; before++ {
		var f wstest.Frame
		require.NoError(t, deaf.ReadJSON(&f))
		if f.ID == "k" {
			require.Less(t, before, 30)
			return
		}
	}
}

func TestCloseTellsSocketsAndWaits(t *testing.T) {
	hub, url, _ := serve(t, ws.Config{})
	c := wstest.Connect(t, url, "ada")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	require.NoError(t, hub.Close(ctx))
	require.Equal(t, websocket.CloseServiceRestart, c.Closed(t))
	require.Zero(t, hub.Sockets())
	require.NoError(t, hub.Close(ctx))
	_, _, err := websocket.DefaultDialer.Dial(strings.Replace(url, "http", "ws", 1), nil)
	if err == nil {
		late := wstest.Dial(t, url, nil)
		require.Equal(t, websocket.CloseAbnormalClosure, late.Closed(t))
	}
}

func TestStartLeavesOutWhatWasTakenAway(t *testing.T) {
	hub := ws.New(ws.Config{})
	started := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = hub.Serve(w, r, func(c *ws.Client) ws.Handler { return &lateStarter{echo{c, make(chan ws.Ending, 1)}, hub, started} })
	}))
	defer server.Close()
	c := wstest.Dial(t, server.URL, nil)
	c.Call(t, "auth", nil, nil)
	<-started
	hub.Publish("channel:left", "secret", 1)
	hub.Publish("channel:kept", "public", 1)
	require.Equal(t, []string{"public"}, wstest.Types(c.Fence(t)))
	c.Drop()
	require.NoError(t, hub.Close(context.Background()))
}

// lateStarter loses a channel between Identify and Start, as a member removed at that moment does.
type lateStarter struct {
	echo
	hub     *ws.Hub
	started chan struct{}
}

func (l *lateStarter) Command(cmd wire.Command, received time.Time) {
	if cmd.Type != "auth" {
		l.echo.Command(cmd, received)
		return
	}
	_ = l.c.Identify("ada", "")
	l.hub.Unfollow("ada", "channel:left")
	l.c.Start([]string{"channel:left", "channel:kept"})
	l.c.Ack(cmd.ID, nil)
	close(l.started)
}

func BenchmarkFanOut(b *testing.B) {
	for _, sockets := range []int{1, 1000} {
		b.Run(fmt.Sprint(sockets), func(b *testing.B) {
			hub, url, _ := serve(b, ws.Config{PerUser: sockets, Queue: 4096, Heartbeat: time.Hour, ReadTimeout: time.Hour})
			var sent time.Time
			got := make(chan time.Time, sockets)
			delays := make([]time.Duration, 0, 1<<20)
			for range sockets {
				conn, _, err := websocket.DefaultDialer.Dial(strings.Replace(url, "http", "ws", 1), nil)
				require.NoError(b, err)
				require.NoError(b, conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"auth","data":{"access_token":"ada"}}`)))
				_, _, err = conn.ReadMessage()
				require.NoError(b, err)
				done := make(chan struct{})
				go func() {
					defer close(done)
					buf := make([]byte, 4096)
					for {
						n, err := conn.NetConn().Read(buf)
						if err != nil {
							return
						}
						for _, c := range buf[:n] {
							if c == '#' { // once in each event
								got <- time.Now()
							}
						}
					}
				}()
				b.Cleanup(func() { _ = conn.Close(); <-done })
			}
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				sent = time.Now()
				hub.Publish("all", "count", "#")
				for range sockets {
					if at := <-got; len(delays) < cap(delays) {
						delays = append(delays, at.Sub(sent))
					}
				}
			}
			slices.Sort(delays)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*sockets), "ns/socket")
			b.ReportMetric(float64(delays[len(delays)*99/100].Microseconds()), "p99-µs")
		})
	}
}

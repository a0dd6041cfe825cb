package controllers_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws"
	"lectern/ws/wstest"
)

// eachCalling runs a test on both databases, with people who share a channel.
func eachCalling(t *testing.T, test func(t *testing.T, c *calling), opts ...testenv.Option) {
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		t.Run(kind, func(t *testing.T) {
			if kind == "PostgreSQL" {
				at := testenv.MigratedPostgres(t)
				opts = append(opts[:len(opts):len(opts)], func(c *config.Config) { c.DatabaseURL = at })
			}
			test(t, newCalling(t, opts...))
		})
	}
}

// calling is a running Lectern with people who may call each other.
type calling struct {
	env            *testenv.Env
	ada, bob, cleo *testenv.Client
	stranger       *testenv.Client
}

func newCalling(t *testing.T, opts ...testenv.Option) *calling {
	t.Helper()
	env := testenv.Start(t, opts...)
	c := &calling{env: env, ada: env.Register(t, "Ada"), bob: env.Register(t, "Bob"), cleo: env.Register(t, "Cleo"), stranger: env.Register(t, "Stranger")}
	var channel wire.Channel
	c.ada.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Want(t, http.StatusCreated).Decode(t, &channel)
	for _, who := range []*testenv.Client{c.bob, c.cleo} {
		c.ada.Do(t, "POST", "/api/v1/channels/"+channel.ID+"/members", wire.AddMemberRequest{UserID: who.UserID, Role: models.RoleStudent}).Want(t, http.StatusCreated)
	}
	return c
}

func (c *calling) connect(t *testing.T, who *testenv.Client) *wstest.Conn {
	t.Helper()
	return wstest.Connect(t, c.env.URL, who.Token)
}

// another signs somebody in on another device.
func (c *calling) another(t *testing.T, who *testenv.Client) *testenv.Client {
	t.Helper()
	device := c.env.Anonymous()
	var session wire.Session
	device.Do(t, "POST", "/api/v1/auth/login", wire.LoginRequest{Email: who.Email, Password: testenv.Password}).Want(t, http.StatusOK).Decode(t, &session)
	device.UserID, device.Token, device.Email = who.UserID, session.AccessToken, who.Email
	return device
}

// talk has one socket call another, and forgets the events on the way.
func (c *calling) talk(t *testing.T, from, to *wstest.Conn, callee *testenv.Client) (id string) {
	t.Helper()
	var out, in wire.CallEntered
	from.Call(t, "call.invite", wire.CallInvite{UserID: callee.UserID, Media: "video"}, &out)
	to.Expect(t, wire.EventCallRinging, nil)
	to.Call(t, "call.accept", wire.CallCommand{CallID: out.CallID}, &in)
	from.Expect(t, wire.EventCallAccepted, nil)
	require.NotEqual(t, out.Polite, in.Polite)
	return out.CallID
}

func TestACallThroughSockets(t *testing.T) {
	eachCalling(t, func(t *testing.T, c *calling) {
		ada, bob, phone := c.connect(t, c.ada), c.connect(t, c.bob), c.connect(t, c.another(t, c.bob))
		var out, in wire.CallEntered
		ada.Call(t, "call.invite", wire.CallInvite{UserID: c.bob.UserID, Media: "video", ClientID: models.NewID()}, &out)
		var ringing, changed wire.CallChanged
		for _, device := range []*wstest.Conn{bob, phone} {
			device.Expect(t, wire.EventCallRinging, &ringing)
			require.Equal(t, []string{out.CallID, c.ada.UserID, "Ada"}, []string{ringing.CallID, ringing.Call.Caller.ID, ringing.Call.Caller.Name})
		}
		phone.Call(t, "call.accept", wire.CallCommand{CallID: out.CallID}, &in)
		ada.Expect(t, wire.EventCallAccepted, &changed)
		require.Equal(t, "active", changed.Call.State)
		bob.Expect(t, wire.EventCallTaken, nil)
		refused := bob.CallError(t, "call.accept", wire.CallCommand{CallID: out.CallID})
		require.Equal(t, "conflict", refused.Code)
		require.Equal(t, "active", refused.Current.(map[string]any)["state"])

		offer := wire.CallSignal{CallID: out.CallID, FromUserID: c.stranger.UserID, Peer: "a", Description: &wire.SessionDescription{Type: "offer", SDP: strings.Repeat("v", 150<<10)}}
		ada.Call(t, "call.signal", offer, nil)
		var heard wire.CallSignal
		phone.Expect(t, wire.EventCallSignal, &heard)
		require.Equal(t, c.ada.UserID, heard.FromUserID, "whatever the sender says")
		heard.FromUserID = offer.FromUserID
		require.Equal(t, offer, heard, "unread")

		var active wire.ActiveCalls
		c.bob.Do(t, "GET", "/api/v1/calls/active", nil).Decode(t, &active)
		require.Equal(t, "elsewhere", active.Items[0].Place)
		phone.Call(t, "call.hangup", wire.CallCommand{CallID: out.CallID}, nil)
		ada.Expect(t, wire.EventCallEnded, &changed)
		require.Equal(t, "hangup", changed.Reason)
		phone.Call(t, "call.hangup", wire.CallCommand{CallID: out.CallID}, nil)
		ada.Call(t, "call.cancel", wire.CallCommand{CallID: out.CallID}, nil)
		for _, conn := range []*wstest.Conn{ada, bob, phone} {
			require.NotContains(t, wstest.Types(conn.Fence(t)), wire.EventCallSignal)
		}

		var missed wire.CallEntered
		ada.Call(t, "call.invite", wire.CallInvite{UserID: c.bob.UserID, Media: "audio"}, &missed)
		ada.Call(t, "call.cancel", wire.CallCommand{CallID: missed.CallID}, nil)
		bob.Expect(t, wire.EventCallEnded, &changed)
		require.Equal(t, "cancelled", changed.Reason)
		for path, ids := range map[string][]string{"/calls": {missed.CallID, out.CallID}, "/calls?missed=true": {missed.CallID}, "/calls?limit=1&before=" + missed.CallID: {out.CallID}} {
			var list wire.List[wire.Call]
			c.bob.Do(t, "GET", "/api/v1"+path, nil).Want(t, http.StatusOK).Decode(t, &list)
			found := []string{}
			for _, call := range list.Items {
				found = append(found, call.ID)
			}
			require.Equal(t, ids, found, path)
		}
		var none wire.List[wire.Call]
		c.ada.Do(t, "GET", "/api/v1/calls?missed=true", nil).Decode(t, &none)
		require.Empty(t, none.Items)
		require.Contains(t, c.ada.Do(t, "GET", "/api/v1/calls?missed=perhaps", nil).Want(t, http.StatusUnprocessableEntity).Problem(t).Errors, "missed")
		var export wire.Export
		c.bob.Do(t, "GET", "/api/v1/me/export", nil).Want(t, http.StatusOK).Decode(t, &export)
		require.Len(t, export.Calls, 2)
		c.cleo.Do(t, "GET", "/api/v1/calls/"+out.CallID, nil).Want(t, http.StatusNotFound)
	})
}

func TestARestartOfTheServerDuringACall(t *testing.T) {
	eachCalling(t, func(t *testing.T, c *calling) {
		ada, bob := c.connect(t, c.ada), c.connect(t, c.bob)
		id := c.talk(t, ada, bob, c.bob)
		c.env.Restart(c.ada, c.bob)
		ada, bob = c.connect(t, c.ada), c.connect(t, c.bob)
		var active wire.ActiveCalls
		c.ada.Do(t, "GET", "/api/v1/calls/active", nil).Decode(t, &active)
		require.Equal(t, []string{id, "free"}, []string{active.Items[0].ID, active.Items[0].Place})
		var back wire.CallEntered
		ada.Call(t, "call.resume", wire.CallCommand{CallID: id}, &back)
		require.False(t, back.Polite)
		ada.Call(t, "call.signal", wire.CallSignal{CallID: id, Ready: true, Peer: "a"}, nil)
		bob.Call(t, "call.resume", wire.CallCommand{CallID: id}, &back)
		require.True(t, back.Polite)
		bob.Expect(t, wire.EventCallSignal, nil) // what came before he was back
		bob.Call(t, "call.hangup", wire.CallCommand{CallID: id}, nil)
		ada.Expect(t, wire.EventCallEnded, nil)
	})
}

func TestALostDeviceEndsTheCallForBoth(t *testing.T) {
	c := newCalling(t, func(c *config.Config) { c.CallGrace = time.Second })
	ada, bob := c.connect(t, c.ada), c.connect(t, c.bob)
	for _, lost := range []func(){bob.Drop, func() { bob.Close(t, websocket.CloseGoingAway) }, func() {
		c.bob.Do(t, "POST", "/api/v1/auth/logout", nil).Want(t, http.StatusNoContent)
	}} {
		c.talk(t, ada, bob, c.bob)
		lost()
		ada.Expect(t, wire.EventCallEnded, nil)
		c.bob = c.another(t, c.bob)
		bob = c.connect(t, c.bob)
	}
}

func TestAnAccountThatIsClosedLeavesItsCall(t *testing.T) {
	c := newCalling(t) // Ada's is the first account: an administrator's
	bob, cleo := c.connect(t, c.bob), c.connect(t, c.cleo)
	c.talk(t, bob, cleo, c.cleo)
	c.ada.Do(t, "PATCH", "/api/v1/admin/users/"+c.cleo.UserID, wire.UpdateUserRequest{Disabled: new(true)}).Want(t, http.StatusOK)
	var ended wire.CallChanged
	bob.Expect(t, wire.EventCallEnded, &ended)
	require.Equal(t, "hangup", ended.Reason)
	require.Equal(t, ws.CloseUnauthenticated, cleo.Closed(t))
	require.Equal(t, "conflict", bob.CallError(t, "call.invite", wire.CallInvite{UserID: c.cleo.UserID, Media: "audio"}).Code)
}

func TestCallsHaveRates(t *testing.T) {
	c := newCalling(t, func(c *config.Config) { c.RateLimits = true })
	ada := c.connect(t, c.ada)
	for i := range 6 {
		var out wire.CallEntered
		frame := ada.Answer(t, ada.Send(t, "call.invite", wire.CallInvite{UserID: c.bob.UserID, Media: "audio"}))
		if i >= 4 {
			require.Equal(t, "rate_limited", frame.Error.Code)
			continue
		}
		require.Nil(t, frame.Error)
		require.NoError(t, json.Unmarshal(frame.Data, &out))
		ada.Call(t, "call.cancel", wire.CallCommand{CallID: out.CallID}, nil)
	}
}

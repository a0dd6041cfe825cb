package ws_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/ws"
	"lectern/ws/wstest"
)

func TestAUserIsActiveWhoIsAtOneDevice(t *testing.T) {
	changed := make(chan string, 100)
	hub, url, _ := serve(t, ws.Config{OfflineAfter: time.Millisecond, OnPresence: func(userID string) { changed <- userID }})
	expect := func(online, active bool) {
		t.Helper()
		require.Equal(t, "ada", <-changed)
		require.Equal(t, online, hub.Online("ada"))
		require.Equal(t, active, hub.Active("ada"))
	}
	require.False(t, hub.SetPresence("ada", "online"))
	laptop := wstest.Connect(t, url, "ada")
	expect(true, true)
	phone := wstest.Connect(t, url, "ada")
	laptop.Call(t, "away", "yes", nil)
	require.Empty(t, changed, "the phone is active")
	phone.Call(t, "away", "yes", nil)
	expect(true, false)
	phone.Call(t, "away", "no", nil)
	expect(true, true)

	require.True(t, hub.SetPresence("ada", "online"))
	require.False(t, hub.SetPresence("ada", "online"))
	require.Equal(t, "online", hub.Presence("ada"))
	phone.Drop()
	expect(true, false)
	laptop.Drop()
	expect(false, false)
	require.Empty(t, hub.Presence("ada"))
}

func TestAStateForManyTopicsReachesEachSocketOnce(t *testing.T) {
	hub, url, _ := serve(t, ws.Config{})
	ada, bob := wstest.Connect(t, url, "ada"), wstest.Connect(t, url, "bob")
	var topics []string
	for i := range 10 {
		topics = append(topics, fmt.Sprint("m", i))
		hub.Follow("ada", topics[i])
	}
	hub.Follow("bob", "m7")
	hub.PublishStateTo(topics, "presence cleo", "presence.changed", "here")
	require.Equal(t, []string{"presence.changed"}, wstest.Types(ada.Fence(t)))
	require.Equal(t, []string{"presence.changed"}, wstest.Types(bob.Fence(t)))
}

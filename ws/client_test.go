package ws_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"lectern/ws"
	"lectern/ws/wstest"
)

func TestASocketThatCatchesUpIsNotCalledSilent(t *testing.T) {
	const patience = 3 * time.Second
	hub, url, _ := serve(t, ws.Config{Queue: 64, ReadTimeout: patience, WriteTimeout: time.Minute})
	deaf := dialDeaf(t, url)
	big := strings.Repeat("x", 1<<20)
	ask := func(id string) {
		require.NoError(t, deaf.WriteMessage(websocket.TextMessage, []byte(`{"type":"clock","id":"`+id+`"}`)))
	}
	for i := range 60 { // the kernel takes a few; more than half of the queue is left
		hub.Publish("user:deaf", "big", big)
		if i%10 == 9 { // filling the queue may itself take long; after the last one the reader waits until the queue has eased
			ask("before")
		}
	}
	timer := time.NewTimer(patience + patience/4)
	<-timer.C // longer than the read timeout: this is the time under test
	ask("meanwhile")
	for {
		_, b, err := deaf.ReadMessage()
		require.NoError(t, err)
		var f wstest.Frame
		require.NoError(t, json.Unmarshal(b, &f))
		if f.ID == "meanwhile" {
			return
		}
	}
}

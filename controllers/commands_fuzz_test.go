package controllers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"lectern/controllers"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/ws/wstest"
)

// FuzzCommands sends any data with any command, as a teacher who is in a meeting of a running Lectern. Each gets an answer,
// and none is an internal error.
func FuzzCommands(f *testing.F) {
	names := append(controllers.CommandNames(), "auth")
	examples, err := filepath.Glob("../ws/testdata/command.*.json")
	require.NoError(f, err)
	for _, path := range examples {
		raw, err := os.ReadFile(path)
		require.NoError(f, err)
		var example wire.Command
		require.NoError(f, json.Unmarshal(raw, &example))
		f.Add(byte(slices.Index(names, example.Type)), []byte(example.Data))
	}
	for i := range names {
		for _, data := range []string{`null`, `{}`, `[]`, `7`, `{"meeting_id":7,"channel_id":[],"sdp":{},"tiles":null,"tracks":[{}]}`} {
			f.Add(byte(i), []byte(data))
		}
	}
	env := testenv.Start(f)
	teacher := env.Register(f, "Teacher")
	var channel wire.Channel
	teacher.Do(f, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Want(f, http.StatusCreated).Decode(f, &channel)
	f.Fuzz(func(t *testing.T, command byte, data []byte) {
		if !utf8.Valid(data) || !json.Valid(data) || len(data) > 60<<10 {
			return // FuzzParseCommand has these
		}
		var meeting wire.Meeting
		teacher.Do(t, "POST", "/api/v1/channels/"+channel.ID+"/meetings", nil).Decode(t, &meeting)
		conn := wstest.Connect(t, env.URL, teacher.Token)
		conn.Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID}, nil)
		name := names[int(command)%len(names)]
		conn.SendRaw(t, websocket.TextMessage, fmt.Appendf(nil, `{"type":%q,"id":"fuzz","data":%s}`, name, data))
		if answer := conn.Answer(t, "fuzz"); answer.Error != nil {
			require.NotEqual(t, http.StatusInternalServerError, answer.Error.Status, "%s %s", name, data)
			require.NotEmpty(t, answer.Error.Message)
		}
		conn.Call(t, "meeting.leave", nil, nil) // or the place would be kept for 30 s
		conn.Drop()
	})
}

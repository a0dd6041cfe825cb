package ws_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"lectern/ws"
)

func FuzzParseCommand(f *testing.F) {
	for _, seed := range []string{
		`{"type":"auth","id":"c1","data":{"access_token":"x"}}`, `{"type":"clock.ping","data":{"t0":1.5}}`, `{"id":7}`,
		`{"type":null}`, `null`, `[]`, ` {"type":"a","id":"b","data":null} `, `{"type":"a","type":7}`, "{\"type\":\"\xff\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		cmd, err := ws.ParseCommand(frame)
		if len(cmd.ID) > 64 || len(cmd.Type) > 64 {
			t.Fatalf("kept an over-long id or type: %q", frame)
		}
		if err != nil {
			return
		}
		if cmd.Type == "" || !utf8.ValidString(cmd.Type) || len(cmd.Data) > 0 && !json.Valid(cmd.Data) {
			t.Fatalf("accepted %q as %+v", frame, cmd)
		}
	})
}

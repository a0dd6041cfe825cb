package services

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/models"
)

func TestLengthAndKindOfSound(t *testing.T) {
	for name, want := range map[string]struct {
		kind    string
		seconds float64 // 0: not known
	}{
		"note.webm":      {"audio/webm", 2.5},
		"recorded.webm":  {"audio/webm", 2.5}, // as browsers record: no length at its head
		"note.ogg":       {"audio/ogg", 2.5},
		"note.mp4":       {"audio/mp4", 2.5},
		"fragments.mp4":  {"audio/mp4", 0},
		"pictures.webm":  {"video/webm", 1},
		"nothing.webm":   {"text/plain; charset=utf-8", 0},
		"beginning.webm": {"video/webm", 0},
	} {
		raw, err := os.ReadFile(filepath.Join("testdata", "sound", name))
		switch name {
		case "nothing.webm":
			raw, err = []byte("nothing"), nil
		case "beginning.webm":
			raw, err = []byte("\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\xF7\x81\x01\x42\xF2\x81\x04\x42\xF3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04\x42\x85\x81\x02"), nil
		}
		require.NoError(t, err)
		file, err := os.CreateTemp(t.TempDir(), "")
		require.NoError(t, err)
		_, err = file.Write(raw)
		require.NoError(t, err)
		up, row := &upload{file: file, size: int64(len(raw))}, models.File{}
		require.NoError(t, up.inspect(&row))
		require.NoError(t, file.Close())
		require.Equal(t, want.kind, row.ContentType, name)
		if want.seconds == 0 {
			require.Nil(t, row.Duration, name)
			continue
		}
		require.NotNil(t, row.Duration, name)
		require.InDelta(t, want.seconds, *row.Duration, 0.1, name)
	}
}

func FuzzSound(f *testing.F) {
	for _, name := range []string{"note.webm", "recorded.webm", "note.ogg", "fragments.mp4"} {
		raw, err := os.ReadFile(filepath.Join("testdata", "sound", name))
		require.NoError(f, err)
		f.Add(raw[:min(len(raw), 4096)])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, seconds := inspectWebM(bytes.NewReader(raw)); seconds < 0 || seconds > maxPos {
			t.Fatal(seconds)
		}
		if seconds := opusDuration(bytes.NewReader(raw), int64(len(raw))); seconds != nil && (*seconds <= 0 || *seconds > maxPos) {
			t.Fatal(*seconds)
		}
		hasPictures(bytes.NewReader(raw))
	})
}

package sfu_test

import (
	"bytes"
	"log/slog"
	"sync"
	"testing"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// book is a log that may be written by many and is read at the end.
type book struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (b *book) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lines.Write(line)
}

func TestWhoHungUpGetsNoMoreOffers(t *testing.T) {
	var log book
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		t.Fatal(err)
	}
	ann, bob, eve := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob"), sfutest.Join(t, s, "room", "eve")
	ann.Publish(sfu.Camera)
	bob.Publish(sfu.Camera)
	bob.WaitTrack("ann", sfu.Camera).WaitMore(5)
	bob.Vanish()
	bob.WaitMedia(false)
	for _, source := range []sfu.Source{sfu.Screen, sfu.Microphone} {
		published := ann.Publish(source)
		eve.WaitTrack("ann", source).WaitMore(1)
		published.Stop()
	}
	ann.Leave()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if log.lines.Len() > 0 {
		t.Errorf("%s", log.lines.String())
	}
}

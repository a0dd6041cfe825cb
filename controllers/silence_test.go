package controllers_test

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// metric reads a counter of the running server.
func metric(t *testing.T, c *testenv.Client, name string) float64 {
	t.Helper()
	page := c.Do(t, "GET", "/metrics", nil).Want(t, http.StatusOK)
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(page.Body)
	require.NotNil(t, found, name)
	value, err := strconv.ParseFloat(string(found[1]), 64)
	require.NoError(t, err)
	return value
}

// TestWhatIsSwitchedOffStopsAtTheServer although the client goes on sending: by oneself, by a teacher, by a lock.
func TestWhatIsSwitchedOffStopsAtTheServer(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	teacherConn, studentConn := c.connect(t, c.owner), c.connect(t, c.student)
	teacher := sfutest.New(t, "teacher", func(events sfu.Signals) (sfutest.Signaler, error) {
		deliver(teacherConn, events)
		join(t, teacherConn, meeting)
		return socketPeer{t, teacherConn}, nil
	})
	var id string
	student := sfutest.New(t, "student", func(events sfu.Signals) (sfutest.Signaler, error) {
		deliver(studentConn, events)
		id = join(t, studentConn, meeting).ParticipantID
		return socketPeer{t, studentConn}, nil
	})
	update := func(u wire.MeetingStateUpdate) func() {
		return func() { studentConn.Call(t, "meeting.state_update", u, nil) }
	}
	settings := func(s wire.MeetingSettingsCommand) func() {
		return func() { teacherConn.Call(t, "meeting.settings", s, nil) }
	}
	on := func() {
		settings(wire.MeetingSettingsCommand{MicrophonesLocked: new(false), CamerasLocked: new(false)})()
		update(wire.MeetingStateUpdate{Muted: new(false), VideoOn: new(true)})()
	}
	on()
	published := map[sfu.Source]*sfutest.Publication{}
	for name, s := range map[string]struct {
		source sfu.Source
		off    func()
	}{
		"muted by oneself":           {sfu.Microphone, update(wire.MeetingStateUpdate{Muted: new(true)})},
		"muted by a teacher":         {sfu.Microphone, func() { teacherConn.Call(t, "meeting.mute", wire.MeetingMute{ParticipantID: id}, nil) }},
		"microphones locked":         {sfu.Microphone, settings(wire.MeetingSettingsCommand{MicrophonesLocked: new(true)})},
		"camera off":                 {sfu.Camera, update(wire.MeetingStateUpdate{VideoOn: new(false)})},
		"cameras locked":             {sfu.Camera, settings(wire.MeetingSettingsCommand{CamerasLocked: new(true)})},
		"a screen that is not named": {sfu.Screen, func() {}},
	} {
		on()
		if published[s.source] == nil {
			published[s.source] = student.Publish(s.source)
		}
		sender := published[s.source]
		var received *sfutest.Received
		if s.source != sfu.Screen {
			received = teacher.WaitTrack(id, s.source)
			received.WaitMore(3)
		}
		s.off()
		stopped := metric(t, c.owner, "lectern_sfu_packets_stopped_total")
		count := 0
		if received != nil {
			count = received.Packets()
		}
		sent := sender.Sent()
		await(t, name+": packets stopped", func() bool {
			return sender.Sent() > sent+20 && metric(t, c.owner, "lectern_sfu_packets_stopped_total") > stopped+10
		})
		if received != nil {
			require.LessOrEqual(t, received.Packets()-count, 6, "%s: only what was on its way", name)
		}
	}
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), sfutest.Patience)
	defer cancel()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			require.FailNow(t, "waited in vain for "+what)
		case <-ticker.C:
		}
	}
}

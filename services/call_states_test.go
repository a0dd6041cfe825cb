package services

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryEventInEveryState is the whole state machine of a call, written a second time.
func TestEveryEventInEveryState(t *testing.T) {
	const stays, taken, over = "stays", "409 taken", "409 over"
	table := []struct {
		event                  callEvent
		ringing, active, ended string
		missed                 bool // when it ends the ringing
	}{
		{callAccepts, "active", taken, over, false},
		{callDeclines, "declined", taken, stays, false},
		{callSaysBusy, "busy", taken, stays, false},
		{callCallerEnds, "cancelled", "hangup", stays, true},
		{callCalleeEnds, "declined", "hangup", stays, false},
		{callFails, "cancelled", "failed", stays, true},
		{callRingsOut, "no_answer", stays, stays, true},
		{callRingsBusy, "busy", stays, stays, true},
		{callRingsNobody, "offline", stays, stays, true},
		{callLoses, "cancelled", "lost", stays, true},
		{callLeaves, "cancelled", "hangup", stays, true},
	}
	told := func(state string, event callEvent) (string, bool) {
		step, known := callSteps[state][event]
		require.True(t, known, "%s: %s", state, event)
		switch {
		case step.refuse == callTaken:
			return taken, step.missed
		case step.refuse == callOver:
			return over, step.missed
		case step.to == state:
			return stays, step.missed
		case step.to == callEnded:
			return step.reason, step.missed
		}
		return step.to, step.missed
	}
	for _, row := range table {
		for state, want := range map[string]string{callRinging: row.ringing, callActive: row.active, callEnded: row.ended} {
			got, missed := told(state, row.event)
			require.Equal(t, want, got, "%s: %s", state, row.event)
			require.Equal(t, row.missed && state == callRinging, missed, "%s: %s", state, row.event)
		}
	}
	for state, steps := range callSteps {
		require.Len(t, steps, len(table), state)
	}
}

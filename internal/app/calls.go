package app

import (
	"context"

	"lectern/internal/wire"
	"lectern/services"
)

// One caller rings the same person so often: four times at once, then every 15 s.
const (
	pairPerSecond = 1.0 / 15
	pairBurst     = 4
)

// openCalls takes up the calls that an earlier run left open.
func (a *App) openCalls(ice *services.ICE, presence *services.Presence, talks services.Talks, pushes *services.Pushes) error {
	clock := services.SystemClock{}
	rates := services.CallRates{}
	if a.cfg.RateLimits {
		rates.Invites = services.NewRateLimit(a.cfg.Rates.Calls.PerSecond, a.cfg.Rates.Calls.Burst, clock)
		rates.Pairs = services.NewRateLimit(pairPerSecond, pairBurst, clock)
	}
	a.calls = services.NewCalls(services.CallsOptions{
		Store: a.store, Publisher: a.hub, Talks: talks, Clock: clock, Log: a.logOf("calls"),
		ICEServers: func(userID string) []wire.ICEServer { return ice.Servers(userID).ICEServers },
		InMeeting:  a.meetings.Busy, Changed: presence.Changed, Alert: pushes.Ring,
		Ringing: a.cfg.CallRinging, Grace: a.cfg.CallGrace, Rates: rates, Ended: a.metrics.callEnded,
	})
	return a.calls.Restore(context.Background())
}

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
func (g *graph) openCalls() error {
	d := &g.deps
	rates := services.CallRates{}
	if g.cfg.RateLimits {
		rates.Invites = services.NewRateLimit(g.cfg.Rates.Calls.PerSecond, g.cfg.Rates.Calls.Burst, g.clock)
		rates.Pairs = services.NewRateLimit(pairPerSecond, pairBurst, g.clock)
	}
	g.calls = services.NewCalls(services.CallsOptions{
		Store: g.store, Publisher: g.hub, Talks: d.Messages, Clock: g.clock, Log: g.logOf("calls"),
		ICEServers: func(userID string) []wire.ICEServer { return d.ICE.Servers(userID).ICEServers },
		InMeeting:  g.meetings.Busy, Changed: d.Presence.Changed, Alert: d.Pushes.Ring,
		Ringing: g.cfg.CallRinging, Grace: g.cfg.CallGrace, Rates: rates, Ended: g.metrics.callEnded,
	})
	return g.calls.Restore(context.Background())
}

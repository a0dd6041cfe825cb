package services

import (
	"math"
	"time"

	"lectern/internal/wire"
)

// ServerClock is the clock of sync.md that every client measures: milliseconds since 1970 by the wall clock at the start,
// then monotonic. Epoch names this run of the program.
type ServerClock struct {
	clock Clock
	start time.Time
}

// NewServerClock starts an epoch.
func NewServerClock(clock Clock) *ServerClock { return &ServerClock{clock: clock, start: clock.Now()} }

// Epoch is the start of this run in milliseconds.
func (c *ServerClock) Epoch() int64 { return c.start.UnixMilli() }

// NowMS is the time in milliseconds, with fractions.
func (c *ServerClock) NowMS() float64 { return c.MS(c.clock.Now()) }

// MS converts an instant of this process.
func (c *ServerClock) MS(t time.Time) float64 {
	return float64(c.start.UnixMicro())/1e3 + float64(t.Sub(c.start))/float64(time.Millisecond)
}

// Limits of a timeline.
const (
	minRate = 0.25
	maxRate = 2
	maxPos  = 7 * 24 * 3600 // seconds
)

// timeline is wire.Timeline with its rules. Each method returns the timeline after a change, with the next version, or the
// same one when there is nothing to change; none of them knows roles, storage or the time.
type timeline wire.Timeline

// position is where playback stands at a server time, in seconds.
func (t timeline) position(nowMS float64) float64 {
	if !t.Playing {
		return t.Pos
	}
	return t.Pos + max(0, nowMS-t.At)/1000*t.Rate
}

func (t timeline) next() timeline {
	t.V++
	return t
}

// load puts an item in place, paused.
func (t timeline) load(item wire.PlaybackItem, pos *float64, nowMS float64) timeline {
	t = t.next()
	t.Item, t.Playing, t.Pos, t.Rate, t.At = &item, false, item.Start, 1, nowMS
	if pos != nil {
		t.Pos = clampPos(*pos)
	}
	return t
}

// play starts at startMS, a little in the future, so that the command reaches everyone before.
func (t timeline) play(pos *float64, nowMS, startMS float64) timeline {
	if t.Playing && pos == nil {
		return t
	}
	t.Pos = clampPos(t.position(nowMS))
	if pos != nil {
		t.Pos = clampPos(*pos)
	}
	t.Playing, t.At = true, startMS
	return t.next()
}

// pause stops at once.
func (t timeline) pause(pos *float64, nowMS float64) timeline {
	if !t.Playing && pos == nil {
		return t
	}
	t.Pos = clampPos(t.position(nowMS))
	if pos != nil {
		t.Pos = clampPos(*pos)
	}
	t.Playing, t.At = false, nowMS
	return t.next()
}

// seek jumps, and goes on at startMS if it was playing.
func (t timeline) seek(pos, startMS float64) timeline {
	t.Pos, t.At = clampPos(pos), startMS
	return t.next()
}

// setRate changes the speed at once; a start that is still to come keeps its time.
func (t timeline) setRate(rate, nowMS float64) timeline {
	t.Pos, t.At = clampPos(t.position(nowMS)), max(t.At, nowMS)
	t.Rate = rate
	return t.next()
}

// stop takes the item away.
func (t timeline) stop(nowMS float64) timeline {
	if t.Item == nil {
		return t
	}
	t.Item, t.Playing, t.Pos, t.Rate, t.At = nil, false, 0, 1, nowMS
	return t.next()
}

func clampPos(pos float64) float64 {
	if math.IsNaN(pos) {
		return 0
	}
	return min(max(pos, 0), maxPos)
}

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

// readyWithin is how long a start waits for the class, in milliseconds.
const readyWithin = 3000

// timeline is wire.Timeline with its rules. Each method returns the timeline after a change, with the next version, or the
// same one when there is nothing to change; none of them knows roles, storage or the time.
type timeline wire.Timeline

// position is where playback stands at a server time, in seconds.
func (t timeline) position(nowMS float64) float64 {
	if !t.Playing {
		return t.Pos
	}
	pos := t.Pos + max(0, nowMS-t.At)/1000*t.Rate
	if t.Until != nil {
		pos = min(pos, max(t.Pos, *t.Until))
	}
	return pos
}

// key names the item's content, "" without one.
func (t timeline) key() string {
	if t.Item == nil {
		return ""
	}
	return t.Item.Key
}

// running tells whether it plays or is about to.
func (t timeline) running() bool { return t.Playing || t.StartBy != nil }

func (t timeline) next() timeline {
	t.V++
	return t
}

// load puts an item in place, paused.
func (t timeline) load(item wire.PlaybackItem, entryID string, pos *float64, nowMS float64) timeline {
	t = t.next()
	t.Item, t.EntryID, t.Playing, t.Rate, t.At, t.StartBy = &item, entryID, false, 1, nowMS, nil
	t.Pos = t.within(item.Start)
	if pos != nil {
		t.Pos = t.within(*pos)
	}
	return t
}

// play starts at startMS, a little in the future, so that the command reaches everyone before. At the end of the item it
// starts from the beginning.
func (t timeline) play(pos *float64, nowMS, startMS float64) timeline {
	if t.Playing && pos == nil {
		return t
	}
	t.Pos = t.startingAt(pos, nowMS)
	t.Playing, t.At, t.StartBy = true, startMS, nil
	return t.next()
}

// await is play once the class is ready, within readyWithin.
func (t timeline) await(pos *float64, nowMS float64) timeline {
	t.Pos = t.startingAt(pos, nowMS)
	t.Playing, t.At, t.StartBy = false, nowMS, new(nowMS+readyWithin)
	return t.next()
}

func (t timeline) startingAt(pos *float64, nowMS float64) float64 {
	if pos != nil {
		return t.within(*pos)
	}
	at := t.within(t.position(nowMS))
	if length := t.length(); length > 0 && at >= length {
		return 0
	}
	return at
}

// pause stops at once.
func (t timeline) pause(pos *float64, nowMS float64) timeline {
	if !t.running() && pos == nil {
		return t
	}
	t.Pos = t.within(t.position(nowMS))
	if pos != nil {
		t.Pos = t.within(*pos)
	}
	t.Playing, t.At, t.StartBy = false, nowMS, nil
	return t.next()
}

// seek jumps, and goes on at startMS if it was playing.
func (t timeline) seek(pos, startMS float64) timeline {
	t.Pos, t.At = t.within(pos), startMS
	return t.next()
}

// setRate changes the speed at once; a start that is still to come keeps its time.
func (t timeline) setRate(rate, nowMS float64) timeline {
	t.Pos, t.At = t.within(t.position(nowMS)), max(t.At, nowMS)
	t.Rate = rate
	return t.next()
}

// stop takes the item away.
func (t timeline) stop(nowMS float64) timeline {
	if t.Item == nil {
		return t
	}
	t.Item, t.EntryID, t.Playing, t.Pos, t.Rate, t.At, t.StartBy = nil, "", false, 0, 1, nowMS, nil
	return t.next()
}

// bounded has Until where the next stop-point after from is, or the end of the item; stops are in order.
func (t timeline) bounded(stops []float64, from float64) timeline {
	t.Until = nil
	if !t.Playing {
		return t
	}
	length := t.length()
	for _, stop := range stops {
		if stop > from && (length == 0 || stop < length) {
			t.Until = &stop
			return t
		}
	}
	if length > 0 {
		t.Until = &length
	}
	return t
}

// dueMS is when Until is reached; ok is false when nothing stops it.
func (t timeline) dueMS() (at float64, ok bool) {
	if !t.Playing || t.Until == nil {
		return 0, false
	}
	return t.At + max(0, *t.Until-t.Pos)/t.Rate*1000, true
}

// length of the item in seconds, 0 when it is not known.
func (t timeline) length() float64 {
	if t.Item == nil {
		return 0
	}
	return t.Item.Duration
}

// within keeps a position between the item's beginning and end.
func (t timeline) within(pos float64) float64 {
	pos = clampPos(pos)
	if length := t.length(); length > 0 {
		pos = min(pos, length)
	}
	return pos
}

func clampPos(pos float64) float64 {
	if math.IsNaN(pos) {
		return 0
	}
	return min(max(pos, 0), maxPos)
}

package services

import (
	"math"
	"slices"
	"strings"
	"time"

	"lectern/internal/wire"
)

// followStates are the words in which a player says how it follows.
var followStates = []string{"in_step", "catching_up", "buffering", "ad", "needs_tap", "error", "free", "hidden"}

// statusEvery is the least time between two statuses of the same state that count.
const statusEvery = 1900 * time.Millisecond

// The lead of a start, in milliseconds: long enough for the command to reach nearly everyone before.
const (
	leadMargin = 100
	minLead    = 250
	maxLead    = 600
)

// A class is ready when at least readyOf of those waited for are, in tenths. Nobody is waited for who has held up or stalled
// maxStrikes times within strikeLife.
const (
	readyTenths = 8
	maxStrikes  = 3
	strikeLife  = 2 * time.Minute
)

// settled is how long a class must have played undisturbed before a player that buffers counts as stalling, in milliseconds.
const settled = 3000

// class is how the participants of one meeting follow.
type class struct{ people map[string]follower }

type follower struct {
	wire.PlaybackStatus
	at      time.Time
	strikes []time.Time // the newest, at most maxStrikes
}

func newClass() class { return class{people: map[string]follower{}} }

// keep takes a status unless it comes too soon and says nothing new. stalls: a player that buffers now has stalled.
func (c *class) keep(participantID string, s wire.PlaybackStatus, stalls bool, now time.Time) bool {
	last, known := c.people[participantID]
	next := follower{s, now, last.strikes}
	if known && last.State == s.State && last.V == s.V && last.ready(s.V) == next.ready(s.V) && now.Sub(last.at) < statusEvery {
		return false
	}
	if stalls && known && s.State == "buffering" && last.State != s.State {
		next = next.strike(now)
	}
	c.people[participantID] = next
	return true
}

func (f follower) strike(now time.Time) follower {
	f.strikes = append(slices.Clone(f.strikes[max(0, len(f.strikes)+1-maxStrikes):]), now)
	return f
}

// ready tells whether the player has the item that was loaded with version v in place.
func (f follower) ready(v int64) bool {
	if f.V < v {
		return false
	}
	if f.Ready != nil {
		return *f.Ready
	}
	return f.State == "in_step"
}

// waited tells whether a start waits for this one.
func (f follower) waited(now time.Time) bool {
	switch f.State {
	case "free", "hidden", "error":
		return false
	}
	return len(f.strikes) < maxStrikes || now.Sub(f.strikes[0]) >= strikeLife
}

// quorum counts those for whom a start of the item that was loaded with version v waits, and those of them who are ready.
func (c *class) quorum(v int64, now time.Time) (ready, of int) {
	for _, f := range c.people {
		if f.waited(now) {
			of++
			if f.ready(v) {
				ready++
			}
		}
	}
	return ready, of
}

// isReady tells whether enough are.
func (c *class) isReady(v int64, now time.Time) bool {
	ready, of := c.quorum(v, now)
	return 10*ready >= readyTenths*of
}

// started notes who held a start up.
func (c *class) started(v int64, now time.Time) {
	for id, f := range c.people {
		if f.waited(now) && !f.ready(v) {
			c.people[id] = f.strike(now)
		}
	}
}

func (c *class) forget(participantID string) bool {
	_, known := c.people[participantID]
	delete(c.people, participantID)
	return known
}

// leadMS is how far in the future a start lies: the one-way delay that 90 % stay below, and a margin.
func (c *class) leadMS() float64 {
	delays := []float64{}
	for _, f := range c.people {
		delays = append(delays, f.RTTMS/2)
	}
	if len(delays) == 0 {
		return minLead
	}
	slices.Sort(delays)
	p90 := delays[int(math.Ceil(0.9*float64(len(delays))))-1]
	return min(max(p90+leadMargin, minLead), maxLead)
}

// summary is for teachers; v is the version that the item was loaded with.
func (c *class) summary(meetingID string, v int64, now time.Time) wire.PlaybackClass {
	out := wire.PlaybackClass{MeetingID: meetingID, Counts: map[string]int{}, People: []wire.PlaybackPerson{}}
	out.Ready, out.Quorum = c.quorum(v, now)
	for id, f := range c.people {
		out.Counts[f.State]++
		out.People = append(out.People, wire.PlaybackPerson{ParticipantID: id, State: f.State, ErrMS: f.ErrMS, BufferS: f.BufferS, RTTMS: f.RTTMS,
			Ready: f.ready(v), Waited: f.waited(now)})
	}
	slices.SortFunc(out.People, func(a, b wire.PlaybackPerson) int { return strings.Compare(a.ParticipantID, b.ParticipantID) })
	return out
}

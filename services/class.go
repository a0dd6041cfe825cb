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

// class is how the participants of one meeting follow.
type class struct {
	people map[string]follower
	sent   time.Time
	timer  Timer // of the next summary, or nil
}

type follower struct {
	wire.PlaybackStatus
	at time.Time
}

func newClass() class { return class{people: map[string]follower{}} }

// keep takes a status unless it comes too soon and says nothing new.
func (c *class) keep(participantID string, s wire.PlaybackStatus, now time.Time) bool {
	last, known := c.people[participantID]
	if known && last.State == s.State && now.Sub(last.at) < statusEvery {
		return false
	}
	c.people[participantID] = follower{s, now}
	return true
}

func (c *class) forget(participantID string) bool {
	_, known := c.people[participantID]
	delete(c.people, participantID)
	return known
}

func (c *class) stop() {
	if c.timer != nil {
		c.timer.Stop()
	}
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

func (c *class) summary(meetingID string) wire.PlaybackClass {
	out := wire.PlaybackClass{MeetingID: meetingID, Counts: map[string]int{}, People: []wire.PlaybackPerson{}}
	for id, f := range c.people {
		out.Counts[f.State]++
		out.People = append(out.People, wire.PlaybackPerson{ParticipantID: id, State: f.State, ErrMS: f.ErrMS})
	}
	slices.SortFunc(out.People, func(a, b wire.PlaybackPerson) int { return strings.Compare(a.ParticipantID, b.ParticipantID) })
	return out
}

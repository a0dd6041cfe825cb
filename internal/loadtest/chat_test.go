package loadtest

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
)

// TestWhatIsLostOrDoubledIsCounted with two sockets of which one hears a post twice and the other misses it.
func TestWhatIsLostOrDoubledIsCounted(t *testing.T) {
	o := ChatDefaults()
	o.Sockets, o.Rate, o.Duration = 2, 3, time.Second
	require.Equal(t, 3, o.messages())
	c := newChat(o, nil)
	c.class = &class{channel: wire.Channel{ID: "here"}}
	c.listeners = make([]*socket, 2)
	c.posted.Store(3)
	event := func(name, channel, body string) frame {
		data, err := json.Marshal(wire.Post{ChannelID: channel, Body: body})
		require.NoError(t, err)
		return frame{Type: name, Data: data}
	}
	seen := [2][]uint64{make([]uint64, 1), make([]uint64, 1)}
	for _, heard := range []struct {
		socket int
		frame  frame
	}{
		{0, event(wire.EventPostCreated, "here", "0")}, {1, event(wire.EventPostCreated, "here", "0")},
		{0, event(wire.EventPostCreated, "here", "1")}, {0, event(wire.EventPostCreated, "here", "1")},
		{0, event(wire.EventPostCreated, "here", "2")}, {1, event(wire.EventPostCreated, "here", "2")},
		{0, event(wire.EventPostCreated, "elsewhere", "1")}, {1, event(wire.EventPostUpdated, "here", "1")},
		{1, event(wire.EventPostCreated, "here", "3")}, {1, event(wire.EventPostCreated, "here", "words")},
	} {
		c.hear(heard.frame, seen[heard.socket])
	}
	r := c.report(time.Second, use{}, use{}, use{})
	require.Equal(t, []int64{5, 1, 1}, []int64{r.Deliveries, r.Lost, r.Doubled}, fmt.Sprintf("%+v", r))
	require.False(t, r.Whole())
}

func TestTheMixOfKinds(t *testing.T) {
	r := APIReport{Kinds: []KindReport{{PerCPUSecond: 1000}, {PerCPUSecond: 3000}, {PerCPUSecond: 500, Writes: true}}}
	r.sum()
	require.InDelta(t, 1500, r.Reads, 0.001, "two requests in 1 and 1/3 ms")
	require.InDelta(t, 500, r.Writes, 0.001)
}

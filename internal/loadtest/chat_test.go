package loadtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
)

// TestWhatIsLostOrDoubledIsCounted with two sockets of which one hears a post twice and the other misses it.
func TestWhatIsLostOrDoubledIsCounted(t *testing.T) {
	o := ChatDefaults()
	o.Sockets, o.Rate, o.Duration = 2, 3, time.Second
	require.Equal(t, 3, o.messages())
	c := newChat(o, nil)
	c.class = &class{channel: wire.Channel{ID: "here"}}
	c.listeners = make([]*listener, 2)
	for i := range c.listeners {
		c.listeners[i] = &listener{chat: c, seen: make([]uint64, 1), live: make([]uint64, 1)}
	}
	c.posted.Store(3)
	event := func(name, channel, body string) frame {
		data, err := json.Marshal(wire.Post{ChannelID: channel, Body: body})
		require.NoError(t, err)
		return frame{Type: name, Data: data}
	}
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
		c.listeners[heard.socket].hear(heard.frame)
	}
	r := c.report(time.Second, use{}, use{}, use{})
	require.Equal(t, []int64{5, 1, 1}, []int64{r.Deliveries, r.Lost, r.Doubled}, fmt.Sprintf("%+v", r))
	require.False(t, r.Whole())
}

// TestAListenerWhoseSocketEndsAsksForWhatItMissed cuts a socket, writes meanwhile, and writes once more when it is back.
func TestAListenerWhoseSocketEndsAsksForWhatItMissed(t *testing.T) {
	env := testenv.Start(t)
	env.Register(t, "Admin")
	base, err := url.Parse(env.URL)
	require.NoError(t, err)
	o := ChatDefaults()
	o.Sockets, o.Rate, o.Duration = 1, 3, time.Second
	c := newChat(o, newAPI(base))
	accounts, err := c.api.people(t.Context(), o.Common, o.Duration, 1)
	require.NoError(t, err)
	c.class, err = c.api.open(t.Context(), accounts)
	require.NoError(t, err)
	write := func(n int) {
		body := wire.CreateEntryRequest{Body: strconv.Itoa(n)}
		require.NoError(t, c.api.do(t.Context(), accounts[0], "POST", "/api/v1/channels/"+c.class.channel.ID+"/posts", body, nil))
		c.posted.Add(1)
	}
	l := newListener(t.Context(), c, accounts[0], 0)
	s, err := c.api.dial(t.Context(), accounts[0], l.hear)
	require.NoError(t, err)
	write(0)
	require.Eventually(t, func() bool { return c.delivered.Load() == 1 }, 10*time.Second, time.Millisecond)
	require.NoError(t, s.conn.Close())
	<-s.done
	write(1)
	l.gone.Go(func() { l.follow(s) })
	require.Eventually(t, func() bool { return c.delivered.Load() == 2 }, 10*time.Second, time.Millisecond)
	write(2)
	require.Eventually(t, func() bool { return c.delivered.Load() == 3 }, 10*time.Second, time.Millisecond)
	l.close()
	c.listeners = []*listener{l}
	r := c.report(time.Second, use{}, use{}, use{})
	require.Equal(t, []int64{3, 0, 0}, []int64{r.Deliveries, r.Lost, r.Doubled})
	require.Equal(t, 1, r.Reopened)
	require.NotEmpty(t, r.Cause)
	require.True(t, r.Whole())
}

func TestTheMixOfKinds(t *testing.T) {
	r := APIReport{Kinds: []KindReport{{PerCPUSecond: 1000}, {PerCPUSecond: 3000}, {PerCPUSecond: 500, Writes: true}}}
	r.sum()
	require.InDelta(t, 1500, r.Reads, 0.001, "two requests in 1 and 1/3 ms")
	require.InDelta(t, 500, r.Writes, 0.001)
}

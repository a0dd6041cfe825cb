package loadtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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

// chatOf is a run with a real server, one account and so many posts, written by write.
func chatOf(t *testing.T, posts int) (c *chat, write func(n int)) {
	env := testenv.Start(t)
	env.Register(t, "Admin")
	base, err := url.Parse(env.URL)
	require.NoError(t, err)
	o := ChatDefaults()
	o.Sockets, o.Rate, o.Duration = 1, float64(posts), time.Second
	c = newChat(o, newAPI(base))
	accounts, err := c.api.people(t.Context(), o.Common, o.Duration, 1)
	require.NoError(t, err)
	c.class, err = c.api.open(t.Context(), accounts)
	require.NoError(t, err)
	return c, func(n int) {
		require.NoError(t, c.write(t.Context(), accounts[0], n))
		c.posted.Add(1)
	}
}

// has waits until so many deliveries are counted.
func (c *chat) has(t *testing.T, deliveries int64) {
	require.Eventually(t, func() bool { return c.delivered.Load() == deliveries }, 10*time.Second, time.Millisecond)
}

// TestAListenerWhoseSocketEndsAsksForWhatItMissed cuts a socket, writes meanwhile, and writes once more when it is back.
func TestAListenerWhoseSocketEndsAsksForWhatItMissed(t *testing.T) {
	c, write := chatOf(t, 3)
	l := newListener(t.Context(), c, c.class.accounts[0], 0)
	s, err := c.api.dial(t.Context(), l.account, l.hear)
	require.NoError(t, err)
	write(0)
	c.has(t, 1)
	require.NoError(t, s.conn.Close())
	<-s.done
	write(1)
	l.gone.Go(func() { l.follow(s) })
	c.has(t, 2)
	write(2)
	c.has(t, 3)
	require.Eventually(t, func() bool { return c.away.Load() == 0 }, 10*time.Second, time.Millisecond)
	l.close()
	c.listeners = []*listener{l}
	r := c.report(time.Second, use{}, use{}, use{})
	require.Equal(t, []int64{3, 0, 0}, []int64{r.Deliveries, r.Lost, r.Doubled})
	require.Equal(t, 1, r.Reopened)
	require.NotEmpty(t, r.Cause)
	require.True(t, r.Whole())
}

// stumbling fails the first request for changes, after having done something.
type stumbling struct {
	http.RoundTripper
	first func()
}

func (s *stumbling) RoundTrip(r *http.Request) (*http.Response, error) {
	if do := s.first; do != nil && r.URL.Path == "/api/v1/changes" {
		s.first = nil
		do()
		return nil, errors.New("the connection broke")
	}
	return s.RoundTripper.RoundTrip(r)
}

// TestWhatASocketTellsWhileCatchingUpFailsHidesNothing: what comes by the new socket does not count as "known up to here" yet.
func TestWhatASocketTellsWhileCatchingUpFailsHidesNothing(t *testing.T) {
	c, write := chatOf(t, 2)
	write(0) // is missed
	l := newListener(t.Context(), c, c.class.accounts[0], 0)
	straight := c.api.http.Transport
	c.api.http.Transport = &stumbling{straight, func() {
		c.api.http.Transport = straight
		write(1)
		c.has(t, 1)
	}}
	_, err := l.resume()
	require.ErrorContains(t, err, "the connection broke")
	s, err := l.resume()
	require.NoError(t, err)
	c.has(t, 2)
	s.close()
}

// TestAListenerThatMissedTooMuchReadsThePosts: the server does not tell changes after a number that it has not reached, as it does not
// tell too many.
func TestAListenerThatMissedTooMuchReadsThePosts(t *testing.T) {
	const posts = 102 // more than a page
	c, write := chatOf(t, posts)
	for n := range posts {
		write(n)
	}
	l := newListener(t.Context(), c, c.class.accounts[0], 1<<40)
	s, err := l.resume()
	require.NoError(t, err)
	c.has(t, posts)
	s.close()
}

func TestTheMixOfKinds(t *testing.T) {
	r := APIReport{Kinds: []KindReport{{PerCPUSecond: 1000}, {PerCPUSecond: 3000}, {PerCPUSecond: 500, Writes: true}}}
	r.sum()
	require.InDelta(t, 1500, r.Reads, 0.001, "two requests in 1 and 1/3 ms")
	require.InDelta(t, 500, r.Writes, 0.001)
}

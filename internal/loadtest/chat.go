package loadtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"lectern/internal/wire"
)

// ChatOptions say what a test of chat does: so many sockets of one channel hear so many posts a second.
type ChatOptions struct {
	Common
	Sockets int
	Rate    float64 // posts per second
	Ramp    float64 // sockets that open per second; 0: all at once
}

// ChatDefaults are a large class that talks a lot.
func ChatDefaults() ChatOptions {
	return ChatOptions{Common: common(15 * time.Second), Sockets: 100, Rate: 10, Ramp: 200}
}

const (
	maxSockets  = 10_000
	maxRate     = 10_000
	maxMessages = 1_000_000
	atATime     = 256             // posts whose answer is waited for; more wait their turn
	straggling  = 5 * time.Second // without a delivery: what is missing then is lost
)

func (o *ChatOptions) check() error {
	switch {
	case o.Sockets < 1 || o.Sockets > maxSockets:
		return fmt.Errorf("--sockets: between 1 and %d", maxSockets)
	case o.Rate <= 0 || o.Rate > maxRate || o.messages() < 1 || o.messages() > maxMessages:
		return fmt.Errorf("--rate: up to %d a second, and 1 to %d posts in all", maxRate, maxMessages)
	case o.Ramp < 0:
		return errors.New("--ramp: sockets per second, 0 for all at once")
	}
	return o.Common.check()
}

func (o *ChatOptions) messages() int { return int(o.Rate * o.Duration.Seconds()) }

// chat is one run.
type chat struct {
	options ChatOptions
	api     *api
	class   *class

	sent           []atomic.Int64 // when a post was, by its number
	posted         atomic.Int64   // those that were accepted
	accept, arrive delays
	delivered      atomic.Int64 // to sockets, each post once
	doubled        atomic.Int64
	lastDelivery   atomic.Int64
	away           atomic.Int64 // listeners that have no socket, or do not yet know what they missed

	mu        sync.Mutex // guards the rest
	listeners []*listener
	reopened  int    // sockets that ended and were opened again
	cause     string // of the last one's end
	refusals  int    // tries to come back that failed
	refusal   string // the last one
	errs      []string
}

func newChat(o ChatOptions, a *api) *chat {
	return &chat{options: o, api: a, sent: make([]atomic.Int64, o.messages())}
}

// RunChat does what the options say, like Run.
func RunChat(ctx context.Context, o ChatOptions, say func(format string, args ...any)) (*ChatReport, error) {
	base, _, err := aim(ctx, o.Common, o.check())
	if err != nil {
		return nil, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // the load must cost less than what it measures
	c := newChat(o, newAPI(base))
	accounts, err := c.api.people(ctx, o.Common, o.Duration, (o.Sockets+o.WindowsPer-1)/o.WindowsPer)
	if err != nil {
		return nil, err
	}
	c.class, err = c.api.open(ctx, accounts)
	defer func() { c.api.tidy(ctx, c.class, o.Accounts != "", say) }()
	if err != nil {
		return nil, err
	}
	defer c.leave()
	empty := c.api.look(ctx, o.PID)
	say("%d sockets open", o.Sockets)
	if err := c.enter(ctx); err != nil {
		return nil, err
	}
	if err := wait(ctx, 2*time.Second); err != nil { // until everybody has heard of everybody's presence
		return nil, err
	}
	before := c.api.look(ctx, o.PID)
	say("posting for %v", o.Duration)
	began := clock()
	if err := c.post(ctx); err != nil {
		return nil, err
	}
	spent := clock() - began
	if err := c.arrived(ctx); err != nil {
		return nil, err
	}
	return c.report(spent, empty, before, c.api.look(ctx, o.PID)), nil
}

// enter opens the sockets at the pace of the ramp.
func (c *chat) enter(ctx context.Context) error {
	var heads wire.Heads
	if err := c.api.do(ctx, c.class.accounts[0], "GET", "/api/v1/changes/heads", nil, &heads); err != nil {
		return err
	}
	var entering sync.WaitGroup
	defer entering.Wait()
	begin := time.Now()
	for i := range c.options.Sockets {
		if c.options.Ramp > 0 {
			if err := wait(ctx, time.Until(begin.Add(time.Duration(float64(i)/c.options.Ramp*float64(time.Second))))); err != nil {
				return err
			}
		}
		entering.Go(func() {
			patience, cancel := context.WithTimeout(ctx, c.options.Patience)
			defer cancel()
			l, err := c.listen(patience, c.class.accounts[i/c.options.WindowsPer], heads.Heads[c.scope()])
			if err != nil {
				c.fail(fmt.Errorf("socket %d: %w", i, err))
				return
			}
			c.mu.Lock()
			c.listeners = append(c.listeners, l)
			c.mu.Unlock()
		})
	}
	entering.Wait()
	return ctx.Err()
}

// scope is the channel's, in the log of changes.
func (c *chat) scope() string { return "channel:" + c.class.channel.ID }

// number is which of the posts an event tells of, if it tells of one.
func (c *chat) number(f frame) (n int, ok bool) {
	if f.Type != wire.EventPostCreated {
		return 0, false
	}
	var post struct {
		ChannelID string `json:"channel_id"`
		Body      string `json:"body"`
	}
	if json.Unmarshal(f.Data, &post) != nil || post.ChannelID != c.class.channel.ID {
		return 0, false
	}
	n, err := strconv.Atoi(post.Body)
	return n, err == nil && n >= 0 && n < len(c.sent)
}

// ended notes that the server, or the network, has ended a socket.
func (c *chat) ended(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reopened, c.cause = c.reopened+1, cause.Error()
}

// refused notes that a listener could not come back yet.
func (c *chat) refused(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusals, c.refusal = c.refusals+1, cause.Error()
}

// post writes at the rate, each time as another account, and waits for the last answer.
func (c *chat) post(ctx context.Context) error {
	turns := make(chan struct{}, atATime)
	var posting sync.WaitGroup
	defer posting.Wait()
	begin := time.Now()
	for n := range c.sent {
		if err := wait(ctx, time.Until(begin.Add(time.Duration(float64(n)/c.options.Rate*float64(time.Second))))); err != nil {
			return err
		}
		turns <- struct{}{}
		posting.Go(func() {
			defer func() { <-turns }()
			author := c.class.accounts[n%len(c.class.accounts)]
			from := clock()
			c.sent[n].Store(int64(from))
			if err := c.write(ctx, author, n); err != nil {
				c.fail(err)
				return
			}
			c.accept.add(clock() - from)
			c.posted.Add(1)
		})
	}
	posting.Wait()
	return ctx.Err()
}

// write posts a number. What the network loses is written again, under the same client_id, as every client does.
func (c *chat) write(ctx context.Context, author *account, n int) error {
	ctx, cancel := context.WithTimeout(ctx, c.options.Patience+c.api.http.Timeout)
	defer cancel()
	entry := wire.CreateEntryRequest{Body: strconv.Itoa(n), ClientID: uuid.NewString()}
	for {
		err := c.api.do(ctx, author, "POST", "/api/v1/channels/"+c.class.channel.ID+"/posts", entry, nil)
		var unanswered *url.Error
		if !errors.As(err, &unanswered) || wait(ctx, again) != nil {
			return err
		}
	}
}

// arrived waits until everybody has everything, or nothing comes any more though everybody is there.
func (c *chat) arrived(ctx context.Context) error {
	end := clock()
	for c.delivered.Load() < c.due() {
		quiet := clock() - max(end, time.Duration(c.lastDelivery.Load()))
		if quiet > c.options.Patience || quiet > straggling && c.away.Load() == 0 {
			return nil
		}
		if err := wait(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// due is how many deliveries there should be.
func (c *chat) due() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.posted.Load() * int64(len(c.listeners))
}

func (c *chat) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.errs) < maxErrors {
		c.errs = append(c.errs, err.Error())
	}
}

func (c *chat) leave() {
	var leaving sync.WaitGroup
	for _, l := range c.listeners {
		leaving.Go(l.close)
	}
	leaving.Wait()
}

// use is what the server's process and this one have used, at one instant; zero without a process to account.
type use struct {
	server, self usage
	heap         int64
}

func (a *api) look(ctx context.Context, pid int) (u use) {
	u.self, _ = usageOf(os.Getpid()) // absent outside Linux: the figure is then 0
	if pid != 0 {
		u.server, _ = usageOf(pid) // it was there when the test began
		u.heap = a.heapOf(ctx)
	}
	return u
}

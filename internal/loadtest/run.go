// Package loadtest measures a running Lectern from outside: real WebRTC participants register, join a meeting by the
// documented protocol, send and receive, and count what arrives.
package loadtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// load is one run.
type load struct {
	options Options
	api     *api
	engines *engines
	class   *class
	say     func(format string, args ...any)

	stop                 context.Context // ends the senders
	running              sync.WaitGroup
	measuring            atomic.Bool
	delays               delays
	sentVideo, sentSound atomic.Uint64

	mu     sync.Mutex // guards the rest
	people []*participant
	errs   []string
}

var (
	errNoMedia       = errors.New("got no media in time")
	errTooManyOffers = errors.New("more offers than a client can answer")
)

const maxErrors = 10 // kept for the report

// Run does what the options say. say gets lines on how it goes. It returns an error when the test could not be made; a
// report that is not whole (see Report.Whole) is no error.
func Run(ctx context.Context, o Options, say func(format string, args ...any)) (*Report, error) {
	base, loopback, err := aim(ctx, o.Common, o.check())
	if err == nil {
		err = checkVideo(o.Video)
	}
	if err != nil {
		return nil, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // the load must cost less than what it measures
	stop, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	l := &load{options: o, api: newAPI(base), say: say, stop: stop}
	if l.engines, err = newEngines(loopback); err != nil {
		return nil, err
	}
	n := (o.Publishers + o.Subscribers + o.WindowsPer - 1) / o.WindowsPer
	accounts, err := l.api.people(ctx, o.Common, o.Duration, n)
	if err != nil || o.Prepare {
		return nil, err
	}
	l.class, err = l.api.open(ctx, accounts)
	defer func() { l.api.tidy(ctx, l.class, o.Accounts != "", say) }()
	if err == nil {
		err = l.api.meet(ctx, l.class)
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		cancel()
		l.leave()
		l.running.Wait()
	}()
	return l.measure(ctx)
}

// aim checks the target, the other options, of which bad is what is wrong with them, and the process to account.
func aim(ctx context.Context, o Common, bad error) (base *url.URL, loopback bool, err error) {
	base, loopback, err = target(ctx, o.Server, o.OwnServer)
	if err == nil {
		err = bad
	}
	if err == nil && o.PID != 0 {
		_, err = usageOf(o.PID)
	}
	return base, loopback, err
}

func checkVideo(video string) error {
	if video == "pattern" || video == "none" {
		return nil
	}
	file, err := os.Open(video)
	if err != nil {
		return fmt.Errorf("--video: %w", err)
	}
	defer file.Close()
	_, _, err = openIVF(file)
	return err
}

func (l *load) layers() []layer {
	if l.options.Simulcast {
		return triple
	}
	return single
}

// measure brings everybody in, counts for the duration, and reports.
func (l *load) measure(ctx context.Context) (*Report, error) {
	o := l.options
	l.running.Go(l.feedback)
	empty := l.usage(ctx)
	if o.Subscribers == 0 {
		l.say("%d participants join, who all send and receive", o.Publishers)
	} else {
		l.say("%d publishers join", o.Publishers)
	}
	if err := l.join(ctx, o.Publishers, true); err != nil {
		return nil, err
	}
	if o.Subscribers > 0 {
		if err := wait(ctx, time.Second); err != nil {
			return nil, err
		}
		empty = l.usage(ctx)
		l.say("%d subscribers join", o.Subscribers)
		if err := l.join(ctx, o.Subscribers, false); err != nil {
			return nil, err
		}
	}
	if err := wait(ctx, time.Duration(o.SettleSeconds*float64(time.Second))); err != nil {
		return nil, err
	}
	if err := l.climb(ctx); err != nil {
		return nil, err
	}
	l.say("measuring for %v", o.Duration)
	before := l.snapshot(ctx)
	l.measuring.Store(true)
	err := wait(ctx, o.Duration)
	l.measuring.Store(false)
	after := l.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return l.report(empty, before, after), nil
}

// climbFor is how long the server may take to find out that the line of everybody carries everything.
const climbFor = 30 * time.Second

// climb waits until everybody gets every picture: a server that estimates bandwidths shows them one after the other. It
// gives up in the end; the report says how much came.
func (l *load) climb(ctx context.Context) error {
	receivers := uint64(l.options.Publishers + l.options.Subscribers - 1)
	if l.options.Simulcast || l.options.View {
		return nil // what is enough is the server's choice
	}
	var sent, received uint64
	for end := time.Now().Add(climbFor); time.Now().Before(end); {
		before, beforeSent := received, sent
		received, sent = l.received().video, l.sentVideo.Load()
		if before > 0 && float64(received-before) > 0.97*float64((sent-beforeSent)*receivers) || sent == 0 {
			return nil
		}
		if err := wait(ctx, time.Second); err != nil {
			return err
		}
	}
	return nil
}

// join lets n more in at the pace of the ramp and waits until each has media or has failed.
func (l *load) join(ctx context.Context, n int, sends bool) error {
	from := len(l.inside())
	var entering sync.WaitGroup
	defer entering.Wait()
	begin := time.Now()
	for i := range n {
		if l.options.Ramp > 0 {
			if err := wait(ctx, time.Until(begin.Add(time.Duration(float64(i)/l.options.Ramp*float64(time.Second))))); err != nil {
				return err
			}
		}
		p := &participant{
			load: l, index: from + i, sends: sends, account: l.class.accounts[(from+i)/l.options.WindowsPer],
			offers: make(chan string, 64), gone: make(chan struct{}), checking: make(chan struct{}),
			connected: make(chan struct{}), media: make(chan struct{}), wide: newWideFeedback(uint32(from+i) + 1),
		}
		entering.Go(func() {
			patience, cancel := context.WithTimeout(ctx, l.options.Patience)
			defer cancel()
			err := p.enter(patience)
			l.mu.Lock()
			l.people = append(l.people, p)
			l.mu.Unlock()
			if err == nil {
				err = p.wait(patience)
			}
			if err != nil {
				l.fail(p, err)
			}
		})
	}
	entering.Wait()
	return ctx.Err()
}

// inside are those who are in, or tried to be.
func (l *load) inside() []*participant {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.people[:len(l.people):len(l.people)]
}

// leave ends all participants, some at a time.
func (l *load) leave() {
	turns := make(chan struct{}, 32)
	var leaving sync.WaitGroup
	for _, p := range l.inside() {
		turns <- struct{}{}
		leaving.Go(func() {
			p.leave()
			<-turns
		})
	}
	leaving.Wait()
}

// fail notes what went wrong for one participant.
func (l *load) fail(p *participant, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stop.Err() == nil && len(l.errs) < maxErrors {
		l.errs = append(l.errs, fmt.Sprintf("participant %d: %v", p.index, err))
	}
}

// tick waits for the ticker; false ends the sender.
func (l *load) tick(t *time.Ticker) bool {
	select {
	case <-l.stop.Done():
		return false
	case <-t.C:
		return true
	}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

package loadtest

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"lectern/internal/wire"
)

// APIOptions say what a test of the REST API does: workers ask one kind of thing after the other, each for the duration.
type APIOptions struct {
	Common
	Workers int
}

// APIDefaults are enough workers to keep a small machine busy.
func APIDefaults() APIOptions {
	return APIOptions{Common: common(5 * time.Second), Workers: 8}
}

const (
	maxWorkers = 512
	content    = 200 // posts of the channel, messages of each conversation
	trailing   = 500 * time.Millisecond
)

func (o *APIOptions) check() error {
	if o.Workers < 1 || o.Workers > maxWorkers {
		return fmt.Errorf("--workers: between 1 and %d", maxWorkers)
	}
	return o.Common.check()
}

// worker is an account that asks, with a conversation of its own.
type worker struct {
	*account
	conversation string
}

// request is one kind of them.
type request struct {
	name   string
	writes bool
	do     func(ctx context.Context, w worker) error
}

// apiLoad is one run.
type apiLoad struct {
	options APIOptions
	api     *api
	class   *class
	post    wire.Post // with comments
	workers []worker
}

// RunAPI does what the options say, like Run.
func RunAPI(ctx context.Context, o APIOptions, say func(format string, args ...any)) (*APIReport, error) {
	base, _, err := aim(ctx, o.Common, o.check())
	if err != nil {
		return nil, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // the load must cost less than what it measures
	l := &apiLoad{options: o, api: newAPI(base)}
	kinds := l.kinds()
	accounts, err := l.api.people(ctx, o.Common, time.Duration(len(kinds)+1)*(o.Duration+time.Second), (o.Workers+o.WindowsPer-1)/o.WindowsPer)
	if err != nil {
		return nil, err
	}
	l.class, err = l.api.open(ctx, accounts)
	defer func() { l.api.tidy(ctx, l.class, o.Accounts != "", say) }()
	if err != nil {
		return nil, err
	}
	say("%d posts, comments and messages are written to be read", content)
	if err := l.fill(ctx); err != nil {
		return nil, err
	}
	report := &APIReport{Workers: o.Workers}
	for _, kind := range kinds {
		say("%s, for %v", kind.name, o.Duration)
		result, err := l.measure(ctx, kind)
		if err != nil {
			return nil, err
		}
		report.Kinds = append(report.Kinds, result)
	}
	report.sum()
	return report, nil
}

// kinds are what is asked: what the web app reads when somebody opens it and goes about, and what people write.
func (l *apiLoad) kinds() []request {
	read := func(path func(w worker) string) func(context.Context, worker) error {
		return func(ctx context.Context, w worker) error {
			return l.api.do(ctx, w.account, "GET", "/api/v1"+path(w), nil, nil)
		}
	}
	write := func(path func(w worker) string) func(context.Context, worker) error {
		return func(ctx context.Context, w worker) error { return l.write(ctx, w.account, path(w), nil) }
	}
	posts := func(worker) string { return "/channels/" + l.class.channel.ID + "/posts" }
	comments := func(worker) string { return "/posts/" + l.post.ID + "/comments" }
	messages := func(w worker) string { return "/conversations/" + w.conversation + "/messages" }
	return []request{
		{"GET channels", false, read(func(worker) string { return "/channels" })},
		{"GET 50 posts", false, read(posts)},
		{"GET 50 comments", false, read(comments)},
		{"GET 50 messages", false, read(messages)},
		{"POST post", true, write(posts)},
		{"POST comment", true, write(comments)},
		{"POST message", true, write(messages)},
	}
}

func (l *apiLoad) write(ctx context.Context, by *account, path string, out any) error {
	body := wire.CreateEntryRequest{Body: strings.Repeat("A sentence of a lesson, 一句話。 ", 5), ClientID: uuid.NewString()}
	return l.api.do(ctx, by, "POST", "/api/v1"+path, body, out)
}

// fill writes what is read later.
func (l *apiLoad) fill(ctx context.Context) error {
	teacher := l.class.accounts[0]
	for range content {
		if err := l.write(ctx, teacher, "/channels/"+l.class.channel.ID+"/posts", &l.post); err != nil {
			return err
		}
	}
	for range content {
		if err := l.write(ctx, teacher, "/posts/"+l.post.ID+"/comments", nil); err != nil {
			return err
		}
	}
	conversations := map[*account]string{}
	for _, acc := range l.class.accounts {
		var own wire.Conversation
		if err := l.api.do(ctx, acc, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: acc.UserID}, &own); err != nil {
			return err
		}
		conversations[acc] = own.ID
		for range content {
			if err := l.write(ctx, acc, "/conversations/"+own.ID+"/messages", nil); err != nil {
				return err
			}
		}
	}
	for i := range l.options.Workers {
		acc := l.class.accounts[i/l.options.WindowsPer]
		l.workers = append(l.workers, worker{acc, conversations[acc]})
	}
	return nil
}

// measure has all workers ask for one kind of thing, over and over. What the server still does a moment later, such as
// indexing what was written, counts.
func (l *apiLoad) measure(ctx context.Context, kind request) (KindReport, error) {
	r := KindReport{Name: kind.name, Writes: kind.writes}
	var took delays
	var done atomic.Int64
	var mu sync.Mutex // guards errs
	var errs []error
	before := l.api.look(ctx, l.options.PID)
	from := clock()
	var working sync.WaitGroup
	for _, w := range l.workers {
		working.Go(func() {
			for ctx.Err() == nil && clock()-from < l.options.Duration {
				began := clock()
				if err := kind.do(ctx, w); err != nil {
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
					return
				}
				took.add(clock() - began)
				done.Add(1)
			}
		})
	}
	working.Wait()
	spent := clock() - from
	if err := errors.Join(errs...); err != nil {
		return r, fmt.Errorf("%s: %w", kind.name, err)
	}
	if err := wait(ctx, trailing); err != nil {
		return r, err
	}
	after := l.api.look(ctx, l.options.PID)
	r.Requests, r.Rate = done.Load(), float64(done.Load())/spent.Seconds()
	r.P50, r.P99 = ms(took.quantile(0.5)), ms(took.quantile(0.99))
	if cpu := after.server.cpu - before.server.cpu; cpu > 0 {
		r.PerCPUSecond = float64(r.Requests) / cpu.Seconds()
	}
	return r, nil
}

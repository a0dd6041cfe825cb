package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"sync"
	"time"

	"lectern/services"
)

// How much waits, and how long a letter is tried.
const (
	queueLength = 500
	carriers    = 4
	tryTime     = 30 * time.Second // of one try
)

// retries are the pauses between tries of a letter that the server may take later.
var retries = []time.Duration{2 * time.Second, 15 * time.Second, time.Minute}

// Mailer is services.Mailer: a bounded queue and a few carriers.
type Mailer struct {
	smtp    *smtpServer // nil: letters go to the log
	log     *slog.Logger
	retries []time.Duration

	closing   chan struct{} // closed when no pause is worth while any more
	cancelled context.Context
	cancel    context.CancelFunc
	running   sync.WaitGroup

	mu     sync.Mutex // guards closed, and queue against a send after its close
	closed bool
	queue  chan func(context.Context) (*services.Letter, error)
}

// New starts the carriers; Close ends them. Without a host letters go to the log. trust says who vouches for the
// server; nil stands for the system's authorities.
func New(cfg SMTP, trust *tls.Config, log *slog.Logger) (*Mailer, error) {
	m := &Mailer{log: log, retries: retries, closing: make(chan struct{}), queue: make(chan func(context.Context) (*services.Letter, error), queueLength)}
	if cfg.Host != "" {
		var err error
		if m.smtp, err = newSMTPServer(cfg, trust); err != nil {
			return nil, err
		}
	}
	m.cancelled, m.cancel = context.WithCancel(context.Background())
	for range carriers {
		m.running.Go(m.carry)
	}
	return m, nil
}

// Delivers tells whether letters reach people.
func (m *Mailer) Delivers() bool { return m.smtp != nil }

var errFull = &services.Error{Kind: services.KindUnavailable, Message: "Too many emails wait to be sent. Please try again in a minute."}

// Post queues a letter.
func (m *Mailer) Post(write func(ctx context.Context) (*services.Letter, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return errFull
	}
	select {
	case m.queue <- write:
		return nil
	default:
		return errFull
	}
}

// Close takes no more letters and tries those that wait once more, until ctx ends. It may be called twice.
func (m *Mailer) Close(ctx context.Context) error {
	m.mu.Lock()
	if !m.closed {
		m.closed = true
		close(m.closing)
		close(m.queue)
	}
	m.mu.Unlock()
	defer m.cancel()
	done := make(chan struct{})
	go func() { m.running.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		m.cancel()
		<-done
		return errors.New("some letters were not sent in time")
	}
}

func (m *Mailer) carry() {
	for compose := range m.queue {
		letter, err := compose(m.cancelled)
		if err != nil {
			m.log.Error("letter not written", "error", err)
			continue
		}
		if letter != nil {
			m.deliver(*letter)
		}
	}
}

// deliver tries until the server takes the letter, refuses it for good, or the tries are used up.
func (m *Mailer) deliver(letter services.Letter) {
	if m.smtp == nil { // the one place where a secret goes to the log: nobody else could hand it over
		m.log.Info("no SMTP server is configured: hand this link over yourself", "purpose", letter.Purpose, "to", letter.To, "link", letter.Link)
		return
	}
	text, err := write(letter)
	if err != nil {
		m.log.Error("letter not written", "purpose", letter.Purpose, "error", err)
		return
	}
	for try := 0; ; try++ {
		ctx, cancel := context.WithTimeout(m.cancelled, tryTime)
		err := m.smtp.send(ctx, letter.To, text)
		cancel()
		if err == nil {
			m.log.Info("letter sent", "purpose", letter.Purpose, "tries", try+1)
			return
		}
		if permanent(err) || try == len(m.retries) || !m.pause(m.retries[try]) {
			m.log.Error("letter not sent", "purpose", letter.Purpose, "tries", try+1, "error", err)
			return
		}
		m.log.Warn("letter not sent yet", "purpose", letter.Purpose, "error", err)
	}
}

// pause waits; false when the program stops.
func (m *Mailer) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-m.closing:
		return false
	}
}

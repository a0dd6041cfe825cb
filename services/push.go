package services

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Limits of push.
const (
	maxPushDevices = 10 // of one user; another one takes the place of the oldest
	maxEndpoint    = 2000
	pushAttempts   = 8
	pushFirstRetry = 30 * time.Second // doubled with each attempt, up to pushLastRetry
	pushLastRetry  = time.Hour
	pushLease      = time.Minute // an attempt that has not ended by then has died with its server
	pushesAtOnce   = 16
	pushBatch      = 100
)

// Pushes bring notifications to devices whose page is closed, by Web Push. What is to be sent is stored in the transaction of
// the notification, so that a restart loses nothing.
type Pushes struct {
	store  *models.Store
	sender PushSender
	active func(userID string) bool // somebody is at one of the user's open windows: that is enough
	clock  Clock
	log    *slog.Logger

	// Sent hears what became of each message, for the statistics: sent, gone, retried or given_up. nil: nobody counts. It is
	// set before Run.
	Sent func(result string)

	diary
	slots   chan struct{} // pushesAtOnce
	sending sync.WaitGroup
}

// NewPushes prepares it.
func NewPushes(store *models.Store, sender PushSender, active func(userID string) bool, clock Clock, log *slog.Logger) *Pushes {
	return &Pushes{store: store, sender: sender, active: active, clock: clock, log: log,
		diary: newDiary(), slots: make(chan struct{}, pushesAtOnce)}
}

// Key is what devices subscribe with.
func (s *Pushes) Key() *wire.PushKey { return &wire.PushKey{PublicKey: s.sender.Key()} }

// Subscribe lets a device hear of the actor while this session lives. The same device again replaces what it said before.
func (s *Pushes) Subscribe(ctx context.Context, actor Actor, req wire.PushSubscription) error {
	v := invalid{}
	address, err := url.Parse(req.Endpoint)
	switch {
	case len(req.Endpoint) > maxEndpoint:
		v["endpoint"] = "It must have at most 2,000 characters."
	case err != nil || address.Scheme != "https" || address.Hostname() == "" || address.User != nil:
		v["endpoint"] = "It must be an https address."
	}
	if point, err := pushKey(req.Keys.P256DH); err != nil || !isPoint(point) {
		v["keys.p256dh"] = "It must be an uncompressed point on P-256, base64url."
	}
	if secret, err := pushKey(req.Keys.Auth); err != nil || len(secret) != 16 {
		v["keys.auth"] = "It must be 16 bytes, base64url."
	}
	if err := v.err(); err != nil {
		return err
	}
	return s.store.SavePushSubscription(ctx, models.PushSubscription{ID: models.NewID(), UserID: actor.UserID, SessionID: actor.SessionID,
		Endpoint: req.Endpoint, P256DH: req.Keys.P256DH, Auth: req.Keys.Auth, CreatedAt: stamp(s.clock)}, maxPushDevices)
}

func pushKey(text string) ([]byte, error) {
	return base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(text, "="))
}

func isPoint(raw []byte) bool {
	_, err := ecdh.P256().NewPublicKey(raw)
	return err == nil
}

// Unsubscribe ends that of a device; one that is not there is no mistake.
func (s *Pushes) Unsubscribe(ctx context.Context, actor Actor, req wire.EndPushRequest) error {
	if strings.ContainsRune(req.Endpoint, 0) { // no subscription has it, and PostgreSQL takes no such text
		return nil
	}
	return s.store.DeletePushSubscription(ctx, actor.UserID, req.Endpoint)
}

// queue stores what is to be sent of some new notifications, in their transaction; after the commit Wake must follow.
func (s *Pushes) queue(ctx context.Context, tx *models.Store, notificationIDs []string) (waits bool, err error) {
	n, err := tx.QueuePushes(ctx, notificationIDs, stamp(s.clock))
	return n > 0, err
}

// Run sends what is queued until ctx ends, then waits for the attempts under way.
func (s *Pushes) Run(ctx context.Context, did Did) {
	defer s.sending.Wait()
	s.follow(ctx, s.clock, did, s.start, s.store.NextPush)
}

// SendDue makes all attempts that are due and waits for their end.
func (s *Pushes) SendDue(ctx context.Context) error {
	err := s.start(ctx)
	s.sending.Wait()
	return err
}

// start begins the attempts that are due, so many at once.
func (s *Pushes) start(ctx context.Context) error {
	for {
		rows, err := s.store.DuePushes(ctx, s.clock.Now(), pushBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			select {
			case s.slots <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			mine, err := s.store.ClaimPush(ctx, &row, s.clock.Now().Add(pushLease))
			if err != nil || !mine {
				<-s.slots
				if err != nil {
					return err
				}
				continue
			}
			s.sending.Go(func() {
				defer func() { <-s.slots }()
				if err := s.attempt(ctx, row); err != nil && ctx.Err() == nil {
					s.log.Error("push message not sent", "error", err)
				}
			})
		}
	}
}

// attempt sends one message, and decides what becomes of it.
func (s *Pushes) attempt(ctx context.Context, row models.Push) error {
	p, err := s.store.Pushed(ctx, row, s.clock.Now())
	if errors.Is(err, models.ErrNotFound) {
		return s.store.DeletePush(ctx, row)
	}
	if err != nil {
		return err
	}
	message, ttl := pushMessage(p), pushTTL(p.Notification.Kind)
	left := p.Notification.CreatedAt.Add(ttl).Sub(s.clock.Now())
	if left <= 0 || p.Notification.ReadAt != nil || !p.Preferences.Push || p.Preferences.Undisturbed(s.clock.Now()) || s.active(p.User.ID) {
		return s.store.DeletePush(ctx, row)
	}
	message.TTL = left
	to := PushDevice{Endpoint: p.Subscription.Endpoint, P256DH: p.Subscription.P256DH, Auth: p.Subscription.Auth}
	switch err := s.sender.Send(ctx, to, message); {
	case err == nil:
		s.count("sent")
		return s.store.DeletePush(ctx, row)
	case ctx.Err() != nil:
		return nil // the lease ends, and the next start tries again
	case errors.Is(err, ErrPushGone):
		s.count("gone")
		return s.store.DeletePushOf(ctx, p.Subscription.ID)
	default:
		return s.retry(ctx, row, err)
	}
}

// retry puts a message off that was not taken, or gives it up: after so many attempts, or when another one would not help.
func (s *Pushes) retry(ctx context.Context, row models.Push, reason error) error {
	wait := min(pushLastRetry, pushFirstRetry<<(row.Attempts-1))
	wait += rand.N(wait / 4) // so that not all come back at once
	var refused *PushRefused
	hopeless := errors.As(reason, &refused) && refused.Status < 500 && refused.Status != http.StatusTooManyRequests
	if refused != nil {
		wait = max(wait, min(refused.RetryAfter, pushLastRetry))
	}
	if hopeless || row.Attempts >= pushAttempts {
		s.log.Warn("push message given up", "attempts", row.Attempts, "error", reason)
		s.count("given_up")
		return s.store.DeletePush(ctx, row)
	}
	s.count("retried")
	return s.store.PutOffPush(ctx, row, s.clock.Now().Add(wait))
}

func (s *Pushes) count(result string) {
	if s.Sent != nil {
		s.Sent(result)
	}
}

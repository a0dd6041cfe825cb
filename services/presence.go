package services

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// typingEvery is the least time between two typing events of one user in one channel.
const typingEvery = 2500 * time.Millisecond

// Presence tells people who share a channel who is there and who types.
type Presence struct {
	store *models.Store
	pub   Publisher
	clock Clock
	log   *slog.Logger

	announcing sync.Mutex // one announcement at a time, so that the last one tells the truth

	mu    sync.Mutex // guards typed
	typed map[string]time.Time
}

// NewPresence prepares it.
func NewPresence(store *models.Store, pub Publisher, clock Clock, log *slog.Logger) *Presence {
	return &Presence{store: store, pub: pub, clock: clock, log: log, typed: map[string]time.Time{}}
}

// Changed announces whether a user is online now.
func (p *Presence) Changed(ctx context.Context, userID string) {
	p.announcing.Lock()
	defer p.announcing.Unlock()
	channels, err := p.store.ChannelIDs(ctx, userID)
	if err != nil {
		p.log.Error("presence not announced", "user", userID, "err", err)
		return
	}
	presence := "offline"
	if p.pub.Online(userID) {
		presence = "online"
	}
	for _, id := range channels {
		p.pub.PublishState(ChannelTopic(id), "presence "+userID, wire.EventPresenceChanged,
			wire.PresenceChanged{UserID: userID, Presence: presence})
	}
}

// Topics lists what a new socket of the actor follows.
func (p *Presence) Topics(ctx context.Context, actor Actor) ([]string, error) {
	channels, err := p.store.ChannelIDs(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	topics := []string{UserTopic(actor.UserID)}
	for _, id := range channels {
		topics = append(topics, ChannelTopic(id))
	}
	return topics, nil
}

// Typing tells a channel that the actor types. Repeated sooner than typingEvery it does nothing.
func (p *Presence) Typing(ctx context.Context, actor Actor, channelID string) error {
	if _, err := Authorize(ctx, p.store, actor, channelID, ActionPost); err != nil {
		return err
	}
	if p.mayType(actor.UserID + " " + channelID) {
		p.pub.Publish(ChannelTopic(channelID), wire.EventTyping, wire.Typing{ChannelID: channelID, UserID: actor.UserID})
	}
	return nil
}

func (p *Presence) mayType(key string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	if now.Sub(p.typed[key]) < typingEvery {
		return false
	}
	for other, at := range p.typed { // few: those who typed within the last seconds
		if now.Sub(at) >= typingEvery {
			delete(p.typed, other)
		}
	}
	p.typed[key] = now
	return true
}

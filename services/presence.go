package services

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// What others see of somebody; of several that hold, the first.
const (
	presenceDND       = "dnd"
	presenceInCall    = "in_call"
	presenceInMeeting = "in_meeting"
	presenceOnline    = "online"
	presenceAway      = "away"
	presenceOffline   = "offline"
)

// typingEvery is the least time between two typing events of one user in one place.
const typingEvery = 2500 * time.Millisecond

// PresenceOptions is what Presence needs.
type PresenceOptions struct {
	Store     *models.Store
	Publisher Publisher
	Clock     Clock
	Log       *slog.Logger
	InCall    func(userID string) bool
	InMeeting func(userID string) bool
}

// Presence tells people who share a channel or a conversation who is there and who types. The word for somebody is made of
// all of their devices and of what they do, and kept by the Publisher for as long as they are online.
type Presence struct {
	PresenceOptions

	announcing sync.Mutex // one announcement at a time, so that the last one tells the truth

	mu    sync.Mutex // guards typed
	typed map[string]time.Time
}

// NewPresence prepares it.
func NewPresence(o PresenceOptions) *Presence {
	return &Presence{PresenceOptions: o, typed: map[string]time.Time{}}
}

// Changed announces what a user's presence is now, if it is another one: a socket came or went, the user has left or come
// back to a device, begun or ended a call or a meeting, or switched do-not-disturb.
func (p *Presence) Changed(ctx context.Context, userID string) {
	if err := p.announce(context.WithoutCancel(ctx), userID); err != nil {
		p.Log.Error("presence not announced", "user", userID, "err", err)
	}
}

func (p *Presence) announce(ctx context.Context, userID string) error {
	p.announcing.Lock()
	defer p.announcing.Unlock()
	word, err := p.of(ctx, userID)
	if err != nil {
		return err
	}
	if word != presenceOffline && !p.Publisher.SetPresence(userID, word) {
		return nil
	}
	topics, err := audience(ctx, p.Store, userID)
	if err != nil {
		return err
	}
	p.Publisher.PublishStateTo(topics, "presence "+userID, wire.EventPresenceChanged, wire.PresenceChanged{UserID: userID, Presence: word})
	return nil
}

// audience reaches everybody who sees a user's name: whom they share a channel or a conversation with, and themselves.
func audience(ctx context.Context, store *models.Store, userID string) ([]string, error) {
	channels, err := store.ChannelIDs(ctx, userID)
	if err != nil {
		return nil, err
	}
	peers, err := store.Peers(ctx, userID)
	if err != nil {
		return nil, err
	}
	topics := []string{UserTopic(userID)}
	for _, id := range channels {
		topics = append(topics, ChannelTopic(id))
	}
	for _, id := range peers {
		topics = append(topics, UserTopic(id))
	}
	return topics, nil
}

func (p *Presence) of(ctx context.Context, userID string) (string, error) {
	if !p.Publisher.Online(userID) {
		return presenceOffline, nil
	}
	preferences, err := preferencesOf(ctx, p.Store, userID)
	switch {
	case err != nil:
		return "", err
	case preferences.Undisturbed(p.Clock.Now()):
		return presenceDND, nil
	case p.InCall(userID):
		return presenceInCall, nil
	case p.InMeeting(userID):
		return presenceInMeeting, nil
	case p.Publisher.Active(userID):
		return presenceOnline, nil
	}
	return presenceAway, nil
}

// Topics lists what a new socket of the actor follows. Conversations are not among them: their events go to the user.
func (p *Presence) Topics(ctx context.Context, actor Actor) ([]string, error) {
	channels, err := p.Store.ChannelIDs(ctx, actor.UserID)
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
	if _, err := Authorize(ctx, p.Store, actor, channelID, ActionPost); err != nil {
		return err
	}
	if p.mayType(actor.UserID + " " + channelID) {
		p.Publisher.Publish(ChannelTopic(channelID), wire.EventTyping, wire.Typing{ChannelID: channelID, UserID: actor.UserID})
	}
	return nil
}

// TypingTo tells the other one of a conversation that the actor types.
func (p *Presence) TypingTo(ctx context.Context, actor Actor, conversationID string) error {
	conversation, err := findConversation(ctx, p.Store, actor, conversationID)
	if err != nil {
		return err
	}
	if p.mayType(actor.UserID + " " + conversationID) {
		p.Publisher.Publish(UserTopic(conversation.Peer(actor.UserID)), wire.EventTyping,
			wire.Typing{ConversationID: conversationID, UserID: actor.UserID})
	}
	return nil
}

func (p *Presence) mayType(key string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.Clock.Now()
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

package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"lectern/internal/wire"
)

// Ring tells the devices of somebody who is at no open window that they are being called. It is not stored: after ttl there
// is nothing to answer any more, and a missed call has its own notification, which takes the place of this one.
func (s *Pushes) Ring(ctx context.Context, call wire.Call, ttl time.Duration) error {
	if s.active(call.Callee.ID) {
		return nil
	}
	callee, err := s.store.User(ctx, call.Callee.ID)
	if err != nil {
		return err
	}
	preferences, err := s.store.Preferences(ctx, callee.ID)
	if err != nil {
		return err
	}
	if p := preferences[callee.ID]; !p.Push || p.Undisturbed(s.clock.Now()) {
		return nil
	}
	subscriptions, err := s.store.PushSubscriptionsOf(ctx, callee.ID)
	if err != nil || len(subscriptions) == 0 {
		return err
	}
	payload, err := json.Marshal(wire.PushPayload{ID: call.ID, Kind: "call", Title: fmt.Sprintf(textsFor(callee.Locale)["call"], call.Caller.Name),
		URL: "/conversations/" + call.ConversationID, Tag: ConversationTopic(call.ConversationID)})
	if err != nil {
		return err
	}
	var failed error
	for _, row := range subscriptions {
		err := s.sender.Send(ctx, PushDevice{Endpoint: row.Endpoint, P256DH: row.P256DH, Auth: row.Auth}, PushMessage{Payload: payload, Urgency: "high", TTL: ttl})
		if errors.Is(err, ErrPushGone) {
			err = s.store.DeletePushOf(ctx, row.ID)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

package services

import (
	"context"
	"fmt"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// maxOrder is how many channels one order of the side bar may name.
const maxOrder = 1000

// changedPreferences is a member's own of a channel, in the user's scope of the log of changes; by channel id.
const changedPreferences = "channel_preferences"

// SetPreferences changes the fields present of the actor's own preferences of a channel.
func (s *Channels) SetPreferences(ctx context.Context, actor Actor, id string, req wire.ChannelPreferences) (*wire.ChannelPreferencesChanged, error) {
	if _, err := Authorize(ctx, s.store, actor, id, ActionRead); err != nil {
		return nil, err
	}
	v, changes := invalid{}, map[string]any{}
	if req.Level != nil {
		v.oneOf("level", *req.Level, models.LevelAll, models.LevelMentions, models.LevelNone)
		changes["level"] = *req.Level
	}
	if req.Favourite != nil {
		changes["favourite"] = *req.Favourite
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	var after wire.ChannelPreferencesChanged
	var seq int64
	err := s.store.Tx(ctx, func(tx *models.Store) error {
		if len(changes) > 0 {
			if err := tx.UpdatePlace(ctx, id, actor.UserID, changes); err != nil {
				return err
			}
		}
		place, err := Authorize(ctx, tx, actor, id, ActionRead) // it may be gone since
		if err != nil {
			return err
		}
		after = preferencesIn(*place)
		if len(changes) > 0 {
			seq, err = record(ctx, tx, UserTopic(actor.UserID), wire.EventChannelPreferences, changedPreferences, id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if seq > 0 {
		s.pub.PublishChange(UserTopic(actor.UserID), seq, wire.EventChannelPreferences, after)
	}
	return &after, nil
}

func preferencesIn(place models.Member) wire.ChannelPreferencesChanged {
	return wire.ChannelPreferencesChanged{ChannelID: place.ChannelID, Level: place.Level, Favourite: place.Favourite, Position: place.Position}
}

// Order sets the order of the actor's side bar: the channels named first, the others behind them as they stood. Channels
// that the actor is not in (any more) are passed over.
func (s *Channels) Order(ctx context.Context, actor Actor, req wire.ChannelOrder) error {
	v, wanted := invalid{}, map[string]int{}
	if len(req.ChannelIDs) > maxOrder {
		v["channel_ids"] = fmt.Sprintf("At most %d can be named.", maxOrder)
	}
	for i, text := range req.ChannelIDs {
		id, ok := models.ParseID(text)
		if _, again := wanted[id]; !ok || again {
			v["channel_ids"] = "These must be ids of channels, each once."
		}
		wanted[id] = i
	}
	if err := v.err(); err != nil {
		return err
	}
	var changed []models.Member
	var seqs []int64
	err := s.store.Tx(ctx, func(tx *models.Store) error {
		changed, seqs = nil, nil
		if err := tx.LockMaker(ctx, actor.UserID); err != nil { // one order at a time
			return err
		}
		places, err := tx.PlacesInOrder(ctx, actor.UserID)
		if err != nil {
			return err
		}
		rank := func(m models.Member) int {
			if i, named := wanted[m.ChannelID]; named {
				return i
			}
			return len(wanted)
		}
		slices.SortStableFunc(places, func(a, b models.Member) int { return rank(a) - rank(b) })
		for i, place := range places {
			if place.Position == i {
				continue
			}
			place.Position = i
			if err := tx.UpdatePlace(ctx, place.ChannelID, actor.UserID, map[string]any{"position": i}); err != nil {
				return err
			}
			changed = append(changed, place)
		}
		for _, place := range changed {
			seq, err := record(ctx, tx, UserTopic(actor.UserID), wire.EventChannelPreferences, changedPreferences, place.ChannelID)
			if err != nil {
				return err
			}
			seqs = append(seqs, seq)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, place := range changed {
		s.pub.PublishChange(UserTopic(actor.UserID), seqs[i], wire.EventChannelPreferences, preferencesIn(place))
	}
	return nil
}

// Replays tell of the actor's preferences of channels again.
func (s *Channels) Replays() []Replay {
	return []Replay{{Kind: changedPreferences, Created: wire.EventChannelPreferences, Updated: wire.EventChannelPreferences,
		Load: func(ctx context.Context, actor Actor, _ string, ids []string) (map[string]Told, error) {
			places, err := s.store.Memberships(ctx, actor.UserID, ids)
			all := map[string]Told{}
			for id, place := range places {
				all[id] = Told{Data: preferencesIn(place)}
			}
			return all, err
		}}}
}

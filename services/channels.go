package services

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// Lessons is what channels need of their meetings.
type Lessons interface {
	// Active finds the running meeting of each of some channels; by channel.
	Active(ctx context.Context, channelIDs ...string) (map[string]*wire.Meeting, error)
	// ChannelArchiving writes the results of the meeting's open polls while the channel still takes comments.
	ChannelArchiving(ctx context.Context, channelID string) error
	// ChannelArchived ends the channel's meeting, and so does ChannelDeleted when its rows are gone; MemberLeft takes one person out of it, RoleChanged changes their rights in it.
	ChannelArchived(ctx context.Context, channelID string) error
	ChannelDeleted(channelID string)
	MemberLeft(channelID, userID string)
	RoleChanged(channelID, userID, role string)
}

// ChannelLimits are how many people a channel may have, and how many channels one person may make.
type ChannelLimits struct{ Members, PerMaker int }

// Channels are the classes.
type Channels struct {
	store   *models.Store
	pub     Publisher
	lessons Lessons
	audit   *Audit
	limits  ChannelLimits
	clock   Clock
}

// NewChannels prepares it.
func NewChannels(store *models.Store, pub Publisher, lessons Lessons, audit *Audit, limits ChannelLimits, clock Clock) *Channels {
	return &Channels{store: store, pub: pub, lessons: lessons, audit: audit, limits: limits, clock: clock}
}

// List is a page of one's own channels, oldest first.
func (s *Channels) List(ctx context.Context, actor Actor, page models.Page) (*wire.List[wire.Channel], error) {
	rows, next, err := s.store.Channels(ctx, actor.UserID, page)
	if err != nil {
		return nil, err
	}
	items, err := s.wire(ctx, actor.UserID, rows)
	if err != nil {
		return nil, err
	}
	return &wire.List[wire.Channel]{Items: items, NextCursor: next}, nil
}

// Create makes a channel with the actor as its owner; fresh is false when the client_id was known.
func (s *Channels) Create(ctx context.Context, actor Actor, req wire.CreateChannelRequest) (channel *wire.Channel, fresh bool, err error) {
	if err := actor.mayJoin(); err != nil {
		return nil, false, err
	}
	v, now := invalid{}, stamp(s.clock)
	row := models.Channel{
		ID:        models.NewID(),
		Name:      v.name("name", req.Name),
		CreatedBy: actor.UserID,
		ClientID:  v.clientID(req.ClientID),
		CreatedAt: now,
		UpdatedAt: now,
	}
	row.Description = v.text("description", req.Description, 1000)
	if err := v.err(); err != nil {
		return nil, false, err
	}
	var seq int64
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		if err := s.write(ctx, tx, &row); err != nil {
			return err
		}
		if err := addMember(ctx, tx, newMember(row.ID, actor.UserID, models.RoleOwner, s.clock)); err != nil {
			return err
		}
		seq, err = record(ctx, tx, UserTopic(actor.UserID), wire.EventChannelCreated, changedPlace, row.ID)
		return err
	})
	if errors.Is(err, models.ErrDuplicate) && row.ClientID != nil {
		channel, err = s.first(ctx, actor, *row.ClientID)
		return channel, false, err
	}
	if err != nil {
		return nil, false, err
	}
	s.pub.Follow(actor.UserID, ChannelTopic(row.ID))
	if channel, err = s.view(context.WithoutCancel(ctx), actor.UserID, row.ID); err != nil {
		return nil, false, err
	}
	s.pub.PublishChange(UserTopic(actor.UserID), seq, wire.EventChannelCreated, channel)
	return channel, true, nil
}

// write adds a channel unless its maker has too many. It comes before the count, so that a second try finds what the first
// has made.
func (s *Channels) write(ctx context.Context, tx *models.Store, row *models.Channel) error {
	if err := tx.LockMaker(ctx, row.CreatedBy); err != nil {
		return err
	}
	if err := tx.DB(ctx).Create(row).Error; err != nil {
		return err
	}
	made, err := tx.CountMade(ctx, row.CreatedBy)
	if err == nil && made > int64(s.limits.PerMaker) {
		err = &Error{Kind: KindConflict, Message: fmt.Sprintf("You have made %d channels, and more are not allowed here: delete some first.", s.limits.PerMaker)}
	}
	return err
}

// first is the channel that an earlier try made; gone if its maker left it since.
func (s *Channels) first(ctx context.Context, actor Actor, clientID string) (*wire.Channel, error) {
	row, err := s.store.ChannelByClientID(ctx, actor.UserID, clientID)
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, row.ID)
}

// Get is one of one's own channels.
func (s *Channels) Get(ctx context.Context, actor Actor, id string) (*wire.Channel, error) {
	if _, err := Authorize(ctx, s.store, actor, id, ActionRead); err != nil {
		return nil, err
	}
	return s.view(ctx, actor.UserID, id)
}

// Update changes the fields present. Only owners archive a channel, which ends its meeting, and open it again.
func (s *Channels) Update(ctx context.Context, actor Actor, id string, req wire.UpdateChannelRequest) (*wire.Channel, error) {
	action := ActionEditChannel
	if req.Archived != nil {
		action = ActionOwn
	}
	member, err := Authorize(ctx, s.store, actor, id, action)
	if err != nil {
		return nil, err
	}
	changes, err := channelChanges(req)
	if err != nil {
		return nil, err
	}
	if member.Archived && len(changes) > 0 && (req.Archived == nil || *req.Archived) {
		return nil, errArchived
	}
	archives := req.Archived != nil && *req.Archived != member.Archived
	if archives {
		changes["archived_at"] = nil
		if *req.Archived {
			changes["archived_at"] = stamp(s.clock)
		}
	}
	if len(changes) == 0 {
		return s.view(ctx, actor.UserID, id)
	}
	changes["updated_at"] = stamp(s.clock)
	if archives && *req.Archived && s.lessons != nil {
		if err := s.lessons.ChannelArchiving(ctx, id); err != nil {
			return nil, err
		}
	}
	var seq int64
	err = s.store.Tx(ctx, func(tx *models.Store) (err error) {
		if err := tx.UpdateChannel(ctx, id, changes); err != nil {
			return err
		}
		seq, err = record(ctx, tx, ChannelTopic(id), wire.EventChannelUpdated, changedChannel, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx) // it is written: others hear of it though who asked has hung up
	if archives {
		s.audit.Record(ctx, actor, AuditChannelArchived, AuditTarget{"channel", id}, map[string]any{"archived": *req.Archived})
	}
	if archives && *req.Archived && s.lessons != nil {
		if err := s.lessons.ChannelArchived(ctx, id); err != nil {
			return nil, err
		}
	}
	channel, err := s.view(ctx, actor.UserID, id)
	if err == nil {
		s.pub.PublishChange(ChannelTopic(id), seq, wire.EventChannelUpdated, channelUpdated(channel))
	}
	return channel, err
}

// channelChanges are the columns that a request changes, but for the archive.
func channelChanges(req wire.UpdateChannelRequest) (map[string]any, error) {
	v, changes := invalid{}, map[string]any{}
	if req.Name != nil {
		changes["name"] = v.name("name", *req.Name)
	}
	if req.Description != nil {
		changes["description"] = v.text("description", *req.Description, 1000)
	}
	if req.Posting != nil {
		v.oneOf("posting", *req.Posting, models.PostingEveryone, models.PostingTeachers)
		changes["posting"] = *req.Posting
	}
	return changes, v.err()
}

// channelUpdated is what every member sees alike.
func channelUpdated(c *wire.Channel) wire.ChannelUpdated {
	return wire.ChannelUpdated{ID: c.ID, Name: c.Name, Description: c.Description, Posting: c.Posting, ArchivedAt: c.ArchivedAt}
}

// Delete removes a channel and everything in it; its meeting ends.
func (s *Channels) Delete(ctx context.Context, actor Actor, id string) error {
	if _, err := Authorize(ctx, s.store, actor, id, ActionOwn); err != nil {
		return err
	}
	channel, err := s.store.Channel(ctx, id)
	if err != nil {
		return err
	}
	var members []string
	seqs := map[string]int64{} // by member
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		if members, err = tx.MemberIDs(ctx, id); err != nil {
			return err
		}
		if err := tx.DeleteChannel(ctx, id); err != nil {
			return err
		}
		slices.Sort(members)
		for _, userID := range members {
			if seqs[userID], err = record(ctx, tx, UserTopic(userID), wire.EventChannelDeleted, changedPlace, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if s.lessons != nil {
		s.lessons.ChannelDeleted(id)
	}
	s.audit.Record(ctx, actor, AuditChannelDeleted, AuditTarget{"channel", id}, map[string]any{"name": channel.Name, "members": len(members)})
	for _, userID := range members {
		s.pub.PublishChange(UserTopic(userID), seqs[userID], wire.EventChannelDeleted, wire.Deleted{ID: id, ChannelID: id})
		s.pub.Unfollow(userID, ChannelTopic(id))
	}
	return nil
}

// view is a channel as one member sees it.
func (s *Channels) view(ctx context.Context, userID, id string) (*wire.Channel, error) {
	row, err := s.store.Channel(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil, NotFound("channel")
	}
	if err != nil {
		return nil, err
	}
	items, err := s.wire(ctx, userID, []models.Channel{*row})
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, NotFound("channel")
	}
	return &items[0], nil
}

// wire shows channels as one member sees them; those that the member just left are missing.
func (s *Channels) wire(ctx context.Context, userID string, rows []models.Channel) ([]wire.Channel, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	topics := make([]string, len(ids))
	for i, id := range ids {
		topics[i] = ChannelTopic(id)
	}
	seqs, err := s.store.Seqs(ctx, topics...) // first: what is read below is at least as new
	if err != nil {
		return nil, err
	}
	places, err := s.store.Memberships(ctx, userID, ids)
	if err != nil {
		return nil, err
	}
	counts, err := s.store.MemberCounts(ctx, ids...)
	if err != nil {
		return nil, err
	}
	unread, err := s.store.UnreadCounts(ctx, userID)
	if err != nil {
		return nil, err
	}
	mentioned, err := s.store.MentionCounts(ctx, userID)
	if err != nil {
		return nil, err
	}
	latest, err := s.store.LatestEntries(ctx, userID)
	if err != nil {
		return nil, err
	}
	active := map[string]*wire.Meeting{}
	if s.lessons != nil {
		if active, err = s.lessons.Active(ctx, ids...); err != nil {
			return nil, err
		}
	}
	items := make([]wire.Channel, 0, len(rows))
	for _, row := range rows {
		place, member := places[row.ID]
		if !member {
			continue
		}
		items = append(items, wire.Channel{
			ID: row.ID, Name: row.Name, Description: row.Description, MyRole: place.Role, MemberCount: counts[row.ID],
			UnreadCount: unread[row.ID], LastReadID: place.LastReadID, LatestEntryID: latest[row.ID],
			ActiveMeeting: active[row.ID], Posting: row.Posting, ArchivedAt: wire.AtPtr(row.ArchivedAt), Level: place.Level,
			Favourite: place.Favourite, Position: place.Position, MentionCount: mentioned[row.ID], Seq: seqs[ChannelTopic(row.ID)], CreatedAt: wire.At(row.CreatedAt),
		})
	}
	return items, nil
}

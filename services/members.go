package services

import (
	"context"
	"errors"
	"fmt"

	"lectern/internal/wire"
	"lectern/models"
)

// Members are the people of a channel.
type Members struct {
	store    *models.Store
	pub      Publisher
	channels *Channels
	lessons  Lessons
	notifier Notifier
	audit    *Audit
	clock    Clock
}

// NewMembers prepares it.
func NewMembers(store *models.Store, pub Publisher, channels *Channels, lessons Lessons, notifier Notifier, audit *Audit, clock Clock) *Members {
	return &Members{store: store, pub: pub, channels: channels, lessons: lessons, notifier: notifier, audit: audit, clock: clock}
}

// List is a page of a channel's members, in the order of their accounts; with a filter, of those whose names contain a text
// or who have a role.
func (s *Members) List(ctx context.Context, actor Actor, channelID string, filter models.MemberFilter, page models.Page) (*wire.List[wire.Member], error) {
	if _, err := Authorize(ctx, s.store, actor, channelID, ActionRead); err != nil {
		return nil, err
	}
	v := invalid{}
	filter.Name = v.line("q", filter.Name, 0, maxMemberSearch)
	if filter.Role != "" {
		v.oneOf("role", filter.Role, roles...)
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	rows, next, err := s.store.Members(ctx, channelID, filter, page)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, m := range rows {
		ids[i] = m.UserID
	}
	users, err := s.store.Users(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]wire.Member, len(rows))
	for i, m := range rows {
		items[i] = s.wire(m, users[m.UserID])
	}
	return &wire.List[wire.Member]{Items: items, NextCursor: next}, nil
}

func (s *Members) wire(m models.Member, u models.User) wire.Member {
	return wire.Member{User: profile(u, s.pub), Role: m.Role, JoinedAt: wire.At(m.JoinedAt)}
}

// maxMemberSearch is the length of a part of a name that members are looked for by, in characters.
const maxMemberSearch = 80

var roles = []string{models.RoleOwner, models.RoleAssistant, models.RoleStudent}

// Add makes a known user a member. Teachers add students, only owners add teachers.
func (s *Members) Add(ctx context.Context, actor Actor, channelID string, req wire.AddMemberRequest) (*wire.Member, error) {
	mine, err := Authorize(ctx, s.store, actor, channelID, ActionInvite)
	if err != nil {
		return nil, err
	}
	v := invalid{}
	v.oneOf("role", req.Role, roles...)
	userID, ok := models.ParseID(req.UserID)
	if ok {
		var user *models.User
		user, err = s.store.User(ctx, userID)
		ok = err == nil && user.DeletedAt == nil
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return nil, err
		}
	}
	if !ok {
		v["user_id"] = "There is no such user."
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	if Teaches(req.Role) && !Can(mine.Role, ActionOwn) {
		return nil, Forbidden("Only an owner can add teachers.")
	}
	row := newMember(channelID, userID, req.Role, s.clock)
	var seqs entered
	var tell func()
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		if err := s.enter(ctx, tx, row); err != nil {
			return err
		}
		tell, err = s.notifier.Notify(ctx, tx, models.Notification{UserID: userID, Kind: models.NotifyAdded, EntityID: *row.LastReadID,
			ActorID: actor.UserID, ChannelID: &channelID}) // who comes back is told again
		if err == nil {
			seqs, err = recordEntered(ctx, tx, row)
		}
		return err
	})
	if errors.Is(err, models.ErrDuplicate) {
		return nil, &Error{Kind: KindConflict, Message: "This person is already a member.", Cause: err}
	}
	if err != nil {
		return nil, err
	}
	changed, err := s.joined(ctx, row, seqs)
	if err != nil {
		return nil, err
	}
	tell()
	return &changed.Member, nil
}

// Enrol makes somebody whom a teacher lets into the channel's meeting a student; who is a member already stays what they are.
func (s *Members) Enrol(ctx context.Context, actor Actor, channelID, userID string) error {
	_, err := s.store.Member(ctx, channelID, userID)
	if errors.Is(err, models.ErrNotFound) {
		_, err = s.Add(ctx, actor, channelID, wire.AddMemberRequest{UserID: userID, Role: models.RoleStudent})
	}
	return err
}

// newMember is a place in a channel. Everything that was there before counts as read: the mark is an id made now, and ids
// are ordered by time.
func newMember(channelID, userID, role string, clock Clock) models.Member {
	return models.Member{ChannelID: channelID, UserID: userID, Role: role, LastReadID: new(models.NewID()), JoinedAt: stamp(clock)}
}

// enter writes a new member unless the channel is full. It comes before the count, so that who is a member already hears
// that, and one at a time, so that the last place is given once.
func (s *Members) enter(ctx context.Context, tx *models.Store, row models.Member) error {
	channel, err := tx.LockChannel(ctx, row.ChannelID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return NotFound("channel")
	case err != nil:
		return err
	case channel.ArchivedAt != nil:
		return errArchived
	}
	if err := addMember(ctx, tx, row); err != nil {
		return err
	}
	counts, err := tx.MemberCounts(ctx, row.ChannelID)
	if most := s.channels.limits.Members; err == nil && counts[row.ChannelID] > most {
		err = &Error{Kind: KindConflict, Message: fmt.Sprintf("The channel has %d members, and more are not allowed here.", most)}
	}
	return err
}

// addMember writes a membership, with the channel at the end of the user's side bar.
func addMember(ctx context.Context, tx *models.Store, row models.Member) (err error) {
	if row.Position, err = tx.NextPosition(ctx, row.UserID); err != nil {
		return err
	}
	return tx.DB(ctx).Create(&row).Error
}

// entered are the numbers of the two events that tell of a new member.
type entered struct{ channel, user int64 }

// recordEntered keeps them; it is the last step of the transaction.
func recordEntered(ctx context.Context, tx *models.Store, row models.Member) (seqs entered, err error) {
	seqs.channel, err = record(ctx, tx, ChannelTopic(row.ChannelID), wire.EventMemberJoined, changedMember, row.UserID)
	if err == nil {
		seqs.user, err = record(ctx, tx, UserTopic(row.UserID), wire.EventChannelCreated, changedPlace, row.ChannelID)
	}
	return seqs, err
}

// joined tells the channel and the new member.
func (s *Members) joined(ctx context.Context, row models.Member, seqs entered) (*wire.MemberChanged, error) {
	ctx = context.WithoutCancel(ctx) // it is written: others hear of it though who asked has hung up
	s.pub.Follow(row.UserID, ChannelTopic(row.ChannelID))
	channel, err := s.channels.view(ctx, row.UserID, row.ChannelID)
	if err != nil { // removed since: their Unfollow may have come before this Follow
		s.pub.Unfollow(row.UserID, ChannelTopic(row.ChannelID))
		return nil, err
	}
	s.pub.PublishChange(UserTopic(row.UserID), seqs.user, wire.EventChannelCreated, channel)
	return s.announce(ctx, wire.EventMemberJoined, row, seqs.channel)
}

// announce tells the channel what became of a member, with the number that it has there.
func (s *Members) announce(ctx context.Context, event string, row models.Member, seq int64) (*wire.MemberChanged, error) {
	ctx = context.WithoutCancel(ctx)
	user, err := s.store.User(ctx, row.UserID)
	if err != nil {
		return nil, err
	}
	counts, err := s.store.MemberCounts(ctx, row.ChannelID)
	if err != nil {
		return nil, err
	}
	changed := &wire.MemberChanged{ChannelID: row.ChannelID, Member: s.wire(row, *user), MemberCount: counts[row.ChannelID]}
	s.pub.PublishChange(ChannelTopic(row.ChannelID), seq, event, changed)
	return changed, nil
}

var errLastOwner = &Error{Kind: KindConflict, Message: "The channel needs an owner: transfer it to somebody else first, or delete it."}

// SetRole is for owners. The last owner stays one.
func (s *Members) SetRole(ctx context.Context, actor Actor, channelID, userID string, req wire.UpdateMemberRequest) (*wire.Member, error) {
	if _, err := Authorize(ctx, s.store, actor, channelID, ActionOwn); err != nil {
		return nil, err
	}
	v := invalid{}
	v.oneOf("role", req.Role, roles...)
	if err := v.err(); err != nil {
		return nil, err
	}
	var row *models.Member
	var before string
	var seq int64
	err := s.change(ctx, actor, channelID, userID, func(tx *models.Store, mine, their *models.Member) error {
		row = their
		if !Can(mine.Role, ActionOwn) {
			return Forbidden("Only an owner can change roles.")
		}
		if err := keepOwner(ctx, tx, their, req.Role); err != nil {
			return err
		}
		before, row.Role = row.Role, req.Role
		if err := tx.DB(ctx).Model(row).Update("role", req.Role).Error; err != nil {
			return err
		}
		var err error
		seq, err = record(ctx, tx, ChannelTopic(channelID), wire.EventMemberUpdated, changedMember, userID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if before != req.Role {
		s.audit.Record(ctx, actor, AuditMemberRole, AuditTarget{"user", userID}, map[string]any{"channel_id": channelID, "from": before, "to": req.Role})
	}
	if s.lessons != nil {
		s.lessons.RoleChanged(channelID, userID, req.Role)
	}
	changed, err := s.announce(ctx, wire.EventMemberUpdated, *row, seq)
	if err != nil {
		return nil, err
	}
	return &changed.Member, nil
}

// Remove is leaving, for oneself. Teachers remove students, owners anyone. The last owner stays.
func (s *Members) Remove(ctx context.Context, actor Actor, channelID, userID string) error {
	var row *models.Member
	var seqs entered
	err := s.change(ctx, actor, channelID, userID, func(tx *models.Store, mine, their *models.Member) (err error) {
		row = their
		switch {
		case actor.UserID == userID:
		case !Can(mine.Role, ActionManageMembers):
			return Forbidden("Only a teacher can remove people.")
		case Teaches(their.Role) && !Can(mine.Role, ActionOwn):
			return Forbidden("Only an owner can remove a teacher.")
		}
		if err := keepOwner(ctx, tx, their, ""); err != nil {
			return err
		}
		if err := tx.DB(ctx).Delete(row).Error; err != nil {
			return err
		}
		seqs, err = recordLeft(ctx, tx, *row)
		return err
	})
	if err != nil {
		return err
	}
	if actor.UserID != userID {
		s.audit.Record(ctx, actor, AuditMemberRemoved, AuditTarget{"user", userID}, map[string]any{"channel_id": channelID, "role": row.Role})
	}
	_, err = s.announce(ctx, wire.EventMemberLeft, *row, seqs.channel)
	s.pub.Unfollow(userID, ChannelTopic(channelID))
	s.pub.PublishChange(UserTopic(userID), seqs.user, wire.EventChannelDeleted, wire.Deleted{ID: channelID, ChannelID: channelID}) // for them
	if s.lessons != nil {
		s.lessons.MemberLeft(channelID, userID)
	}
	return err
}

// recordLeft keeps the two events that tell of somebody's leaving; it is the last step of the transaction.
func recordLeft(ctx context.Context, tx *models.Store, row models.Member) (seqs entered, err error) {
	seqs.channel, err = record(ctx, tx, ChannelTopic(row.ChannelID), wire.EventMemberLeft, changedMember, row.UserID)
	if err == nil {
		seqs.user, err = record(ctx, tx, UserTopic(row.UserID), wire.EventChannelDeleted, changedPlace, row.ChannelID)
	}
	return seqs, err
}

// change runs fn on the actor's and another's membership, one change of a channel at a time.
func (s *Members) change(ctx context.Context, actor Actor, channelID, userID string,
	fn func(tx *models.Store, mine, their *models.Member) error) error {
	return s.store.Tx(ctx, func(tx *models.Store) error {
		if _, err := tx.LockChannel(ctx, channelID); err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		mine, err := Authorize(ctx, tx, actor, channelID, ActionRead)
		if err != nil {
			return err
		}
		their, err := tx.Member(ctx, channelID, userID)
		if errors.Is(err, models.ErrNotFound) {
			return NotFound("member")
		}
		if err != nil {
			return err
		}
		return fn(tx, mine, their)
	})
}

// keepOwner refuses to take the role from the last owner.
func keepOwner(ctx context.Context, tx *models.Store, m *models.Member, role string) error {
	if m.Role != models.RoleOwner || role == models.RoleOwner {
		return nil
	}
	n, err := tx.CountOwners(ctx, m.ChannelID)
	if err == nil && n <= 1 {
		return errLastOwner
	}
	return err
}

package services

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"
	"strings"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Codes have ten of these characters (49 bits): no two look alike.
const (
	codeAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
	codeLength   = 10
	maxInvites   = 100 // of one channel
)

// Invites let people join a channel by a code.
type Invites struct {
	store     *models.Store
	members   *Members
	audit     *Audit
	publicURL string
	clock     Clock
}

// NewInvites prepares it; links start with publicURL.
func NewInvites(store *models.Store, members *Members, audit *Audit, publicURL string, clock Clock) *Invites {
	return &Invites{store: store, members: members, audit: audit, publicURL: publicURL, clock: clock}
}

func (s *Invites) wire(row models.Invite) wire.Invite {
	return wire.Invite{Code: row.Code, URL: s.publicURL + "/join/" + row.Code, ChannelID: row.ChannelID, MaxUses: row.MaxUses,
		Uses: row.Uses, ExpiresAt: wire.AtPtr(row.ExpiresAt), CreatedAt: wire.At(row.CreatedAt)}
}

// List is for teachers: all invites of a channel, newest first.
func (s *Invites) List(ctx context.Context, actor Actor, channelID string) (*wire.List[wire.Invite], error) {
	if _, err := Authorize(ctx, s.store, actor, channelID, ActionInvite); err != nil {
		return nil, err
	}
	rows, err := s.store.Invites(ctx, channelID, maxInvites)
	if err != nil {
		return nil, err
	}
	list := &wire.List[wire.Invite]{Items: make([]wire.Invite, len(rows))}
	for i, row := range rows {
		list.Items[i] = s.wire(row)
	}
	return list, nil
}

// Create is for teachers.
func (s *Invites) Create(ctx context.Context, actor Actor, channelID string, req wire.CreateInviteRequest) (*wire.Invite, error) {
	row, err := s.draft(ctx, actor, channelID, req)
	if err != nil {
		return nil, err
	}
	present, err := s.store.Invites(ctx, channelID, maxInvites)
	if err != nil {
		return nil, err
	}
	if len(present) == maxInvites {
		return nil, &Error{Kind: KindConflict, Message: "The channel has 100 invites: withdraw some first."}
	}
	if err := s.store.DB(ctx).Create(row).Error; err != nil {
		return nil, err
	}
	return s.made(ctx, actor, AuditInviteCreated, row), nil
}

// Rotate is for teachers: it withdraws all invites of a channel and makes a new one, both or neither.
func (s *Invites) Rotate(ctx context.Context, actor Actor, channelID string, req wire.CreateInviteRequest) (*wire.Invite, error) {
	row, err := s.draft(ctx, actor, channelID, req)
	if err != nil {
		return nil, err
	}
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		if _, err := tx.LockChannel(ctx, channelID); err != nil { // one rotation at a time, so that one invite is left
			return err
		}
		if err := tx.DeleteInvites(ctx, channelID); err != nil {
			return err
		}
		return tx.DB(ctx).Create(row).Error
	})
	if err != nil {
		return nil, err
	}
	return s.made(ctx, actor, AuditInvitesRotated, row), nil
}

// made shows a new invite, which the audit log has.
func (s *Invites) made(ctx context.Context, actor Actor, action string, row *models.Invite) *wire.Invite {
	s.audit.Record(ctx, actor, action, AuditTarget{"channel", row.ChannelID}, map[string]any{"max_uses": row.MaxUses, "expires_at": wire.AtPtr(row.ExpiresAt)})
	invite := s.wire(*row)
	return &invite
}

// draft is an invite as asked for, checked.
func (s *Invites) draft(ctx context.Context, actor Actor, channelID string, req wire.CreateInviteRequest) (*models.Invite, error) {
	if _, err := Authorize(ctx, s.store, actor, channelID, ActionInvite); err != nil {
		return nil, err
	}
	v, now := invalid{}, stamp(s.clock)
	row := models.Invite{Code: newCode(), ChannelID: channelID, CreatedBy: actor.UserID, MaxUses: req.MaxUses, CreatedAt: now}
	if req.MaxUses != nil && (*req.MaxUses < 1 || *req.MaxUses > 100_000) {
		v["max_uses"] = "It must be from 1 to 100,000."
	}
	if req.ExpiresAt != nil {
		expires := time.Time(*req.ExpiresAt).UTC().Truncate(time.Millisecond)
		if !expires.After(now) || expires.Year() > 9999 {
			v["expires_at"] = "It must be in the future."
		}
		row.ExpiresAt = &expires
	}
	return &row, v.err()
}

// Withdraw is for teachers of the invite's channel.
func (s *Invites) Withdraw(ctx context.Context, actor Actor, code string) error {
	row, err := s.find(ctx, code)
	if err != nil {
		return err
	}
	if _, err := Authorize(ctx, s.store, actor, row.ChannelID, ActionInvite); err != nil {
		return hide(err, "invite")
	}
	return s.store.DB(ctx).Delete(row).Error
}

// Preview shows whoever holds a good code what it leads to.
func (s *Invites) Preview(ctx context.Context, _ Actor, code string) (*wire.InvitePreview, error) {
	row, err := s.find(ctx, code)
	if err != nil {
		return nil, err
	}
	if err := s.usable(row); err != nil {
		return nil, err
	}
	channel, err := s.store.Channel(ctx, row.ChannelID)
	if err != nil {
		return nil, err
	}
	if channel.ArchivedAt != nil {
		return nil, errArchived
	}
	counts, err := s.store.MemberCounts(ctx, row.ChannelID)
	return &wire.InvitePreview{ChannelName: channel.Name, MemberCount: counts[row.ChannelID]}, err
}

// Accept joins as a student. For a member it changes nothing and uses nothing up.
func (s *Invites) Accept(ctx context.Context, actor Actor, code string) (*wire.Channel, error) {
	row, err := s.find(ctx, code)
	if err != nil {
		return nil, err
	}
	_, err = s.store.Member(ctx, row.ChannelID, actor.UserID)
	if err == nil {
		return s.members.channels.Get(ctx, actor, row.ChannelID)
	}
	if !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	if err := s.usable(row); err != nil {
		return nil, err
	}
	if err := actor.mayJoin(); err != nil {
		return nil, err
	}
	member := newMember(row.ChannelID, actor.UserID, models.RoleStudent, s.clock)
	var seqs entered
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		if err := s.members.enter(ctx, tx, member); err != nil {
			return err
		}
		left, err := tx.UseInvite(ctx, row.Code)
		if err == nil && !left {
			err = errUsedUp
		}
		if err == nil {
			seqs, err = recordEntered(ctx, tx, member)
		}
		return err
	})
	if errors.Is(err, models.ErrDuplicate) { // the same person, twice at once
		return s.members.channels.Get(ctx, actor, row.ChannelID)
	}
	if err != nil {
		return nil, err
	}
	if _, err := s.members.joined(ctx, member, seqs); err != nil {
		return nil, err
	}
	return s.members.channels.Get(ctx, actor, row.ChannelID)
}

func (s *Invites) find(ctx context.Context, code string) (*models.Invite, error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	if len(code) != codeLength || strings.Trim(code, codeAlphabet) != "" {
		return nil, errNoInvite
	}
	row, err := s.store.Invite(ctx, code)
	if errors.Is(err, models.ErrNotFound) {
		return nil, errNoInvite
	}
	return row, err
}

var (
	errNoInvite = &Error{Kind: KindNotFound, Message: "There is no such invite. It may have been withdrawn."}
	errUsedUp   = &Error{Kind: KindConflict, Message: "This invite is used up. Ask your teacher for a new one."}
	errExpired  = &Error{Kind: KindConflict, Message: "This invite has expired. Ask your teacher for a new one."}
)

func (s *Invites) usable(row *models.Invite) error {
	switch {
	case row.ExpiresAt != nil && !s.clock.Now().Before(*row.ExpiresAt):
		return errExpired
	case row.MaxUses != nil && row.Uses >= *row.MaxUses:
		return errUsedUp
	}
	return nil
}

// newCode draws each character evenly.
func newCode() string {
	code := make([]byte, codeLength)
	for i := range code {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(codeAlphabet))))
		if err != nil {
			panic(err) // crypto/rand never fails
		}
		code[i] = codeAlphabet[n.Int64()]
	}
	return string(code)
}

package models

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Roles of a member in a channel. Owner and assistant are teachers.
const (
	RoleOwner     = "owner"
	RoleAssistant = "assistant"
	RoleStudent   = "student"
)

// Channel is a class or course space.
type Channel struct {
	ID            string `gorm:"primaryKey"`
	Name          string
	Description   string
	CreatedBy     string
	ClientID      *string       // unique with CreatedBy
	Posting       string        `gorm:"default:everyone"` // PostingEveryone or PostingTeachers
	ArchivedAt    *time.Time    // read only since
	MeetingMemory MeetingMemory `gorm:"serializer:json"`
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// Who may write posts in a channel.
const (
	PostingEveryone = "everyone"
	PostingTeachers = "teachers"
)

// Levels at which a member is notified of what happens in a channel.
const (
	LevelAll      = "all"
	LevelMentions = "mentions"
	LevelNone     = "none"
)

// Member is a user's place in a channel. LastReadID is the id (UUIDv7, so ordered by time) of the newest entry read. Level,
// Favourite and Position (in the side bar) are the member's own settings.
type Member struct {
	ChannelID  string `gorm:"primaryKey"`
	UserID     string `gorm:"primaryKey"`
	Role       string
	LastReadID *string
	Level      string `gorm:"default:mentions"`
	Favourite  bool
	Position   int
	JoinedAt   time.Time

	Archived bool   `gorm:"->"` // of the channel; only Store.Member fills these two in
	Posting  string `gorm:"->"`
}

// Invite lets whoever holds its code join.
type Invite struct {
	Code      string `gorm:"primaryKey"`
	ChannelID string
	CreatedBy string
	MaxUses   *int
	Uses      int
	ExpiresAt *time.Time
	CreatedAt time.Time
}

// Member finds a user's membership; ErrNotFound when there is none.
func (s *Store) Member(ctx context.Context, channelID, userID string) (*Member, error) {
	var m Member
	err := s.DB(ctx).Select("members.*, channels.archived_at IS NOT NULL AS archived, channels.posting AS posting").
		Joins("JOIN channels ON channels.id = members.channel_id").
		First(&m, "members.channel_id = ? AND members.user_id = ?", channelID, userID).Error
	return &m, err
}

// ChannelIDs lists the channels a user is a member of.
func (s *Store) ChannelIDs(ctx context.Context, userID string) ([]string, error) {
	var ids []string
	err := s.DB(ctx).Model(&Member{}).Where("user_id = ?", userID).Order("channel_id").Pluck("channel_id", &ids).Error
	return ids, err
}

// MemberFilter narrows a list of members: Name is a part of the name, without regard to case; "" for all.
type MemberFilter struct{ Name, Role string }

// Members lists a page of a channel's members, ordered by user id.
func (s *Store) Members(ctx context.Context, channelID string, filter MemberFilter, page Page) ([]Member, *string, error) {
	var rows []Member
	query := s.DB(ctx).Where("channel_id = ?", channelID)
	if filter.Role != "" {
		query = query.Where("role = ?", filter.Role)
	}
	if filter.Name != "" {
		query = query.Where("user_id IN (SELECT id FROM users WHERE lower(name) LIKE ? ESCAPE '!' AND deleted_at IS NULL)",
			"%"+likeEscape.Replace(strings.ToLower(filter.Name))+"%")
	}
	err := query.Scopes(page.Scope("user_id", false)).Find(&rows).Error
	rows, next := Cut(page, rows, func(m Member) string { return m.UserID })
	return rows, next, err
}

// MemberCounts counts the members of each of some channels.
func (s *Store) MemberCounts(ctx context.Context, channelIDs ...string) (map[string]int, error) {
	var rows []struct {
		ChannelID string
		N         int
	}
	err := s.DB(ctx).Model(&Member{}).Select("channel_id, count(*) AS n").Where("channel_id IN ?", channelIDs).
		Group("channel_id").Find(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.ChannelID] = r.N
	}
	return counts, err
}

// Channel finds a channel by id.
func (s *Store) Channel(ctx context.Context, id string) (*Channel, error) {
	var c Channel
	err := s.DB(ctx).First(&c, "id = ?", id).Error
	return &c, err
}

// ChannelByClientID finds the channel that a user made under a client-made id.
func (s *Store) ChannelByClientID(ctx context.Context, userID, clientID string) (*Channel, error) {
	var c Channel
	err := s.DB(ctx).First(&c, "created_by = ? AND client_id = ?", userID, clientID).Error
	return &c, err
}

// LockMaker lets other transactions that lock the same user wait for the end of this one. Rows that point to the user may
// be written meanwhile.
func (s *Store) LockMaker(ctx context.Context, userID string) error {
	return s.DB(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).First(&User{}, "id = ?", userID).Error
}

// CountMade counts the channels that a user has made and that are still there.
func (s *Store) CountMade(ctx context.Context, userID string) (n int64, err error) {
	err = s.DB(ctx).Model(&Channel{}).Where("created_by = ?", userID).Count(&n).Error
	return n, err
}

// LockChannel finds a channel and lets other transactions that lock it wait for the end of this one. Rows that point to the
// channel may be written meanwhile: who writes them holds other rows that this one may want.
func (s *Store) LockChannel(ctx context.Context, id string) (*Channel, error) {
	var c Channel
	err := s.DB(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).First(&c, "id = ?", id).Error
	return &c, err
}

// Channels lists a page of the channels a user is a member of, oldest first.
func (s *Store) Channels(ctx context.Context, userID string, page Page) ([]Channel, *string, error) {
	var rows []Channel
	err := s.DB(ctx).Where("id IN (SELECT channel_id FROM members WHERE user_id = ?)", userID).
		Scopes(page.Scope("id", false)).Find(&rows).Error
	rows, next := Cut(page, rows, func(c Channel) string { return c.ID })
	return rows, next, err
}

// Memberships finds a user's places in some channels; by channel.
func (s *Store) Memberships(ctx context.Context, userID string, channelIDs []string) (map[string]Member, error) {
	var rows []Member
	err := s.DB(ctx).Find(&rows, "user_id = ? AND channel_id IN ?", userID, channelIDs).Error
	byChannel := make(map[string]Member, len(rows))
	for _, m := range rows {
		byChannel[m.ChannelID] = m
	}
	return byChannel, err
}

// MemberIDs lists the users of a channel.
func (s *Store) MemberIDs(ctx context.Context, channelID string) ([]string, error) {
	var ids []string
	err := s.DB(ctx).Model(&Member{}).Where("channel_id = ?", channelID).Pluck("user_id", &ids).Error
	return ids, err
}

// NextPosition is where the side bar of a user ends.
func (s *Store) NextPosition(ctx context.Context, userID string) (n int, err error) {
	err = s.DB(ctx).Model(&Member{}).Select("COALESCE(max(position) + 1, 0)").Where("user_id = ?", userID).Scan(&n).Error
	return n, err
}

// PlacesInOrder lists a user's memberships in the order of the side bar.
func (s *Store) PlacesInOrder(ctx context.Context, userID string) ([]Member, error) {
	var rows []Member
	err := s.DB(ctx).Where("user_id = ?", userID).Order("position, channel_id").Find(&rows).Error
	return rows, err
}

// UpdatePlace changes columns of a membership.
func (s *Store) UpdatePlace(ctx context.Context, channelID, userID string, changes map[string]any) error {
	return s.DB(ctx).Model(&Member{}).Where("channel_id = ? AND user_id = ?", channelID, userID).Updates(changes).Error
}

// MembersAmong finds those of some users who are members of a channel: user id, role and level.
func (s *Store) MembersAmong(ctx context.Context, channelID string, userIDs []string) ([]Member, error) {
	var rows []Member
	err := s.DB(ctx).Select("user_id, role, level").Where("channel_id = ? AND user_id IN ?", channelID, userIDs).Order("user_id").Find(&rows).Error
	return rows, err
}

// CountOwners tells how many owners a channel has.
func (s *Store) CountOwners(ctx context.Context, channelID string) (int64, error) {
	var n int64
	err := s.DB(ctx).Model(&Member{}).Where("channel_id = ? AND role = ?", channelID, RoleOwner).Count(&n).Error
	return n, err
}

// UpdateChannel changes columns of a channel.
func (s *Store) UpdateChannel(ctx context.Context, id string, changes map[string]any) error {
	return s.DB(ctx).Model(&Channel{}).Where("id = ?", id).Updates(changes).Error
}

// UpdateMeetingMemory changes what a channel keeps from one meeting for the next.
func (s *Store) UpdateMeetingMemory(ctx context.Context, id string, change func(*MeetingMemory)) error {
	return s.Tx(ctx, func(tx *Store) error {
		channel, err := tx.LockChannel(ctx, id)
		if err != nil {
			return err
		}
		change(&channel.MeetingMemory)
		return tx.DB(ctx).Model(channel).Select("MeetingMemory").UpdateColumns(channel).Error
	})
}

// DeleteChannel removes a channel and everything in it.
func (s *Store) DeleteChannel(ctx context.Context, id string) error {
	return s.Tx(ctx, func(tx *Store) error {
		if err := tx.DB(ctx).Delete(&Announcement{}, "channel_id = ?", id).Error; err != nil { // first: it waits for one who is telling of it
			return err
		}
		for kind, table := range map[string]string{"post": "posts", "comment": "comments"} { // reactions have no foreign key
			err := tx.DB(ctx).Delete(&Reaction{}, "entry_kind = ? AND entry_id IN (SELECT id FROM "+table+" WHERE channel_id = ?)", kind, id).Error
			if err != nil {
				return err
			}
		}
		if err := tx.DB(ctx).Delete(&Channel{}, "id = ?", id).Error; err != nil {
			return err
		}
		return tx.DB(ctx).Exec("DELETE FROM scopes WHERE scope = ?", "channel:"+id).Error // with its changes
	})
}

// Invite finds an invite by its code.
func (s *Store) Invite(ctx context.Context, code string) (*Invite, error) {
	var i Invite
	err := s.DB(ctx).First(&i, "code = ?", code).Error
	return &i, err
}

// Invites lists a channel's invites, newest first.
func (s *Store) Invites(ctx context.Context, channelID string, limit int) ([]Invite, error) {
	var rows []Invite
	err := s.DB(ctx).Where("channel_id = ?", channelID).Order("created_at DESC, code").Limit(limit).Find(&rows).Error
	return rows, err
}

// DeleteInvites withdraws all invites of a channel.
func (s *Store) DeleteInvites(ctx context.Context, channelID string) error {
	return s.DB(ctx).Delete(&Invite{}, "channel_id = ?", channelID).Error
}

// UseInvite counts one use, and tells whether there was one left.
func (s *Store) UseInvite(ctx context.Context, code string) (bool, error) {
	res := s.DB(ctx).Model(&Invite{}).Where("code = ? AND (max_uses IS NULL OR uses < max_uses)", code).
		Update("uses", gorm.Expr("uses + 1"))
	return res.RowsAffected == 1, res.Error
}

package services_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// roomy limits stand in nobody's way.
var roomy = services.ChannelLimits{Members: 100, PerMaker: 100}

// school is the services of channels over one database.
type school struct {
	channels *services.Channels
	members  *services.Members
	invites  *services.Invites
	audit    *services.Audit
	pub      *published
	clock    *handClock
	owner    services.Actor
	channel  *wire.Channel
}

func newSchool(t *testing.T, store *models.Store) *school {
	t.Helper()
	s := &school{pub: &published{}, clock: newHandClock(), owner: register(t, store, "Owner")}
	pub := s.pub
	s.audit = services.NewAudit(store, s.clock, testenv.Log(t))
	s.channels = services.NewChannels(store, pub, nil, s.audit, roomy, s.clock)
	s.members = services.NewMembers(store, pub, s.channels, nil, newNotifier(t, store, pub, s.clock), s.audit, s.clock)
	s.invites = services.NewInvites(store, s.members, s.audit, "https://class.example", s.clock)
	var err error
	s.channel, _, err = s.channels.Create(t.Context(), s.owner, wire.CreateChannelRequest{Name: "Physics"})
	require.NoError(t, err)
	return s
}

// conflicts counts results: those that succeeded, and those refused as a conflict; anything else fails the test.
func conflicts(t *testing.T, results []result) (succeeded, refused int) {
	t.Helper()
	for _, r := range results {
		if r.err == nil {
			succeeded++
			continue
		}
		requireKind(t, services.KindConflict, r.err)
		refused++
	}
	return succeeded, refused
}

func TestOwnersWhoLeaveAtOnceLeaveOneBehind(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := newSchool(t, store)
		owners := []services.Actor{s.owner}
		for range 5 {
			another := register(t, store, "Another")
			_, err := s.members.Add(t.Context(), s.owner, s.channel.ID, wire.AddMemberRequest{UserID: another.UserID, Role: models.RoleOwner})
			require.NoError(t, err)
			owners = append(owners, another)
		}
		succeeded, refused := conflicts(t, concurrently(len(owners), func(i int) (string, error) {
			if i%2 == 0 {
				return "", s.members.Remove(context.Background(), owners[i], s.channel.ID, owners[i].UserID)
			}
			_, err := s.members.SetRole(context.Background(), owners[i], s.channel.ID, owners[i].UserID, wire.UpdateMemberRequest{Role: models.RoleStudent})
			return "", err
		}))
		require.Equal(t, []int{5, 1}, []int{succeeded, refused})
	})
}

func TestAnInviteIsNotUsedMoreOftenThanAllowed(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := newSchool(t, store)
		uses := 3
		invite, err := s.invites.Create(t.Context(), s.owner, s.channel.ID, wire.CreateInviteRequest{MaxUses: &uses})
		require.NoError(t, err)
		require.Equal(t, "https://class.example/join/"+invite.Code, invite.URL)
		var people []services.Actor
		for range 8 {
			people = append(people, register(t, store, "Student"))
		}
		succeeded, refused := conflicts(t, concurrently(len(people), func(i int) (string, error) {
			_, err := s.invites.Accept(context.Background(), people[i], invite.Code)
			return "", err
		}))
		require.Equal(t, []int{3, 5}, []int{succeeded, refused})
		list, err := s.invites.List(t.Context(), s.owner, s.channel.ID)
		require.NoError(t, err)
		require.Equal(t, 3, list.Items[0].Uses)
	})
}

func TestOnePersonInTwoWindowsUsesAnInviteOnce(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := newSchool(t, store)
		invite, err := s.invites.Create(t.Context(), s.owner, s.channel.ID, wire.CreateInviteRequest{})
		require.NoError(t, err)
		student := register(t, store, "Student")
		for _, r := range concurrently(4, func(int) (string, error) {
			channel, err := s.invites.Accept(context.Background(), student, invite.Code)
			if err != nil {
				return "", err
			}
			return channel.ID, nil
		}) {
			require.NoError(t, r.err)
			require.Equal(t, s.channel.ID, r.value)
		}
		list, err := s.invites.List(t.Context(), s.owner, s.channel.ID)
		require.NoError(t, err)
		require.Equal(t, 1, list.Items[0].Uses)
	})
}

func TestInvitesExpire(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := newSchool(t, store)
		at := wire.At(s.clock.Now().Add(time.Hour))
		invite, err := s.invites.Create(t.Context(), s.owner, s.channel.ID, wire.CreateInviteRequest{ExpiresAt: &at})
		require.NoError(t, err)
		student := register(t, store, "Student")
		s.clock.turn(time.Hour - time.Millisecond)
		_, err = s.invites.Preview(t.Context(), student, invite.Code)
		require.NoError(t, err)
		s.clock.turn(time.Millisecond)
		_, err = s.invites.Accept(t.Context(), student, invite.Code)
		requireKind(t, services.KindConflict, err)
		_, err = s.invites.Accept(t.Context(), s.owner, invite.Code)
		require.NoError(t, err, "a member needs no invite")
	})
}

func TestWindowsThatRetryAtOnceMakeOneChannel(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := newSchool(t, store)
		req := wire.CreateChannelRequest{Name: "Chemistry", ClientID: models.NewID()}
		results := concurrently(6, func(int) (string, error) {
			channel, _, err := s.channels.Create(context.Background(), s.owner, req)
			if err != nil {
				return "", err
			}
			return channel.ID, nil
		})
		for _, r := range results {
			require.NoError(t, r.err)
			require.Equal(t, results[0].value, r.value)
		}
	})
}

func TestADeletedChannelLeavesNothing(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := newSchool(t, store)
		ctx := t.Context()
		now := time.Now().UTC()
		require.NoError(t, store.DB(ctx).Create(&models.Post{ID: models.NewID(), ChannelID: s.channel.ID, AuthorID: s.owner.UserID, Body: "x", CreatedAt: now}).Error)
		var post models.Post
		require.NoError(t, store.DB(ctx).Take(&post).Error)
		require.NoError(t, store.DB(ctx).Create(&models.Reaction{EntryKind: "post", EntryID: post.ID, UserID: s.owner.UserID, Emoji: "👍", CreatedAt: now}).Error)
		require.NoError(t, s.channels.Delete(ctx, s.owner, s.channel.ID))
		for _, row := range []any{&models.Channel{}, &models.Member{}, &models.Post{}, &models.Reaction{}} {
			require.True(t, errors.Is(store.DB(ctx).Take(row).Error, models.ErrNotFound), "%T", row)
		}
		_, err := s.channels.Get(ctx, s.owner, s.channel.ID)
		requireKind(t, services.KindNotFound, err)
	})
}

func TestRateLimit(t *testing.T) {
	clock := newHandClock()
	limit := services.NewRateLimit(0.5, 2, clock)
	for range 2 {
		_, ok := limit.Allow("ada")
		require.True(t, ok)
	}
	wait, ok := limit.Allow("ada")
	require.False(t, ok)
	require.Equal(t, 2*time.Second, wait)
	_, ok = limit.Allow("bo")
	require.True(t, ok, "each key has its own")
	clock.turn(2 * time.Second)
	_, ok = limit.Allow("ada")
	require.True(t, ok)
	clock.turn(2 * time.Minute) // the full ones are forgotten
	_, ok = limit.Allow("ada")
	require.True(t, ok)
	_, ok = (*services.RateLimit)(nil).Allow("ada")
	require.True(t, ok, "off")
}

// follows records who follows what, and lets something happen just before a Follow.
type follows struct {
	published
	topics map[string]bool
	before func()
}

func (f *follows) Follow(userID, topic string) {
	if f.before != nil {
		f.before()
	}
	f.topics[userID+" "+topic] = true
}

func (f *follows) Unfollow(userID, topic string) { delete(f.topics, userID+" "+topic) }

func TestAMemberRemovedWhileBeingAddedHearsNothing(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := newSchool(t, store)
		pub := &follows{topics: map[string]bool{}}
		s.members = services.NewMembers(store, pub, services.NewChannels(store, pub, nil, s.audit, roomy, s.clock), nil, newNotifier(t, store, pub, s.clock), s.audit, s.clock)
		ada := register(t, store, "Ada")
		pub.before = func() { require.NoError(t, s.members.Remove(t.Context(), s.owner, s.channel.ID, ada.UserID)) }
		_, err := s.members.Add(t.Context(), s.owner, s.channel.ID, wire.AddMemberRequest{UserID: ada.UserID, Role: models.RoleStudent})
		requireKind(t, services.KindNotFound, err)
		require.Empty(t, pub.topics)
	})
}

// crowded is a school whose channels have room for three, with two channels for each maker.
func crowded(t *testing.T, store *models.Store) *school {
	t.Helper()
	s, pub := newSchool(t, store), &published{}
	s.channels = services.NewChannels(store, pub, nil, s.audit, services.ChannelLimits{Members: 3, PerMaker: 2}, s.clock)
	s.members = services.NewMembers(store, pub, s.channels, nil, newNotifier(t, store, pub, s.clock), s.audit, s.clock)
	s.invites = services.NewInvites(store, s.members, s.audit, "https://class.example", s.clock)
	return s
}

func TestTheLastPlaceOfAChannelIsGivenOnce(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := crowded(t, store)
		invite, err := s.invites.Create(t.Context(), s.owner, s.channel.ID, wire.CreateInviteRequest{})
		require.NoError(t, err)
		var people []services.Actor
		for range 6 {
			people = append(people, register(t, store, "Somebody"))
		}
		succeeded, refused := conflicts(t, concurrently(len(people), func(i int) (string, error) {
			if i%2 == 0 {
				_, err := s.invites.Accept(context.Background(), people[i], invite.Code)
				return "", err
			}
			_, err := s.members.Add(context.Background(), s.owner, s.channel.ID, wire.AddMemberRequest{UserID: people[i].UserID, Role: models.RoleStudent})
			return "", err
		}))
		require.Equal(t, []int{2, 4}, []int{succeeded, refused})
		members, err := store.MemberIDs(t.Context(), s.channel.ID)
		require.NoError(t, err)
		require.Len(t, members, 3)
		_, err = s.members.Add(t.Context(), s.owner, s.channel.ID, wire.AddMemberRequest{UserID: register(t, store, "Late").UserID, Role: models.RoleStudent})
		require.ErrorContains(t, err, "The channel has 3 members")
		_, err = s.invites.Accept(t.Context(), s.owner, invite.Code)
		require.NoError(t, err, "who is a member needs no place")

		list, err := s.invites.List(t.Context(), s.owner, s.channel.ID)
		require.NoError(t, err)
		require.LessOrEqual(t, list.Items[0].Uses, 2, "a refused one uses nothing up")
		require.NoError(t, s.members.Remove(t.Context(), s.owner, s.channel.ID, members[len(members)-1]))
		_, err = s.invites.Accept(t.Context(), register(t, store, "Later"), invite.Code)
		require.NoError(t, err)
	})
}

func TestNobodyMakesTooManyChannels(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := crowded(t, store)
		clientID := models.NewID()
		second, _, err := s.channels.Create(t.Context(), s.owner, wire.CreateChannelRequest{Name: "Optics", ClientID: clientID})
		require.NoError(t, err)
		again, fresh, err := s.channels.Create(t.Context(), s.owner, wire.CreateChannelRequest{Name: "Optics", ClientID: clientID})
		require.NoError(t, err)
		require.False(t, fresh)
		require.Equal(t, second.ID, again.ID)
		_, _, err = s.channels.Create(t.Context(), s.owner, wire.CreateChannelRequest{Name: "Optics"})
		requireKind(t, services.KindConflict, err)
		require.ErrorContains(t, err, "You have made 2 channels")

		ada := register(t, store, "Ada")
		succeeded, refused := conflicts(t, concurrently(5, func(int) (string, error) {
			_, _, err := s.channels.Create(context.Background(), ada, wire.CreateChannelRequest{Name: "Waves"})
			return "", err
		}))
		require.Equal(t, []int{2, 3}, []int{succeeded, refused})
		require.NoError(t, s.channels.Delete(t.Context(), s.owner, second.ID))
		_, _, err = s.channels.Create(t.Context(), s.owner, wire.CreateChannelRequest{Name: "Optics"})
		require.NoError(t, err)
	})
}

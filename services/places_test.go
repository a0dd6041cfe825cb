package services_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestTheOrderOfTheSideBar(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s, ctx := newSchool(t, store), t.Context()
		ids := []string{s.channel.ID}
		for _, name := range []string{"B", "C", "D"} {
			channel, _, err := s.channels.Create(ctx, s.owner, wire.CreateChannelRequest{Name: name})
			require.NoError(t, err)
			ids = append(ids, channel.ID)
		}
		order := func() []string {
			t.Helper()
			list, err := s.channels.List(ctx, s.owner, models.Page{Limit: 10})
			require.NoError(t, err)
			named := make([]string, len(list.Items))
			for _, c := range list.Items {
				require.Empty(t, named[c.Position], "each place once")
				named[c.Position] = c.ID
			}
			return named
		}
		require.Equal(t, ids, order(), "a new one comes last")
		left := models.NewID()
		require.NoError(t, s.channels.Order(ctx, s.owner, wire.ChannelOrder{ChannelIDs: []string{ids[2], left, ids[0]}}))
		require.Equal(t, []string{ids[2], ids[0], ids[1], ids[3]}, order(), "those not named follow as they stood")
		s.pub.take()
		require.NoError(t, s.channels.Order(ctx, s.owner, wire.ChannelOrder{ChannelIDs: []string{ids[0], ids[2]}}))
		require.Equal(t, []string{"user channel.preferences", "user channel.preferences"}, names(s.pub.take()), "of those that moved")
		for _, bad := range [][]string{{"x"}, {ids[0], ids[0]}, make([]string, 1001)} {
			requireField(t, "channel_ids", s.channels.Order(ctx, s.owner, wire.ChannelOrder{ChannelIDs: bad}))
		}
		require.NoError(t, s.channels.Order(ctx, s.owner, wire.ChannelOrder{}))
	})
}

func TestPreferencesOfAChannel(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s, ctx := newSchool(t, store), t.Context()
		require.Equal(t, models.LevelMentions, s.channel.Level)
		s.pub.take()
		got, err := s.channels.SetPreferences(ctx, s.owner, s.channel.ID, wire.ChannelPreferences{Level: new("none"), Favourite: new(true)})
		require.NoError(t, err)
		require.Equal(t, &wire.ChannelPreferencesChanged{ChannelID: s.channel.ID, Level: "none", Favourite: true}, got)
		events := s.pub.take()
		require.Equal(t, []publishedEvent{{services.UserTopic(s.owner.UserID), wire.EventChannelPreferences, *got}}, events)
		channel, err := s.channels.Get(ctx, s.owner, s.channel.ID)
		require.NoError(t, err)
		require.Equal(t, []any{"none", true}, []any{channel.Level, channel.Favourite})
		_, err = s.channels.SetPreferences(ctx, s.owner, s.channel.ID, wire.ChannelPreferences{})
		require.NoError(t, err)
		require.Empty(t, s.pub.take(), "nothing changed")
		_, err = s.channels.SetPreferences(ctx, s.owner, s.channel.ID, wire.ChannelPreferences{Level: new("loud")})
		requireField(t, "level", err)
		_, err = s.channels.SetPreferences(ctx, register(t, store, "Stranger"), s.channel.ID, wire.ChannelPreferences{})
		requireKind(t, services.KindNotFound, err)
	})
}

func TestAnArchivedChannelIsReadOnly(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		audit := services.NewAudit(store, c.clock, testenv.Log(t))
		channels := services.NewChannels(store, c.pub, nil, audit, roomy, c.clock)
		members := services.NewMembers(store, c.pub, channels, nil, c.notifications, audit, c.clock)
		invites := services.NewInvites(store, members, audit, "https://class.example", c.clock)
		scheduled := services.NewScheduled(c.posts)
		post := c.post(c.owner, "x")
		comment := c.comment(c.owner, post.ID, "y")
		invite, err := invites.Create(ctx, c.owner, c.channel, wire.CreateInviteRequest{})
		require.NoError(t, err)

		for _, actor := range []services.Actor{c.student, c.assistant} {
			_, err = channels.Update(ctx, actor, c.channel, wire.UpdateChannelRequest{Archived: new(true)})
			requireKind(t, services.KindForbidden, err)
		}
		c.pub.take()
		archived, err := channels.Update(ctx, c.owner, c.channel, wire.UpdateChannelRequest{Archived: new(true)})
		require.NoError(t, err)
		require.NotNil(t, archived.ArchivedAt)
		events := c.pub.take()
		require.Equal(t, []string{"channel channel.updated"}, names(events))
		require.NotNil(t, events[0].data.(wire.ChannelUpdated).ArchivedAt)

		body := "z"
		draft := wire.CreateEntryRequest{Body: body}
		for name, do := range map[string]func() error{
			"post": func() error { _, _, err := c.posts.Create(ctx, c.owner, c.channel, draft); return err },
			"edit": func() error {
				_, err := c.posts.Update(ctx, c.owner, post.ID, wire.UpdatePostRequest{Body: &body})
				return err
			},
			"pin": func() error {
				_, err := c.posts.Update(ctx, c.owner, post.ID, wire.UpdatePostRequest{Pinned: new(true)})
				return err
			},
			"delete":  func() error { return c.posts.Delete(ctx, c.owner, post.ID) },
			"comment": func() error { _, _, err := c.comments.Create(ctx, c.student, post.ID, draft); return err },
			"edit one": func() error {
				_, err := c.comments.Update(ctx, c.owner, comment.ID, wire.UpdateCommentRequest{Body: body})
				return err
			},
			"remove": func() error { return c.comments.Delete(ctx, c.owner, comment.ID) },
			"react":  func() error { return c.reactions.Add(ctx, c.student, models.EntryPost, post.ID, "👍") },
			"schedule": func() error {
				_, _, err := scheduled.Create(ctx, c.owner, c.channel, wire.SchedulePostRequest{CreateEntryRequest: draft, PublishAt: wire.At(c.clock.Now().AddDate(0, 0, 1))})
				return err
			},
			"rename": func() error {
				_, err := channels.Update(ctx, c.owner, c.channel, wire.UpdateChannelRequest{Name: &body})
				return err
			},
			"add": func() error {
				_, err := members.Add(ctx, c.owner, c.channel, wire.AddMemberRequest{UserID: c.outside.UserID, Role: models.RoleStudent})
				return err
			},
			"invite": func() error {
				_, err := invites.Create(ctx, c.owner, c.channel, wire.CreateInviteRequest{})
				return err
			},
			"rotate": func() error {
				_, err := invites.Rotate(ctx, c.owner, c.channel, wire.CreateInviteRequest{})
				return err
			},
			"preview": func() error { _, err := invites.Preview(ctx, c.outside, invite.Code); return err },
			"accept":  func() error { _, err := invites.Accept(ctx, c.outside, invite.Code); return err },
			"archive, named": func() error {
				_, err := channels.Update(ctx, c.owner, c.channel, wire.UpdateChannelRequest{Archived: new(true), Name: &body})
				return err
			},
		} {
			t.Run(name, func(t *testing.T) { requireKind(t, services.KindArchived, do()) })
		}
		require.Empty(t, c.pub.take())

		list, err := c.posts.List(ctx, c.student, c.channel, services.PostsAsked{Page: models.Page{Limit: 5}})
		require.NoError(t, err)
		require.Len(t, list.Items, 1, "it can be read")
		require.NoError(t, c.reads.MarkChannel(ctx, c.student, c.channel, post.ID))
		require.NoError(t, members.Remove(ctx, c.classmate, c.channel, c.classmate.UserID), "and left")
		require.NoError(t, members.Transfer(ctx, c.owner, c.channel, wire.TransferRequest{UserID: c.assistant.UserID}), "and given away")

		opened, err := channels.Update(ctx, c.assistant, c.channel, wire.UpdateChannelRequest{Archived: new(false), Name: new("Again")})
		require.NoError(t, err)
		require.Nil(t, opened.ArchivedAt)
		require.Equal(t, "Again", opened.Name)
		c.post(c.student, "open again")
	})
}

// Who was let in while the channel was open writes nothing once it is archived.
func TestArchivingWhileOthersWrite(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		channels := services.NewChannels(store, c.pub, nil, services.NewAudit(store, c.clock, testenv.Log(t)), roomy, c.clock)
		post := c.post(c.owner, "x")
		for range 8 {
			var writers sync.WaitGroup
			writers.Go(func() {
				_, err := channels.Update(ctx, c.owner, c.channel, wire.UpdateChannelRequest{Archived: new(true)})
				assert.NoError(t, err)
			})
			for i := range 9 {
				writers.Go(func() {
					var err error
					switch i % 3 {
					case 0:
						_, _, err = c.posts.Create(ctx, c.student, c.channel, wire.CreateEntryRequest{Body: "late"})
					case 1:
						_, _, err = c.comments.Create(ctx, c.student, post.ID, wire.CreateEntryRequest{Body: "late"})
					default:
						err = c.reactions.Add(ctx, c.student, models.EntryPost, post.ID, []string{"👍", "🎉", "❤️"}[i/3])
					}
					if refused := new(services.Error); err != nil && assert.ErrorAs(t, err, &refused) {
						assert.Equal(t, services.KindArchived, refused.Kind)
					}
				})
			}
			writers.Wait()
			var last models.Change
			require.NoError(t, store.DB(ctx).Where("scope = ?", services.ChannelTopic(c.channel)).Order("seq DESC").Take(&last).Error)
			require.Equal(t, wire.EventChannelUpdated, last.Type, "the archive is the last that happened")
			_, err := channels.Update(ctx, c.owner, c.channel, wire.UpdateChannelRequest{Archived: new(false)})
			require.NoError(t, err)
		}
	})
}

func TestArchivingEndsTheMeeting(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		l := newLesson(t, store)
		audit := services.NewAudit(store, l.clock, testenv.Log(t))
		channels := services.NewChannels(store, l.pub, l.meetings, audit, roomy, l.clock)
		_, err := channels.Update(t.Context(), l.teacher, l.channelID, wire.UpdateChannelRequest{Archived: new(true)})
		require.NoError(t, err)
		require.False(t, l.active(t))
		require.Contains(t, l.pub.take(), wire.EventMeetingEnded)
		_, _, err = l.meetings.Start(t.Context(), l.teacher, l.channelID)
		requireKind(t, services.KindArchived, err)
		_, err = l.meetings.Attendance(t.Context(), l.teacher, l.id)
		require.NoError(t, err, "who was there can still be read")
	})
}

func TestOnlyTeachersPostWhereSoDecided(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		channels := services.NewChannels(store, c.pub, nil, nil, roomy, c.clock)
		_, err := channels.Update(ctx, c.student, c.channel, wire.UpdateChannelRequest{Posting: new("teachers")})
		requireKind(t, services.KindForbidden, err)
		_, err = channels.Update(ctx, c.owner, c.channel, wire.UpdateChannelRequest{Posting: new("nobody")})
		requireField(t, "posting", err)
		mine := c.post(c.student, "before")
		channel, err := channels.Update(ctx, c.assistant, c.channel, wire.UpdateChannelRequest{Posting: new("teachers")})
		require.NoError(t, err)
		require.Equal(t, "teachers", channel.Posting)
		post := c.post(c.assistant, "announcement")
		_, _, err = c.posts.Create(ctx, c.student, c.channel, wire.CreateEntryRequest{Body: "x"})
		requireKind(t, services.KindForbidden, err)
		c.comment(c.student, post.ID, "a question")
		require.NoError(t, c.reactions.Add(ctx, c.student, models.EntryPost, post.ID, "👍"))
		_, err = c.posts.Update(ctx, c.student, mine.ID, wire.UpdatePostRequest{Body: new("what I wrote stays mine")})
		require.NoError(t, err)
	})
}

func TestTransfer(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s, ctx := newSchool(t, store), t.Context()
		heir, stranger := register(t, store, "Heir"), register(t, store, "Stranger")
		_, err := s.members.Add(ctx, s.owner, s.channel.ID, wire.AddMemberRequest{UserID: heir.UserID, Role: models.RoleStudent})
		require.NoError(t, err)
		requireKind(t, services.KindConflict, s.members.Remove(ctx, s.owner, s.channel.ID, s.owner.UserID))
		for _, id := range []string{"", "x", s.owner.UserID, stranger.UserID} {
			requireField(t, "user_id", s.members.Transfer(ctx, s.owner, s.channel.ID, wire.TransferRequest{UserID: id}))
		}
		requireKind(t, services.KindForbidden, s.members.Transfer(ctx, heir, s.channel.ID, wire.TransferRequest{UserID: s.owner.UserID}))
		requireKind(t, services.KindNotFound, s.members.Transfer(ctx, stranger, s.channel.ID, wire.TransferRequest{UserID: heir.UserID}))
		s.pub.take()
		require.NoError(t, s.members.Transfer(ctx, s.owner, s.channel.ID, wire.TransferRequest{UserID: heir.UserID}))
		require.Equal(t, []string{"channel channel.member_updated", "channel channel.member_updated"}, names(s.pub.take()))
		mine, err := s.channels.Get(ctx, s.owner, s.channel.ID)
		require.NoError(t, err)
		theirs, err := s.channels.Get(ctx, heir, s.channel.ID)
		require.NoError(t, err)
		require.Equal(t, []string{models.RoleAssistant, models.RoleOwner}, []string{mine.MyRole, theirs.MyRole})
		require.NoError(t, s.members.Remove(ctx, s.owner, s.channel.ID, s.owner.UserID), "now one can leave")
	})
}

func TestRotationLeavesOneInvite(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s, ctx := newSchool(t, store), t.Context()
		var old []string
		for range 3 {
			invite, err := s.invites.Create(ctx, s.owner, s.channel.ID, wire.CreateInviteRequest{})
			require.NoError(t, err)
			old = append(old, invite.Code)
		}
		_, err := s.invites.Rotate(ctx, s.owner, s.channel.ID, wire.CreateInviteRequest{MaxUses: new(0)})
		requireField(t, "max_uses", err)
		_, err = s.invites.Preview(ctx, s.owner, old[0])
		require.NoError(t, err, "a bad request withdraws nothing")
		fresh := concurrently(4, func(int) (string, error) {
			invite, err := s.invites.Rotate(ctx, s.owner, s.channel.ID, wire.CreateInviteRequest{MaxUses: new(5)})
			if err != nil {
				return "", err
			}
			return invite.Code, nil
		})
		list, err := s.invites.List(ctx, s.owner, s.channel.ID)
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		codes := []string{}
		for _, r := range fresh {
			require.NoError(t, r.err)
			codes = append(codes, r.value)
		}
		require.Contains(t, codes, list.Items[0].Code)
		for _, code := range old {
			_, err := s.invites.Accept(ctx, register(t, store, "Late"), code)
			requireKind(t, services.KindNotFound, err)
		}
	})
}

func TestMembersAreFoundByAnyPartOfTheName(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s, ctx := newSchool(t, store), t.Context()
		for _, name := range []string{"王小明", "陳大明", "Anna Lee", "hannah_100%"} {
			role := models.RoleStudent
			if name == "陳大明" {
				role = models.RoleAssistant
			}
			_, err := s.members.Add(ctx, s.owner, s.channel.ID, wire.AddMemberRequest{UserID: register(t, store, name).UserID, Role: role})
			require.NoError(t, err)
		}
		find := func(q, role string) []string {
			t.Helper()
			found := []string{}
			for page := (models.Page{Limit: 2}); ; {
				list, err := s.members.List(ctx, s.owner, s.channel.ID, models.MemberFilter{Name: q, Role: role}, page)
				require.NoError(t, err)
				for _, m := range list.Items {
					found = append(found, m.User.Name)
				}
				if list.NextCursor == nil {
					return found
				}
				page.After = *list.NextCursor
			}
		}
		require.Equal(t, []string{"王小明", "陳大明"}, find("明", ""))
		require.Equal(t, []string{"王小明"}, find(" 小 ", ""))
		require.Equal(t, []string{"Anna Lee", "hannah_100%"}, find("ANN", ""))
		require.Equal(t, []string{"hannah_100%"}, find("_100%", ""))
		require.Equal(t, []string{"陳大明"}, find("", models.RoleAssistant))
		require.Equal(t, []string{"陳大明"}, find("明", models.RoleAssistant))
		require.Len(t, find("", ""), 5)
		require.Empty(t, find("nobody", ""))
		_, err := s.members.List(ctx, s.owner, s.channel.ID, models.MemberFilter{Role: "guest"}, models.Page{Limit: 2})
		requireField(t, "role", err)
		_, err = s.members.List(ctx, s.owner, s.channel.ID, models.MemberFilter{Name: "\x00"}, models.Page{Limit: 2})
		requireField(t, "q", err)
	})
}

package services_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// leaving is a school with an account to delete.
type leaving struct {
	*school
	auth     *services.Auth
	accounts *services.Accounts
	pub      *published
	doors    *doorkeeper
}

func newLeaving(t *testing.T, store *models.Store) *leaving {
	t.Helper()
	l := &leaving{school: newSchool(t, store), pub: &published{}, doors: &doorkeeper{}}
	l.auth = newAuthWith(t, store, l.clock, services.AuthOptions{Sockets: l.doors, Audit: l.audit})
	l.members = services.NewMembers(store, l.pub, l.channels, nil, newNotifier(t, store, l.pub, l.clock), l.audit, l.clock)
	disk, err := services.NewDisk(t.TempDir())
	require.NoError(t, err)
	files, err := services.NewFiles(store, disk, l.clock, services.FilesOptions{Incoming: t.TempDir(), MaxBytes: 1 << 20, QuotaBytes: 1 << 20,
		Secret: oldSecret, Log: testenv.Log(t)})
	require.NoError(t, err)
	l.accounts = services.NewAccounts(l.auth, l.members, files, l.pub)
	return l
}

func (l *leaving) delete(t *testing.T, actor services.Actor, password string) error {
	t.Helper()
	return l.accounts.Delete(t.Context(), actor, wire.DeleteMeRequest{Password: password}, services.Device{})
}

func TestADeletedAccountLeavesItsWords(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		l := newLeaving(t, store)
		signed, ada := signUp(t, l.auth, "ada@example.org")
		invite, err := l.invites.Create(t.Context(), l.owner, l.channel.ID, wire.CreateInviteRequest{})
		require.NoError(t, err)
		_, err = l.invites.Accept(t.Context(), ada, invite.Code)
		require.NoError(t, err)
		own, _, err := l.channels.Create(t.Context(), ada, wire.CreateChannelRequest{Name: "Alone"})
		require.NoError(t, err)
		post := models.Post{ID: models.NewID(), ChannelID: l.channel.ID, AuthorID: ada.UserID, Body: "What I said", CreatedAt: l.clock.Now()}
		require.NoError(t, store.DB(t.Context()).Create(&post).Error)

		requireKind(t, services.KindInvalid, l.delete(t, ada, "wrong"))
		l.pub.take()
		require.NoError(t, l.delete(t, ada, goodPassword))
		events := l.pub.take()
		require.Equal(t, []string{"channel channel.member_left", "user user.updated", "channel user.updated"}, names(events))
		gone := wire.Profile{ID: ada.UserID, Presence: "offline", Deleted: true}
		require.Equal(t, gone, events[0].data.(*wire.MemberChanged).Member.User)
		require.Equal(t, gone, events[1].data)
		require.Equal(t, []string{ada.UserID + "/"}, l.doors.closed)

		row, err := store.User(t.Context(), ada.UserID)
		require.NoError(t, err)
		text, err := json.Marshal(row)
		require.NoError(t, err)
		require.NotContains(t, string(text), "example.org")
		require.NotContains(t, string(text), "Lovelace")
		require.Empty(t, row.PasswordHash)
		require.Nil(t, row.AvatarFileID)
		var sessions int64
		require.NoError(t, store.DB(t.Context()).Model(&models.Session{}).Where("user_id = ?", ada.UserID).Count(&sessions).Error)
		require.Zero(t, sessions)
		_, err = store.Channel(t.Context(), own.ID)
		require.ErrorIs(t, err, models.ErrNotFound, "nobody else was in it")
		require.NoError(t, store.DB(t.Context()).First(&models.Post{}, "id = ?", post.ID).Error, "what was said stays")

		_, err = l.auth.Authenticate(t.Context(), signed.AccessToken)
		requireKind(t, services.KindUnauthenticated, err)
		_, err = l.auth.Refresh(t.Context(), signed.RefreshToken)
		requireKind(t, services.KindUnauthenticated, err)
		for _, email := range []string{"ada@example.org", row.Email} {
			_, err = login(l.auth, email, goodPassword, services.Device{})
			requireKind(t, services.KindUnauthenticated, err)
		}
		_, err = l.members.Add(t.Context(), l.owner, l.channel.ID, wire.AddMemberRequest{UserID: ada.UserID, Role: models.RoleStudent})
		requireKind(t, services.KindInvalid, err)
		_, again := signUp(t, l.auth, "ada@example.org") // the address is free
		require.NotEqual(t, ada.UserID, again.UserID)
	})
}

func TestWhoMustHandOverFirst(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		l := newLeaving(t, store)
		require.NoError(t, store.UpdateUser(t.Context(), l.owner.UserID, map[string]any{"role": models.RoleUser}))
		_, admin := signUp(t, l.auth, "admin@example.org")
		require.NoError(t, store.UpdateUser(t.Context(), admin.UserID, map[string]any{"role": models.RoleAdmin}))
		_, ada := signUp(t, l.auth, "ada@example.org")
		_, bob := signUp(t, l.auth, "bob@example.org")

		requireKind(t, services.KindConflict, l.delete(t, admin, goodPassword))
		require.NoError(t, store.UpdateUser(t.Context(), ada.UserID, map[string]any{"role": models.RoleAdmin}))
		require.NoError(t, l.delete(t, admin, goodPassword))

		require.NoError(t, store.UpdateUser(t.Context(), bob.UserID, map[string]any{"role": models.RoleAdmin}))
		physics, _, err := l.channels.Create(t.Context(), ada, wire.CreateChannelRequest{Name: "Optics"})
		require.NoError(t, err)
		alone, _, err := l.channels.Create(t.Context(), ada, wire.CreateChannelRequest{Name: "Alone"})
		require.NoError(t, err)
		_, err = l.members.Add(t.Context(), ada, physics.ID, wire.AddMemberRequest{UserID: bob.UserID, Role: models.RoleStudent})
		require.NoError(t, err)
		err = l.delete(t, ada, goodPassword)
		requireKind(t, services.KindConflict, err)
		require.ErrorContains(t, err, "Optics")
		_, err = store.Channel(t.Context(), alone.ID)
		require.NoError(t, err, "a refused deletion changes nothing")
		_, err = l.members.SetRole(t.Context(), ada, physics.ID, bob.UserID, wire.UpdateMemberRequest{Role: models.RoleOwner})
		require.NoError(t, err)
		require.NoError(t, l.delete(t, ada, goodPassword))
	})
}

func TestOneOfTwoAdministratorsStays(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		l := newLeaving(t, store)
		require.NoError(t, store.UpdateUser(t.Context(), l.owner.UserID, map[string]any{"role": models.RoleUser}))
		var admins []services.Actor
		for range 2 {
			_, admin := signUp(t, l.auth, models.NewID()+"@example.org")
			require.NoError(t, store.UpdateUser(t.Context(), admin.UserID, map[string]any{"role": models.RoleAdmin}))
			admins = append(admins, admin)
		}
		succeeded, refused := conflicts(t, concurrently(2, func(i int) (string, error) {
			return "", l.accounts.Delete(t.Context(), admins[i], wire.DeleteMeRequest{Password: goodPassword}, services.Device{})
		}))
		require.Equal(t, []int{1, 1}, []int{succeeded, refused})
	})
}

func TestTheExportHasWhatIsKept(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		l := newLeaving(t, store)
		_, ada := signUp(t, l.auth, "ada@example.org")
		channel, _, err := l.channels.Create(t.Context(), ada, wire.CreateChannelRequest{Name: "Optics"})
		require.NoError(t, err)
		post := models.Post{ID: models.NewID(), ChannelID: channel.ID, AuthorID: ada.UserID, Body: "a post", CreatedAt: l.clock.Now()}
		require.NoError(t, store.DB(t.Context()).Create(&post).Error)
		comment := models.Comment{ID: models.NewID(), PostID: post.ID, ChannelID: channel.ID, AuthorID: ada.UserID, Body: "a comment", CreatedAt: l.clock.Now()}
		require.NoError(t, store.DB(t.Context()).Create(&comment).Error)
		other := models.Post{ID: models.NewID(), ChannelID: l.channel.ID, AuthorID: l.owner.UserID, Body: "somebody else's", CreatedAt: l.clock.Now()}
		require.NoError(t, store.DB(t.Context()).Create(&other).Error)

		meeting := models.Meeting{ID: models.NewID(), ChannelID: channel.ID, HostID: ada.UserID, StartedAt: l.clock.Now()}
		require.NoError(t, store.AddMeeting(t.Context(), &meeting))
		question := models.Question{ID: models.NewID(), MeetingID: meeting.ID, Question: "Why?", Choices: []string{"heat", "light"}, AskedAt: l.clock.Now()}
		require.NoError(t, store.AddQuestion(t.Context(), &question))
		require.NoError(t, store.SaveAnswer(t.Context(), &models.Answer{QuestionID: question.ID, UserID: ada.UserID, Choice: new(1), At: l.clock.Now()}))
		export, err := l.accounts.Export(t.Context(), ada)
		require.NoError(t, err)
		require.Equal(t, "ada@example.org", export.Account.Email)
		require.Len(t, export.Sessions, 1)
		require.True(t, export.Sessions[0].Current)
		require.Equal(t, "Optics", export.Channels[0].Name)
		require.Equal(t, models.RoleOwner, export.Channels[0].Role)
		require.Equal(t, []wire.ExportEntry{{ID: post.ID, ChannelID: channel.ID, Body: "a post", CreatedAt: wire.At(l.clock.Now())}}, export.Posts)
		require.Equal(t, []wire.ExportEntry{{ID: comment.ID, ChannelID: channel.ID, PostID: post.ID, Body: "a comment", CreatedAt: wire.At(l.clock.Now())}}, export.Comments)
		require.Equal(t, []wire.ExportAnswer{{MeetingID: meeting.ID, Question: "Why?", Answer: "light", At: wire.At(l.clock.Now())}}, export.Answers)
		require.NotNil(t, export.Files)
	})
}

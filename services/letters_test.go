package services_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// tokenOf is the token of a letter's link, which must lead to a page.
func tokenOf(t *testing.T, letter *services.Letter, page string) string {
	t.Helper()
	require.NotNil(t, letter)
	link, err := url.Parse(letter.Link)
	require.NoError(t, err)
	require.Equal(t, "https://class.example"+page, link.Scheme+"://"+link.Host+link.Path)
	return link.Query().Get("token")
}

func TestAddressesAreVerified(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock, post := newHandClock(), &postbox{delivers: true}
		auth := newAuthWith(t, store, clock, services.AuthOptions{Mailer: post})
		verify := func(token string) error { return auth.VerifyEmail(t.Context(), wire.VerifyEmailRequest{Token: token}) }
		_, admin := signUp(t, auth, "admin@example.org")
		require.False(t, admin.Unverified, "the administrator may be setting email up")
		post.letters = nil

		signed, ada := signUp(t, auth, "ada@example.org")
		require.True(t, ada.Unverified)
		require.False(t, signed.User.EmailVerified)
		letter := post.next(t)
		require.Equal(t, models.PurposeVerify, letter.Purpose)
		require.Equal(t, "ada@example.org", letter.To)
		first := tokenOf(t, letter, "/verify")
		require.NoError(t, auth.ResendVerification(t.Context(), ada))
		second := tokenOf(t, post.next(t), "/verify")
		require.NotEqual(t, first, second)

		requireKind(t, services.KindInvalid, verify(""))
		requireKind(t, services.KindInvalid, verify("nonsense"))
		requireKind(t, services.KindInvalid, auth.ResetPassword(t.Context(), wire.ResetPasswordRequest{Token: first, Password: "eight green trams"}, services.Device{}))
		results := concurrently(4, func(int) (string, error) {
			return "", auth.VerifyEmail(context.Background(), wire.VerifyEmailRequest{Token: first})
		})
		taken := 0
		for _, r := range results {
			if r.err == nil {
				taken++
				continue
			}
			requireKind(t, services.KindInvalid, r.err)
		}
		require.Equal(t, 1, taken, "a link is good once")
		requireKind(t, services.KindInvalid, verify(second)) // nothing is left to verify
		verified, err := auth.Authenticate(t.Context(), signed.AccessToken)
		require.NoError(t, err)
		require.False(t, verified.Unverified)
		require.NoError(t, auth.ResendVerification(t.Context(), verified))
		require.Empty(t, post.letters)

		_, bob := signUp(t, auth, "bob@example.org")
		late := tokenOf(t, post.next(t), "/verify")
		clock.turn(services.VerifyLinkLife)
		requireKind(t, services.KindInvalid, verify(late))
		require.True(t, bob.Unverified)
	})
}

func TestTokensOfLettersAreKeptHashed(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		post := &postbox{}
		auth := newAuthWith(t, store, services.SystemClock{}, services.AuthOptions{Mailer: post})
		signUp(t, auth, "ada@example.org")
		require.NoError(t, auth.ForgotPassword(t.Context(), wire.ForgotPasswordRequest{Email: " ADA@example.org "}))
		token := tokenOf(t, post.next(t), "/reset")
		var rows []models.EmailToken
		require.NoError(t, store.DB(t.Context()).Find(&rows).Error)
		require.Len(t, rows, 1)
		require.NotContains(t, rows[0].Hash, token)
		require.Len(t, rows[0].Hash, 64)
	})
}

func TestAForgottenPasswordIsReset(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock, post, doors := newHandClock(), &postbox{}, &doorkeeper{}
		auth := newAuthWith(t, store, clock, services.AuthOptions{Mailer: post, Sockets: doors})
		signed, ada := signUp(t, auth, "ada@example.org")
		forgot := func() string {
			require.NoError(t, auth.ForgotPassword(t.Context(), wire.ForgotPasswordRequest{Email: "ada@example.org"}))
			return tokenOf(t, post.next(t), "/reset")
		}
		reset := func(token, password string) error {
			return auth.ResetPassword(t.Context(), wire.ResetPasswordRequest{Token: token, Password: password}, services.Device{})
		}
		requireKind(t, services.KindInvalid, auth.ForgotPassword(t.Context(), wire.ForgotPasswordRequest{Email: "no address"}))

		late := forgot()
		clock.turn(services.ResetLinkLife)
		requireKind(t, services.KindInvalid, reset(late, "eight green trams"))

		one, two := forgot(), forgot()
		requireKind(t, services.KindInvalid, reset(one, "password1"))
		requireKind(t, services.KindInvalid, reset(one, strings.Repeat("x", 300)))
		require.NoError(t, auth.Lives(t.Context(), ada))
		require.NoError(t, reset(one, "eight green trams"), "a refused password has not used the link up")
		requireKind(t, services.KindInvalid, reset(one, "nine white boats"))
		requireKind(t, services.KindInvalid, reset(two, "nine white boats"))
		requireKind(t, services.KindUnauthenticated, auth.Lives(t.Context(), ada))
		_, err := auth.Refresh(t.Context(), signed.RefreshToken)
		requireKind(t, services.KindUnauthenticated, err)
		require.Equal(t, []string{ada.UserID + "/" + ada.SessionID}, doors.closed)
		again, err := login(auth, "ada@example.org", "eight green trams", services.Device{})
		require.NoError(t, err)
		require.True(t, again.User.EmailVerified, "who opened the link owns the address")

		clock.turn(time.Hour)
		three := forgot()
		actor, err := auth.Authenticate(t.Context(), again.AccessToken)
		if err != nil { // its access token is an hour old
			again, err = auth.Refresh(t.Context(), again.RefreshToken)
			require.NoError(t, err)
			actor, err = auth.Authenticate(t.Context(), again.AccessToken)
			require.NoError(t, err)
		}
		require.NoError(t, auth.ChangePassword(t.Context(), actor,
			wire.ChangePasswordRequest{CurrentPassword: "eight green trams", Password: "nine white boats"}, services.Device{}))
		requireKind(t, services.KindInvalid, reset(three, "ten grey geese")) // asked for before the change
	})
}

func TestLettersToOneAddressAreFew(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock, post := newHandClock(), &postbox{delivers: true}
		auth := newAuthWith(t, store, clock, services.AuthOptions{Mailer: post, Throttle: true})
		_, ada := signUp(t, auth, "ada@example.org")
		post.letters = nil
		for range 10 {
			require.NoError(t, auth.ForgotPassword(t.Context(), wire.ForgotPasswordRequest{Email: "ada@example.org"}))
		}
		require.Len(t, post.letters, 3)
		requireKind(t, services.KindRateLimited, auth.ResendVerification(t.Context(), ada))
		clock.turn(5 * time.Minute)
		require.NoError(t, auth.ResendVerification(t.Context(), ada))
	})
}

func TestWhoMaySignUp(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock := newHandClock()
		with := func(policy string, domains ...string) *services.Auth {
			return newAuthWith(t, store, clock, services.AuthOptions{SignUp: policy, Domains: domains})
		}
		ask := func(auth *services.Auth, email, code string) error {
			_, err := auth.Register(t.Context(), wire.RegisterRequest{Email: email, Password: goodPassword, Name: "N", InviteCode: code}, services.Device{})
			return err
		}
		refused := func(field string, err error) {
			t.Helper()
			requireKind(t, services.KindSignUpRefused, err)
			var domain *services.Error
			require.ErrorAs(t, err, &domain)
			require.Contains(t, domain.Fields, field)
		}
		invite, domains := with(services.SignUpInvite), with(services.SignUpDomains, "school.edu.tw", "uni.example")
		require.NoError(t, ask(invite, "first@example.org", ""), "the first account is always taken")

		refused("email", ask(domains, "eve@example.org", ""))
		refused("email", ask(domains, "eve@sub.school.edu.tw", ""))
		refused("email", ask(domains, "eve@evilschool.edu.tw", ""))
		require.NoError(t, ask(domains, "ada@School.edu.TW", ""))
		require.Equal(t, []string{"school.edu.tw", "uni.example"}, domains.Server(services.Actor{}, "v").Domains)

		s := newSchool(t, store)
		s.clock = clock
		good, err := s.invites.Create(t.Context(), s.owner, s.channel.ID, wire.CreateInviteRequest{MaxUses: new(1)})
		require.NoError(t, err)
		refused("invite_code", ask(invite, "bob@example.org", ""))
		refused("invite_code", ask(invite, "bob@example.org", "ABCDEFGHJK"))
		refused("invite_code", ask(invite, "bob@example.org", strings.Repeat("x", 10_000)))
		require.NoError(t, ask(invite, "bob@example.org", " "+strings.ToLower(good.Code)))
		require.NoError(t, ask(invite, "cy@example.org", good.Code), "joining uses it up, not signing up")
		require.NoError(t, s.invites.Withdraw(t.Context(), s.owner, good.Code))
		refused("invite_code", ask(invite, "dee@example.org", good.Code))

		info := invite.Server(services.Actor{}, "v1")
		require.Equal(t, wire.ServerInfo{Version: "v1", SignUp: "invite"}, info)
		require.False(t, *invite.Server(services.Actor{Admin: true}, "v1").Mail)
	})
}

func TestOnlyOneIsFirst(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		auth := newAuthWith(t, store, services.SystemClock{}, services.AuthOptions{SignUp: services.SignUpInvite})
		accepted := 0
		for _, r := range concurrently(6, func(int) (string, error) {
			_, err := auth.Register(context.Background(), wire.RegisterRequest{Email: models.NewID() + "@example.org", Password: goodPassword, Name: "N"}, services.Device{})
			return "", err
		}) {
			if r.err == nil {
				accepted++
				continue
			}
			requireKind(t, services.KindSignUpRefused, r.err)
		}
		require.Equal(t, 1, accepted)
	})
}

func TestAnUnverifiedAddressNeitherJoinsNorMakesChannels(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s := newSchool(t, store)
		eve := register(t, store, "Eve")
		eve.Unverified = true
		_, _, err := s.channels.Create(t.Context(), eve, wire.CreateChannelRequest{Name: "Mine"})
		requireKind(t, services.KindEmailUnverified, err)
		invite, err := s.invites.Create(t.Context(), s.owner, s.channel.ID, wire.CreateInviteRequest{})
		require.NoError(t, err)
		_, err = s.invites.Accept(t.Context(), eve, invite.Code)
		requireKind(t, services.KindEmailUnverified, err)
		eve.Unverified = false
		_, err = s.invites.Accept(t.Context(), eve, invite.Code)
		require.NoError(t, err)
		eve.Unverified = true
		_, err = s.invites.Accept(t.Context(), eve, invite.Code)
		require.NoError(t, err, "who is in stays in")
	})
}

func TestAdministratorsLetOthersSetANewPassword(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock, post := newHandClock(), &postbox{}
		audit := services.NewAudit(store, clock, testenv.Log(t))
		auth := newAuthWith(t, store, clock, services.AuthOptions{Mailer: post, Audit: audit})
		_, admin := signUp(t, auth, "admin@example.org")
		_, ada := signUp(t, auth, "ada@example.org")
		_, err := auth.IssueReset(t.Context(), ada, admin.UserID)
		requireKind(t, services.KindForbidden, err)
		_, err = auth.IssueReset(t.Context(), admin, models.NewID())
		requireKind(t, services.KindNotFound, err)
		_, err = auth.IssueReset(t.Context(), admin, admin.UserID)
		requireKind(t, services.KindConflict, err)

		post.letters = nil
		issued, err := auth.IssueReset(t.Context(), admin, ada.UserID)
		require.NoError(t, err)
		require.False(t, issued.Mailed)
		require.Empty(t, post.letters, "a link that is shown is not in the log too")
		token := tokenOf(t, &services.Letter{Link: issued.Link}, "/reset")
		var rows []models.AuditEvent
		require.NoError(t, store.DB(t.Context()).Find(&rows, "action = ?", services.AuditResetIssued).Error)
		require.Len(t, rows, 1)
		require.Equal(t, []string{admin.UserID, ada.UserID}, []string{*rows[0].ActorID, rows[0].TargetID})
		require.JSONEq(t, `{"mailed":false}`, rows[0].Detail)
		require.NoError(t, auth.Lives(t.Context(), ada), "nobody is signed out before the link is used")
		require.NoError(t, auth.ResetPassword(t.Context(), wire.ResetPasswordRequest{Token: token, Password: "eight green trams"}, services.Device{}))

		post.delivers = true
		issued, err = auth.IssueReset(t.Context(), admin, ada.UserID)
		require.NoError(t, err)
		require.Equal(t, wire.IssuedReset{Mailed: true}, *issued)
		require.Equal(t, "ada@example.org", post.next(t).To)

		require.NoError(t, store.UpdateUser(t.Context(), ada.UserID, map[string]any{"disabled_at": clock.Now()}))
		_, err = auth.IssueReset(t.Context(), admin, ada.UserID)
		requireKind(t, services.KindConflict, err)
		require.NoError(t, store.EraseUser(t.Context(), ada.UserID, clock.Now()))
		_, err = auth.IssueReset(t.Context(), admin, ada.UserID)
		requireKind(t, services.KindNotFound, err)
	})
}

package services_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

const goodPassword = "seven blue buses"

// signUp opens an account with goodPassword and returns who signed in.
func signUp(t *testing.T, auth *services.Auth, email string) (*services.Signed, services.Actor) {
	t.Helper()
	signed, err := auth.Register(t.Context(), wire.RegisterRequest{Email: email, Password: goodPassword, Name: "Ada Lovelace"}, services.Device{IP: "192.0.2.1"})
	require.NoError(t, err)
	actor, err := auth.Authenticate(t.Context(), signed.AccessToken)
	require.NoError(t, err)
	return signed, actor
}

func login(auth *services.Auth, email, password string, from services.Device) (*services.Signed, error) {
	return auth.Login(context.Background(), wire.LoginRequest{Email: email, Password: password}, from)
}

func TestCommonPasswords(t *testing.T) {
	for _, password := range []string{"password", "PASSWORD1", "P@ssw0rd!", "12345678", "1q2w3e4r", "qwertyuiop", "ji32k7au4a83", "woaini1314",
		"iloveyou", "Taiwan2026", "welcome123!", "aaaaaaaaaaaa", "dragondragon", "teacher@2026", "adminadmin"} {
		require.True(t, services.IsCommonPassword(strings.ToLower(password)), password)
	}
	for _, password := range []string{goodPassword, testenv.Password, "k3-violet-otter", "我家在上海東邊有一棵樹", "passwordless auth", "dragon84719283"} {
		require.False(t, services.IsCommonPassword(strings.ToLower(password)), password)
	}
}

func TestPasswordsThatAreRefused(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		auth := newAuth(t, store, services.SystemClock{})
		for _, password := range []string{"short", strings.Repeat("x", 257), "Password123", "ada.lovelace", "ADA.lovelace@example.org", "ada lovelace"} {
			_, err := auth.Register(t.Context(), wire.RegisterRequest{Email: "ada.lovelace@example.org", Password: password, Name: "Ada Lovelace"}, services.Device{})
			var domain *services.Error
			require.ErrorAs(t, err, &domain, password)
			require.Contains(t, domain.Fields, "password", password)
		}
	})
}

func TestAHashOfOtherParametersIsRenewed(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		_, actor := signUp(t, newAuth(t, store, services.SystemClock{}), "ada@example.org")
		stronger := argon2id.Params{Memory: 128, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
		auth := newAuthWith(t, store, services.SystemClock{}, services.AuthOptions{Passwords: stronger})
		_, err := login(auth, "ada@example.org", "wrong", services.Device{})
		requireKind(t, services.KindUnauthenticated, err)
		for range 2 {
			_, err = login(auth, "ada@example.org", goodPassword, services.Device{})
			require.NoError(t, err)
			user, err := store.User(t.Context(), actor.UserID)
			require.NoError(t, err)
			params, _, _, err := argon2id.DecodeHash(user.PasswordHash)
			require.NoError(t, err)
			require.Equal(t, stronger, *params)
		}
	})
}

// The time of an answer is nearly all hashing, so its count is compared and not the time.
func TestAnUnknownAddressCostsAsMuchAsAWrongPassword(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		post := &postbox{}
		auth := newAuthWith(t, store, services.SystemClock{}, services.AuthOptions{Mailer: post})
		signUp(t, auth, "ada@example.org")
		spent := func(f func() error) (int64, error) {
			before := auth.HashOperations()
			err := f()
			return auth.HashOperations() - before, err
		}
		var said []string
		for _, email := range []string{"ada@example.org", "nobody@example.org", "no address"} {
			n, err := spent(func() error { _, err := login(auth, email, "wrong", services.Device{}); return err })
			requireKind(t, services.KindUnauthenticated, err)
			require.EqualValues(t, 1, n, email)
			said = append(said, err.Error())
		}
		require.Equal(t, said[0], said[1])
		require.Equal(t, said[0], said[2])

		for i, email := range []string{"ada@example.org", "nobody@example.org"} {
			require.NoError(t, auth.ForgotPassword(t.Context(), wire.ForgotPasswordRequest{Email: email}))
			require.Len(t, post.letters, i+1, "both leave the looking for later")
		}
		require.NotNil(t, post.next(t))
		require.Nil(t, post.next(t))
		n, err := spent(func() error {
			return auth.ResetPassword(t.Context(), wire.ResetPasswordRequest{Token: "nonsense", Password: goodPassword}, services.Device{})
		})
		requireKind(t, services.KindInvalid, err)
		require.Zero(t, n, "strangers do not make the server hash")
	})
}

func TestGuessingIsSlowedDownButLocksNobodyOut(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock := newHandClock()
		auth := newAuthWith(t, store, clock, services.AuthOptions{Throttle: true})
		signed, _ := signUp(t, auth, "ada@example.org")
		wait := func(from services.Device, password string) time.Duration {
			_, err := login(auth, "ada@example.org", password, from)
			var domain *services.Error
			if err == nil {
				return 0
			}
			require.ErrorAs(t, err, &domain)
			return domain.RetryAfter
		}
		thief, home := services.Device{IP: "198.51.100.1"}, services.Device{IP: "192.0.2.1"}
		for range 10 {
			require.Zero(t, wait(thief, "wrong"))
		}
		for _, seconds := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256} {
			require.Equal(t, time.Duration(seconds)*time.Second, wait(thief, goodPassword), "not even with the right one")
			clock.turn(time.Duration(seconds) * time.Second)
			wait(thief, "wrong")
		}
		require.Zero(t, wait(home, goodPassword), "another address is not held up")
		clock.turn(2 * time.Hour)
		require.Zero(t, wait(thief, "wrong"), "forgotten")

		line := func(i int) services.Device { return services.Device{IP: "2001:db8:0:1::" + strconv.Itoa(i)} }
		for i := range 10 {
			require.Zero(t, wait(line(i), "wrong"))
		}
		require.Positive(t, wait(line(10), goodPassword), "a network of IPv6 is one address")
		require.Zero(t, wait(services.Device{IP: "2001:db8:0:2::1"}, goodPassword), "another network")

		for i := range 200 { // many thieves
			wait(services.Device{IP: "198.51.100." + string(rune('a'+i))}, "wrong")
		}
		require.Positive(t, wait(services.Device{IP: "203.0.113.9"}, goodPassword), "an unknown device waits")
		require.LessOrEqual(t, wait(services.Device{IP: "203.0.113.9"}, goodPassword), 30*time.Second, "but not for long")
		home.Refresh = signed.RefreshToken
		require.Zero(t, wait(home, goodPassword), "a device that was signed in is let through")
		clock.turn(30 * time.Second)
		require.Zero(t, wait(services.Device{IP: "203.0.113.9"}, goodPassword))
	})
}

func TestAChangedPasswordEndsTheOtherSessions(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		doors := &doorkeeper{}
		auth := newAuthWith(t, store, services.SystemClock{}, services.AuthOptions{Sockets: doors})
		signed, here := signUp(t, auth, "ada@example.org")
		there, err := login(auth, "ada@example.org", goodPassword, services.Device{})
		require.NoError(t, err)
		elsewhere, err := auth.Authenticate(t.Context(), there.AccessToken)
		require.NoError(t, err)

		change := func(now, next string) error {
			return auth.ChangePassword(t.Context(), here, wire.ChangePasswordRequest{CurrentPassword: now, Password: next}, services.Device{})
		}
		requireKind(t, services.KindInvalid, change("wrong", "eight green trams"))
		requireKind(t, services.KindInvalid, change(goodPassword, "password1"))
		require.Empty(t, doors.closed)
		require.NoError(t, change(goodPassword, "eight green trams"))
		require.Equal(t, []string{elsewhere.UserID + "/" + elsewhere.SessionID}, doors.closed)
		_, err = auth.Authenticate(t.Context(), there.AccessToken)
		requireKind(t, services.KindUnauthenticated, err)
		_, err = auth.Refresh(t.Context(), there.RefreshToken)
		requireKind(t, services.KindUnauthenticated, err)
		_, err = auth.Refresh(t.Context(), signed.RefreshToken)
		require.NoError(t, err)
		_, err = login(auth, "ada@example.org", goodPassword, services.Device{})
		requireKind(t, services.KindUnauthenticated, err)
		_, err = login(auth, "ada@example.org", "eight green trams", services.Device{})
		require.NoError(t, err)
	})
}

package services_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// handClock is a clock that tests turn; timers are not needed here.
type handClock struct {
	services.SystemClock
	mu  sync.Mutex
	now time.Time
}

func newHandClock() *handClock { return &handClock{now: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)} }

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newAuth(t *testing.T, store *models.Store, clock services.Clock) *services.Auth {
	t.Helper()
	return newAuthWith(t, store, clock, services.AuthOptions{})
}

// newAuthWith fills in what the options leave out.
func newAuthWith(t *testing.T, store *models.Store, clock services.Clock, opts services.AuthOptions) *services.Auth {
	t.Helper()
	if opts.Mailer == nil {
		opts.Mailer = &postbox{}
	}
	if opts.Sockets == nil {
		opts.Sockets = &doorkeeper{}
	}
	if opts.Passwords.Memory == 0 {
		opts.Passwords = testenv.CheapPasswords
	}
	opts.PublicURL, opts.Log = "https://class.example", testenv.Log(t)
	auth, err := services.NewAuth(store, services.NewTokens([]byte("a secret of at least 32 characters"), clock), opts, clock)
	require.NoError(t, err)
	return auth
}

// postbox keeps letters until the test reads them.
type postbox struct {
	delivers bool
	letters  []func(context.Context) (*services.Letter, error)
}

func (p *postbox) Delivers() bool { return p.delivers }

func (p *postbox) Post(write func(context.Context) (*services.Letter, error)) error {
	p.letters = append(p.letters, write)
	return nil
}

// next writes the oldest letter; nil when it is for nobody.
func (p *postbox) next(t *testing.T) *services.Letter {
	t.Helper()
	require.NotEmpty(t, p.letters)
	letter, err := p.letters[0](t.Context())
	require.NoError(t, err)
	p.letters = p.letters[1:]
	return letter
}

// doorkeeper remembers whose sockets were closed.
type doorkeeper struct{ closed []string }

func (d *doorkeeper) Disconnect(userID, sessionID string) {
	d.closed = append(d.closed, userID+"/"+sessionID)
}

// register opens an account and returns its id.
func register(t *testing.T, store *models.Store, name string) services.Actor {
	t.Helper()
	signed, err := newAuth(t, store, services.SystemClock{}).Register(t.Context(),
		wire.RegisterRequest{Email: models.NewID() + "@example.org", Password: "seven blue buses", Name: name}, services.Device{})
	require.NoError(t, err)
	return services.Actor{UserID: signed.User.ID}
}

func requireKind(t *testing.T, kind services.Kind, err error) {
	t.Helper()
	var domain *services.Error
	require.ErrorAs(t, err, &domain)
	require.Equal(t, kind, domain.Kind, domain.Error())
}

func TestRefreshTokensRotate(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock := newHandClock()
		auth := newAuth(t, store, clock)
		first, err := auth.Register(t.Context(), wire.RegisterRequest{Email: "ada@example.org", Password: "seven blue buses", Name: "Ada"}, services.Device{})
		require.NoError(t, err)

		second, err := auth.Refresh(t.Context(), first.RefreshToken)
		require.NoError(t, err)
		clock.turn(30 * time.Second)
		again, err := auth.Refresh(t.Context(), first.RefreshToken)
		require.NoError(t, err, "within the grace of another window")
		require.Equal(t, second.RefreshToken, again.RefreshToken)

		clock.turn(time.Second)
		_, err = auth.Refresh(t.Context(), first.RefreshToken)
		requireKind(t, services.KindUnauthenticated, err)
		_, err = auth.Refresh(t.Context(), second.RefreshToken)
		requireKind(t, services.KindUnauthenticated, err) // the copy betrayed the session
		_, err = auth.Authenticate(t.Context(), second.AccessToken)
		requireKind(t, services.KindUnauthenticated, err)
	})
}

func TestATokenFromLongAgoEndsItsSession(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		auth := newAuth(t, store, newHandClock())
		first, err := auth.Register(t.Context(), wire.RegisterRequest{Email: "ada@example.org", Password: "seven blue buses", Name: "Ada"}, services.Device{})
		require.NoError(t, err)
		second, err := auth.Refresh(t.Context(), first.RefreshToken)
		require.NoError(t, err)
		third, err := auth.Refresh(t.Context(), second.RefreshToken)
		require.NoError(t, err)
		_, err = auth.Refresh(t.Context(), first.RefreshToken)
		requireKind(t, services.KindUnauthenticated, err)
		_, err = auth.Refresh(t.Context(), third.RefreshToken)
		requireKind(t, services.KindUnauthenticated, err)
	})
}

func TestSessionsExpire(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock := newHandClock()
		auth := newAuth(t, store, clock)
		signed, err := auth.Register(t.Context(), wire.RegisterRequest{Email: "ada@example.org", Password: "seven blue buses", Name: "Ada"}, services.Device{})
		require.NoError(t, err)
		clock.turn(services.AccessTokenLife + time.Second)
		_, err = auth.Authenticate(t.Context(), signed.AccessToken)
		requireKind(t, services.KindUnauthenticated, err)
		clock.turn(services.RefreshTokenLife)
		_, err = auth.Refresh(t.Context(), signed.RefreshToken)
		requireKind(t, services.KindUnauthenticated, err)
	})
}

func TestWindowsThatRefreshAtOnceAgree(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		auth := newAuth(t, store, services.SystemClock{})
		signed, err := auth.Register(t.Context(), wire.RegisterRequest{Email: "ada@example.org", Password: "seven blue buses", Name: "Ada"}, services.Device{})
		require.NoError(t, err)
		results := concurrently(8, func(int) (string, error) {
			next, err := auth.Refresh(context.Background(), signed.RefreshToken)
			if err != nil {
				return "", err
			}
			return next.RefreshToken, nil
		})
		for _, r := range results {
			require.NoError(t, r.err)
			require.Equal(t, results[0].value, r.value)
		}
	})
}

func TestOnlyTheFirstAccountIsAdministrator(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		auth := newAuth(t, store, services.SystemClock{})
		roles := map[string]int{}
		for _, r := range concurrently(8, func(i int) (string, error) {
			signed, err := auth.Register(context.Background(),
				wire.RegisterRequest{Email: models.NewID() + "@example.org", Password: "seven blue buses", Name: "N"}, services.Device{})
			if err != nil {
				return "", err
			}
			return signed.User.Role, nil
		}) {
			require.NoError(t, r.err)
			roles[r.value]++
		}
		require.Equal(t, map[string]int{"admin": 1, "user": 7}, roles)
	})
}

type result struct {
	value string
	err   error
}

// concurrently calls f n times at once.
func concurrently(n int, f func(i int) (string, error)) []result {
	results := make([]result, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			value, err := f(i)
			results[i] = result{value, err}
		})
	}
	wg.Wait()
	return results
}

func TestTokensOfOthersAreRefused(t *testing.T) {
	clock := services.SystemClock{}
	ours, theirs := services.NewTokens([]byte("a secret of at least 32 characters"), clock), services.NewTokens([]byte("another secret of at least 32 chars"), clock)
	good, err := ours.Access("u", "s")
	require.NoError(t, err)
	user, session, err := ours.Verify(good)
	require.NoError(t, err)
	require.Equal(t, []string{"u", "s"}, []string{user, session})

	foreign, err := theirs.Access("u", "s")
	require.NoError(t, err)
	const unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJsZWN0ZXJuIiwiYXVkIjpbImxlY3Rlcm4iXSwic3ViIjoidSIsImV4cCI6OTk5OTk5OTk5OX0."
	for _, token := range []string{foreign, unsigned, "", "x.y.z", good[:len(good)-2], good + "A"} {
		_, _, err := ours.Verify(token)
		require.Error(t, err, token)
	}
}

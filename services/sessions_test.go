package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestDevicesAreNamedInTwoWords(t *testing.T) {
	for agent, want := range map[string]wire.Device{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0":          {Browser: "Edge", System: "Windows"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":                  {Browser: "Safari", System: "macOS"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1": {Browser: "Chrome", System: "iOS"},
		"Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36":        {Browser: "Samsung Internet", System: "Android"},
		"Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0":                                                                 {Browser: "Firefox", System: "Linux"},
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36":                         {Browser: "Chrome", System: "ChromeOS"},
		"curl/8.5.0": {},
		"":           {},
	} {
		require.Equal(t, want, services.DeviceOf(agent), agent)
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock, doors := newHandClock(), &doorkeeper{}
		auth := newAuthWith(t, store, clock, services.AuthOptions{Sockets: doors})
		_, here := signUp(t, auth, "ada@example.org")
		_, stranger := signUp(t, auth, "bob@example.org")
		var others []services.Actor
		for range 3 {
			clock.turn(time.Minute)
			signed, err := login(auth, "ada@example.org", goodPassword, services.Device{UserAgent: "X Firefox/1 Linux", IP: "192.0.2.7"})
			require.NoError(t, err)
			other, err := auth.Authenticate(t.Context(), signed.AccessToken)
			require.NoError(t, err)
			others = append(others, other)
		}
		list, err := auth.Sessions(t.Context(), here)
		require.NoError(t, err)
		require.Len(t, list.Items, 4)
		require.Equal(t, wire.DeviceSession{ID: others[2].SessionID, Device: wire.Device{Browser: "Firefox", System: "Linux"}, IP: "192.0.2.7",
			CreatedAt: wire.At(clock.Now()), LastUsedAt: wire.At(clock.Now())}, list.Items[0])
		require.Equal(t, here.SessionID, list.Items[3].ID)
		require.True(t, list.Items[3].Current)

		requireKind(t, services.KindNotFound, auth.EndSession(t.Context(), stranger, here.SessionID))
		requireKind(t, services.KindNotFound, auth.EndSession(t.Context(), here, models.NewID()))
		require.NoError(t, auth.Lives(t.Context(), here))
		for range 2 { // again is no mistake
			require.NoError(t, auth.EndSession(t.Context(), here, others[0].SessionID))
		}
		requireKind(t, services.KindUnauthenticated, auth.Lives(t.Context(), others[0]))
		doors.closed = nil
		require.NoError(t, auth.EndOtherSessions(t.Context(), here))
		require.ElementsMatch(t, []string{here.UserID + "/" + others[1].SessionID, here.UserID + "/" + others[2].SessionID}, doors.closed)
		list, err = auth.Sessions(t.Context(), here)
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		require.NoError(t, auth.Lives(t.Context(), stranger))
	})
}

func TestADisabledAccountIsShut(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		post := &postbox{}
		auth := newAuthWith(t, store, services.SystemClock{}, services.AuthOptions{Mailer: post})
		signed, actor := signUp(t, auth, "ada@example.org")
		require.NoError(t, store.UpdateUser(t.Context(), actor.UserID, map[string]any{"disabled_at": time.Now()}))
		_, err := auth.Authenticate(t.Context(), signed.AccessToken)
		requireKind(t, services.KindUnauthenticated, err)
		_, err = auth.Refresh(t.Context(), signed.RefreshToken)
		requireKind(t, services.KindUnauthenticated, err)
		_, err = login(auth, "ada@example.org", "wrong", services.Device{})
		requireKind(t, services.KindUnauthenticated, err)
		_, err = login(auth, "ada@example.org", goodPassword, services.Device{})
		requireKind(t, services.KindForbidden, err)
		require.NoError(t, auth.ForgotPassword(t.Context(), wire.ForgotPasswordRequest{Email: "ada@example.org"}))
		require.Nil(t, post.next(t))
	})
}

package services_test

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// bells is a push service that keeps what it is given; devices whose endpoint says so are gone.
type bells struct {
	rung map[string]services.PushMessage
}

func (*bells) Key() string { return "key" }

func (b *bells) Send(_ context.Context, to services.PushDevice, message services.PushMessage) error {
	if strings.HasSuffix(to.Endpoint, "/gone") {
		return services.ErrPushGone
	}
	b.rung[to.Endpoint] = message
	return nil
}

func TestACallRingsOnClosedDevices(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		ada, bob := register(t, store, "Ada"), register(t, store, "Bob")
		bob.SessionID = models.NewID()
		now := time.Now()
		require.NoError(t, store.DB(t.Context()).Create(&models.Session{ID: bob.SessionID, UserID: bob.UserID, RotatedAt: now, CreatedAt: now, LastUsedAt: now,
			ExpiresAt: now.Add(time.Hour)}).Error)
		book, active := &bells{rung: map[string]services.PushMessage{}}, false
		pushes := services.NewPushes(store, book, func(string) bool { return active }, services.SystemClock{}, testenv.Log(t))
		key, err := ecdh.P256().GenerateKey(rand.Reader)
		require.NoError(t, err)
		keys := wire.PushKeys{P256DH: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(make([]byte, 16))}
		for _, endpoint := range []string{"https://push.example/phone", "https://push.example/gone"} {
			require.NoError(t, pushes.Subscribe(t.Context(), bob, wire.PushSubscription{Endpoint: endpoint, Keys: keys}))
		}
		call := wire.Call{ID: models.NewID(), ConversationID: models.NewID(), Caller: wire.Profile{ID: ada.UserID, Name: "Ada"}, Callee: wire.Profile{ID: bob.UserID}}

		require.NoError(t, pushes.Ring(t.Context(), call, 45*time.Second))
		require.Len(t, book.rung, 1)
		message := book.rung["https://push.example/phone"]
		require.Equal(t, "high", message.Urgency)
		require.Equal(t, 45*time.Second, message.TTL)
		var payload wire.PushPayload
		require.NoError(t, json.Unmarshal(message.Payload, &payload))
		require.Equal(t, wire.PushPayload{ID: call.ID, Kind: "call", Title: "Ada 來電", URL: "/conversations/" + call.ConversationID,
			Tag: "conversation:" + call.ConversationID}, payload)
		left, err := store.PushSubscriptionsOf(t.Context(), bob.UserID)
		require.NoError(t, err)
		require.Len(t, left, 1, "the other device is gone")

		clear(book.rung)
		active = true // at an open window, which rings by itself
		require.NoError(t, pushes.Ring(t.Context(), call, 45*time.Second))
		active = false
		require.NoError(t, store.DB(t.Context()).Save(&models.Preferences{UserID: bob.UserID, Push: true, DND: true}).Error)
		require.NoError(t, pushes.Ring(t.Context(), call, 45*time.Second))
		require.Empty(t, book.rung)
	})
}

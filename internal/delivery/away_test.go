package delivery

import (
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// TestWhileTheDatabaseIsAway: everything is answered 503, on REST and on the socket, nobody is signed out or half-written, and
// the same tries go well when it is back.
func TestWhileTheDatabaseIsAway(t *testing.T) {
	cluster := testenv.StartCluster(t)
	env := testenv.Start(t, func(c *config.Config) { c.DatabaseURL = cluster.URL })
	ada := env.Register(t, "Ada")
	var own wire.Conversation
	ada.Do(t, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: ada.UserID}).Want(t, http.StatusCreated).Decode(t, &own)
	socket := wstest.Connect(t, env.URL, ada.Token)
	messages := "/api/v1/conversations/" + own.ID + "/messages"
	first := wire.CreateMessageRequest{Body: "by REST", ClientID: models.NewID()}
	second := wire.MessageSend{ConversationID: own.ID, CreateMessageRequest: wire.CreateMessageRequest{Body: "by socket", ClientID: models.NewID()}}

	cluster.Stop(t, syscall.SIGQUIT)
	for range 2 { // connections that were open, and then new ones
		problem := ada.Do(t, "POST", messages, first).Want(t, http.StatusServiceUnavailable).Problem(t)
		require.Equal(t, "unavailable", problem.Code)
		ada.Do(t, "GET", messages, nil).Want(t, http.StatusServiceUnavailable)
		ada.Do(t, "GET", "/api/v1/me", nil).Want(t, http.StatusServiceUnavailable)
		ada.Do(t, "POST", "/api/v1/auth/refresh", nil).Want(t, http.StatusServiceUnavailable)
		require.Equal(t, "unavailable", socket.CallError(t, "message.send", second).Code)
		ada.Do(t, "GET", "/readyz", nil).Want(t, http.StatusServiceUnavailable)
	}
	late := wstest.Dial(t, env.URL, nil)
	require.Equal(t, "unavailable", late.CallError(t, "auth", wire.AuthCommand{AccessToken: ada.Token}).Code)
	require.Equal(t, 1011, late.Closed(t), "not 4401: nobody is signed out")

	cluster.Start(t)
	var list wire.List[wire.Message]
	ada.Do(t, "GET", messages, nil).Decode(t, &list)
	require.Empty(t, list.Items)
	ada.Do(t, "POST", messages, first).Want(t, http.StatusCreated)
	socket.Call(t, "message.send", second, nil)
	ada.Do(t, "POST", "/api/v1/auth/refresh", nil).Want(t, http.StatusOK)
	for _, body := range []string{"by REST", "by socket"} {
		var told wire.Message
		socket.Expect(t, wire.EventMessageCreated, &told)
		require.Equal(t, body, told.Body)
	}
}

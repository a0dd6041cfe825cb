package controllers_test

import (
	"net/http"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/ws/wstest"
)

// FuzzMessageSend sends any text, file, quote and client_id to a conversation that is there. What is taken comes back as it
// was kept; everything else is refused with a sentence.
func FuzzMessageSend(f *testing.F) {
	for _, seed := range [][4]string{
		{"Hello", "", "", ""},
		{"  注音 ㄅㄆㄇ \n", "", "", "0190a1b2-0000-7000-8000-000000000009"},
		{"", "0190A1B2-0000-7000-8000-000000000009", "0190a1b2-0000-7000-8000-000000000001", "x"},
		{"\x00", "?", "?", "?"},
		{"@[Ada](user:0190a1b2-0000-7000-8000-000000000001) @[all](all)", "", "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	env := testenv.Start(f)
	ada := env.Register(f, "Ada")
	var conversation wire.Conversation
	ada.Do(f, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: ada.UserID}).Want(f, http.StatusCreated).Decode(f, &conversation)
	f.Fuzz(func(t *testing.T, body, file, quote, clientID string) {
		for _, text := range []string{body, file, quote, clientID} {
			if !utf8.ValidString(text) || len(text) > 50<<10 {
				return // FuzzParseCommand has these
			}
		}
		req := wire.CreateMessageRequest{Body: body, ReplyTo: quote, ClientID: clientID}
		if file != "" {
			req.FileIDs = []string{file}
		}
		conn := wstest.Connect(t, env.URL, ada.Token)
		defer conn.Drop()
		answer := conn.Answer(t, conn.Send(t, "message.send", wire.MessageSend{ConversationID: conversation.ID, CreateMessageRequest: req}))
		if answer.Error != nil {
			require.Less(t, answer.Error.Status, http.StatusInternalServerError, "%q", answer.Error.Message)
			require.NotEmpty(t, answer.Error.Message)
			return
		}
		var sent wire.Message
		require.True(t, decoded(t, answer, &sent))
		var list wire.List[wire.Message]
		ada.Do(t, "GET", "/api/v1/conversations/"+conversation.ID+"/messages?around="+sent.ID+"&limit=1", nil).Decode(t, &list)
		require.Len(t, list.Items, 1)
		require.Equal(t, sent.Body, list.Items[0].Body)
	})
}

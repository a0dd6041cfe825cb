package controllers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// pair is two classmates and a stranger, on a running Lectern.
type pair struct {
	env             *testenv.Env
	ann, bob, carol *testenv.Client
	channel         string
	id              string // of the conversation of ann and bob
}

// eachPair runs a test with each database.
func eachPair(t *testing.T, test func(t *testing.T, p *pair)) {
	t.Helper()
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		t.Run(kind, func(t *testing.T) {
			var opts []testenv.Option
			if kind == "PostgreSQL" {
				at := testenv.MigratedPostgres(t)
				opts = append(opts, func(c *config.Config) { c.DatabaseURL = at })
			}
			p := &pair{env: testenv.Start(t, opts...)}
			p.ann, p.bob, p.carol = p.env.Register(t, "Ann"), p.env.Register(t, "Bob"), p.env.Register(t, "Carol")
			var channel wire.Channel
			p.ann.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Want(t, 201).Decode(t, &channel)
			p.channel = channel.ID
			p.ann.Do(t, "POST", "/api/v1/channels/"+channel.ID+"/members", wire.AddMemberRequest{UserID: p.bob.UserID, Role: "student"}).Want(t, 201)
			p.id = p.open(t, p.ann, p.bob).ID
			test(t, p)
		})
	}
}

func (p *pair) open(t *testing.T, who, with *testenv.Client) wire.Conversation {
	t.Helper()
	var c wire.Conversation
	who.Do(t, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: with.UserID}).Decode(t, &c)
	return c
}

func (p *pair) socket(t *testing.T, who *testenv.Client) *wstest.Conn {
	t.Helper()
	return wstest.Connect(t, p.env.URL, who.Token)
}

func (p *pair) send(t *testing.T, who *testenv.Client, req wire.CreateMessageRequest) wire.Message {
	t.Helper()
	var m wire.Message
	who.Do(t, "POST", "/api/v1/conversations/"+p.id+"/messages", req).Decode(t, &m)
	return m
}

func (p *pair) view(t *testing.T, who *testenv.Client) wire.Conversation {
	t.Helper()
	var c wire.Conversation
	who.Do(t, "GET", "/api/v1/conversations/"+p.id, nil).Decode(t, &c)
	return c
}

func (p *pair) list(t *testing.T, who *testenv.Client, query string) wire.List[wire.Message] {
	t.Helper()
	var list wire.List[wire.Message]
	who.Do(t, "GET", "/api/v1/conversations/"+p.id+"/messages"+query, nil).Decode(t, &list)
	return list
}

func bodies(messages []wire.Message) string {
	all := make([]string, len(messages))
	for i, m := range messages {
		all[i] = m.Body
	}
	return strings.Join(all, " ")
}

func TestAConversationIsOnePerPair(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		bob := p.socket(t, p.bob)
		again := p.open(t, p.bob, p.ann)
		assert.Equal(t, p.id, again.ID)
		assert.Equal(t, "Ann", again.Peer.Name)
		assert.Nil(t, again.LastMessage)

		p.bob.Do(t, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: p.carol.UserID}).Want(t, 403)
		p.bob.Do(t, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: models.NewID()}).Want(t, 422)
		p.bob.Do(t, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: "?"}).Want(t, 422)

		var own wire.Conversation
		p.bob.Do(t, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: p.bob.UserID}).Want(t, 201).Decode(t, &own)
		assert.Equal(t, p.bob.UserID, own.Peer.ID)
		var told wire.Conversation
		event := bob.Expect(t, wire.EventConversationCreated, &told)
		assert.Equal(t, own.ID, told.ID)
		assert.Equal(t, "user:"+p.bob.UserID, event.Scope)

		var list wire.List[wire.Conversation]
		p.bob.Do(t, "GET", "/api/v1/conversations", nil).Decode(t, &list)
		require.Len(t, list.Items, 2)
		p.carol.Do(t, "GET", "/api/v1/conversations/"+p.id, nil).Want(t, 404)
	})
}

func TestAMessageReachesBothOnceForEver(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		ann, bob, carol := p.socket(t, p.ann), p.socket(t, p.bob), p.socket(t, p.carol)
		send := wire.MessageSend{ConversationID: p.id, CreateMessageRequest: wire.CreateMessageRequest{Body: " 你好 ", ClientID: models.NewID()}}
		var sent, heard wire.Message
		ann.Call(t, "message.send", send, &sent)
		assert.Equal(t, "你好", sent.Body)
		first := bob.Expect(t, wire.EventMessageCreated, &heard)
		assert.Equal(t, sent.ID, heard.ID)
		assert.Equal(t, "conversation:"+p.id, first.Scope)
		assert.EqualValues(t, 1, first.Seq)
		assert.Equal(t, sent.ID, p.view(t, p.bob).LastMessage.ID)

		var again wire.Message
		p.ann.Do(t, "POST", "/api/v1/conversations/"+p.id+"/messages", send.CreateMessageRequest).Want(t, http.StatusOK).Decode(t, &again)
		assert.Equal(t, sent.ID, again.ID)
		assert.NotContains(t, wstest.Types(bob.Fence(t)), wire.EventMessageCreated)

		p.ann.Do(t, "DELETE", "/api/v1/messages/"+sent.ID, nil).Want(t, 204)
		refused := ann.CallError(t, "message.send", send)
		assert.Equal(t, "conflict", refused.Code)
		assert.Empty(t, p.list(t, p.bob, "").Items)
		other := p.open(t, p.ann, p.ann)
		send.ConversationID = other.ID
		assert.Equal(t, "conflict", ann.CallError(t, "message.send", send).Code)

		for _, f := range carol.Fence(t) {
			assert.NotContains(t, f.Type, "message.")
		}
		send.ConversationID, send.ClientID = p.id, ""
		assert.Equal(t, "not_found", carol.CallError(t, "message.send", send).Code)
		send.ReplyTo = models.NewID()
		assert.Contains(t, ann.CallError(t, "message.send", send).Errors, "reply_to")
		send.ReplyTo, send.Body = "", ""
		assert.Contains(t, ann.CallError(t, "message.send", send).Errors, "body")
		send.Body = strings.Repeat("字", 20_001)
		assert.Contains(t, ann.CallError(t, "message.send", send).Errors, "body")
		send.Body = strings.Repeat("😀", 20_000) // 80,000 bytes
		ann.Call(t, "message.send", send, nil)
	})
}

func TestMessagesAreEditedQuotedReactedToAndDeleted(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		bob := p.socket(t, p.bob)
		question := p.send(t, p.ann, wire.CreateMessageRequest{Body: "Why?"})
		answer := p.send(t, p.bob, wire.CreateMessageRequest{Body: "Because", ReplyTo: question.ID})
		require.NotNil(t, answer.ReplyTo)
		assert.Equal(t, "Why?", answer.ReplyTo.Body)

		var edited wire.Message
		p.ann.Do(t, "PATCH", "/api/v1/messages/"+question.ID, wire.UpdateMessageRequest{Body: "Why not?"}).Want(t, 200).Decode(t, &edited)
		assert.NotNil(t, edited.EditedAt)
		bob.Expect(t, wire.EventMessageUpdated, &edited)
		assert.Equal(t, "Why not?", edited.Body)
		p.bob.Do(t, "PATCH", "/api/v1/messages/"+question.ID, wire.UpdateMessageRequest{Body: "Mine"}).Want(t, 403)
		p.bob.Do(t, "DELETE", "/api/v1/messages/"+question.ID, nil).Want(t, 403)
		p.carol.Do(t, "PATCH", "/api/v1/messages/"+question.ID, wire.UpdateMessageRequest{Body: "Mine"}).Want(t, 404)

		p.bob.Do(t, "PUT", "/api/v1/messages/"+question.ID+"/reactions/👍", nil).Want(t, 204)
		p.carol.Do(t, "PUT", "/api/v1/messages/"+question.ID+"/reactions/👍", nil).Want(t, 404)
		var changed wire.ReactionChanged
		bob.Expect(t, wire.EventReactionChanged, &changed)
		assert.Equal(t, p.id, changed.ConversationID)
		require.Len(t, changed.Reactions, 1)
		assert.Equal(t, []string{p.bob.UserID}, changed.Reactions[0].UserIDs)

		p.ann.Do(t, "DELETE", "/api/v1/messages/"+question.ID, nil).Want(t, 204)
		p.ann.Do(t, "DELETE", "/api/v1/messages/"+question.ID, nil).Want(t, 404)
		var gone wire.MessageDeleted
		bob.Expect(t, wire.EventMessageDeleted, &gone)
		assert.Equal(t, question.ID, gone.ID)
		list := p.list(t, p.bob, "")
		require.Len(t, list.Items, 1)
		assert.Equal(t, wire.Quote{ID: question.ID, Author: list.Items[0].ReplyTo.Author, Deleted: true}, *list.Items[0].ReplyTo)
	})
}

func TestFilesOfAMessageAreForTheTwo(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		body, header := form(t, "file", "a.txt", "secret")
		var file wire.File
		p.ann.Send(t, "POST", "/api/v1/files", body, header).Want(t, 201).Decode(t, &file)
		p.bob.Do(t, "GET", "/api/v1/files/"+file.ID, nil).Want(t, 404)
		message := p.send(t, p.ann, wire.CreateMessageRequest{FileIDs: []string{file.ID}})
		require.Len(t, message.Files, 1)
		p.bob.Do(t, "GET", "/api/v1/files/"+file.ID, nil).Want(t, 200)
		p.carol.Do(t, "GET", "/api/v1/files/"+file.ID, nil).Want(t, 404)
		p.ann.Do(t, "DELETE", "/api/v1/files/"+file.ID, nil).Want(t, 409)
		p.ann.Do(t, "DELETE", "/api/v1/messages/"+message.ID, nil).Want(t, 204)
		p.bob.Do(t, "GET", "/api/v1/files/"+file.ID, nil).Want(t, 404)
	})
}

func TestPagesOfAConversation(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		var sent []wire.Message
		for _, body := range strings.Fields("a b c d e f g h i") {
			sent = append(sent, p.send(t, p.ann, wire.CreateMessageRequest{Body: body}))
		}
		page := p.list(t, p.bob, "?limit=4")
		assert.Equal(t, "i h g f", bodies(page.Items))
		page = p.list(t, p.bob, "?limit=4&before="+*page.NextCursor)
		assert.Equal(t, "e d c b", bodies(page.Items))
		assert.Equal(t, "e f g h", bodies(p.list(t, p.bob, "?limit=4&after="+sent[3].ID).Items))
		around := p.list(t, p.bob, "?limit=4&around="+sent[4].ID)
		assert.Equal(t, "g f e d", bodies(around.Items))
		require.NotNil(t, around.NextCursor)
		assert.Equal(t, "c b a", bodies(p.list(t, p.bob, "?before="+*around.NextCursor).Items))
		assert.Equal(t, "h i", bodies(p.list(t, p.bob, "?after="+around.Items[0].ID).Items))
		p.bob.Do(t, "GET", "/api/v1/conversations/"+p.id+"/messages?around=x", nil).Want(t, 422)
		p.bob.Do(t, "GET", "/api/v1/conversations/"+p.id+"/messages?around="+sent[0].ID+"&before="+sent[1].ID, nil).Want(t, 422)
	})
}

func TestMarksMoveForwardAndCanBeSwitchedOff(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		ann := p.socket(t, p.ann)
		first := p.send(t, p.ann, wire.CreateMessageRequest{Body: "1"})
		second := p.send(t, p.ann, wire.CreateMessageRequest{Body: "2"})
		third := p.send(t, p.ann, wire.CreateMessageRequest{Body: "3"})
		assert.Equal(t, 3, p.view(t, p.bob).UnreadCount)
		assert.Equal(t, 0, p.view(t, p.ann).UnreadCount)
		read := func(who *testenv.Client, upTo string, status int) {
			t.Helper()
			who.Do(t, "POST", "/api/v1/conversations/"+p.id+"/read", wire.ReadRequest{UpTo: upTo}).Want(t, status)
		}
		bob := p.socket(t, p.bob)
		bob.Call(t, "message.delivered", wire.MessageDelivered{ConversationID: p.id, UpTo: second.ID}, nil)
		var marks wire.ConversationMarks
		ann.Expect(t, wire.EventMessageDelivered, &marks)
		assert.Equal(t, second.ID, *marks.DeliveredID)
		assert.Nil(t, marks.ReadID)

		read(p.bob, second.ID, 204)
		ann.Expect(t, wire.EventMessageRead, &marks)
		assert.Equal(t, second.ID, *marks.ReadID)
		assert.Zero(t, marks.UnreadCount)
		bob.Expect(t, wire.EventMessageRead, &marks)
		assert.Equal(t, 1, marks.UnreadCount)
		read(p.bob, first.ID, 204) // not back
		assert.Equal(t, second.ID, *p.view(t, p.bob).LastReadID)
		assert.Equal(t, second.ID, *p.view(t, p.ann).PeerReadID)
		read(p.bob, models.NewID(), 422)
		read(p.bob, "?", 422)
		read(p.carol, first.ID, 404)

		p.ann.Do(t, "PATCH", "/api/v1/me/preferences", map[string]bool{"read_receipts": false}).Want(t, 200)
		ann.Fence(t)
		read(p.bob, third.ID, 204)
		own := bob.ExpectWhere(t, wire.EventMessageRead, func(f wstest.Frame) bool { return strings.Contains(string(f.Data), third.ID) })
		assert.Equal(t, "user:"+p.bob.UserID, own.Scope)
		assert.NotContains(t, wstest.Types(ann.Fence(t)), wire.EventMessageRead)
		assert.Nil(t, p.view(t, p.ann).PeerReadID)
		assert.Nil(t, p.view(t, p.bob).PeerReadID)
		assert.Zero(t, p.view(t, p.bob).UnreadCount)
	})
}

func TestAMutedConversationMakesNoNotification(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		bob := p.socket(t, p.bob)
		p.send(t, p.ann, wire.CreateMessageRequest{Body: "heard"})
		var note wire.Notification
		bob.Expect(t, wire.EventNotificationCreated, &note)
		assert.Equal(t, "message", note.Kind)
		p.bob.Do(t, "PATCH", "/api/v1/conversations/"+p.id, wire.UpdateConversationRequest{Muted: new(true)}).Want(t, 200)
		var muted wire.Conversation
		bob.Expect(t, wire.EventConversationUpdated, &muted)
		assert.True(t, muted.Muted)
		assert.False(t, p.view(t, p.ann).Muted)
		p.send(t, p.ann, wire.CreateMessageRequest{Body: "not heard"})
		assert.NotContains(t, wstest.Types(bob.Fence(t)), wire.EventNotificationCreated)
		assert.Equal(t, 2, p.view(t, p.bob).UnreadCount)
	})
}

func TestAMentionThatAnEditAddsNotifiesOnce(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		bob := p.socket(t, p.bob)
		at := "@[Bob](user:" + p.bob.UserID + ")"
		message := p.send(t, p.ann, wire.CreateMessageRequest{Body: "See this"})
		edit := func(body string) []string {
			p.ann.Do(t, "PATCH", "/api/v1/messages/"+message.ID, wire.UpdateMessageRequest{Body: body}).Want(t, 200)
			kinds := []string{}
			for _, f := range bob.Fence(t) {
				if f.Type == wire.EventNotificationCreated {
					var note wire.Notification
					heard(t, f, &note)
					assert.Equal(t, message.ID, note.MessageID)
					kinds = append(kinds, note.Kind)
				}
			}
			return kinds
		}
		bob.Fence(t)
		assert.Empty(t, edit("See this, please"), "only a mention tells again")
		assert.Equal(t, []string{"mention"}, edit("See this, "+at))
		assert.Empty(t, edit(at+": see this"), "once")
		assert.Empty(t, edit("See this"))
		assert.Empty(t, edit("See this, "+at), "nor when it comes back")
		p.bob.Do(t, "PATCH", "/api/v1/conversations/"+p.id, wire.UpdateConversationRequest{Muted: new(true)}).Want(t, 200)
		message = p.send(t, p.ann, wire.CreateMessageRequest{Body: "Hush"})
		bob.Fence(t)
		assert.Empty(t, edit("Hush, "+at), "muted")
	})
}

func TestNobodyWritesToAnAccountThatIsGone(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		p.send(t, p.bob, wire.CreateMessageRequest{Body: "Goodbye"})
		var export wire.Export
		p.bob.Do(t, "GET", "/api/v1/me/export", nil).Decode(t, &export)
		require.Len(t, export.Messages, 1)
		assert.Equal(t, p.id, export.Messages[0].ConversationID)
		require.Len(t, export.Conversations, 1)
		assert.Equal(t, "Ann", export.Conversations[0].PeerName)

		ann := p.socket(t, p.ann)
		p.bob.Do(t, "DELETE", "/api/v1/me", wire.DeleteMeRequest{Password: testenv.Password}).Want(t, 204)
		ann.ExpectWhere(t, wire.EventUserUpdated, func(f wstest.Frame) bool { return strings.Contains(string(f.Data), p.bob.UserID) })
		p.ann.Do(t, "POST", "/api/v1/conversations/"+p.id+"/messages", wire.CreateMessageRequest{Body: "?"}).Want(t, 409)
		assert.True(t, p.view(t, p.ann).Peer.Deleted)
		assert.Equal(t, "Goodbye", bodies(p.list(t, p.ann, "").Items))
	})
}

func TestTypingInAConversation(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		ann, bob, carol := p.socket(t, p.ann), p.socket(t, p.bob), p.socket(t, p.carol)
		ann.Call(t, "typing", wire.TypingCommand{ConversationID: p.id}, nil)
		ann.Call(t, "typing", wire.TypingCommand{ConversationID: p.id}, nil) // too soon
		var typing wire.Typing
		bob.Expect(t, wire.EventTyping, &typing)
		assert.Equal(t, wire.Typing{ConversationID: p.id, UserID: p.ann.UserID}, typing)
		assert.NotContains(t, wstest.Types(bob.Fence(t)), wire.EventTyping)
		assert.Equal(t, "not_found", carol.CallError(t, "typing", wire.TypingCommand{ConversationID: p.id}).Code)
		assert.Equal(t, "not_found", carol.CallError(t, "typing", wire.TypingCommand{ConversationID: "?"}).Code)
	})
}

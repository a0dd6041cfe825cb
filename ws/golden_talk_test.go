package ws_test

import (
	"maps"

	"lectern/internal/wire"
)

const (
	messageID = "0190a1b2-0000-7000-8000-000000000010"
	quotedID  = "0190a1b2-0000-7000-8000-000000000011"
)

func init() {
	message := wire.Message{ID: messageID, ConversationID: conversationID, Author: teacher, Body: "明天見", Files: []wire.File{}, Reactions: reactions,
		ReplyTo: &wire.Quote{ID: quotedID, Author: teacher, Body: "明天嗎？"}, ClientID: new(clientID), CreatedAt: at}
	conversation := wire.Conversation{ID: conversationID, Peer: teacher, LastMessage: &message, UnreadCount: 1, PeerReadID: new(messageID),
		PeerDeliveredID: new(messageID), Seq: 12, CreatedAt: at}
	marks := wire.ConversationMarks{ConversationID: conversationID, UserID: userID, ReadID: new(messageID), DeliveredID: new(messageID)}
	maps.Copy(commands, map[string]any{
		"presence": wire.PresenceCommand{Away: true},
		"message.send": wire.MessageSend{ConversationID: conversationID,
			CreateMessageRequest: wire.CreateMessageRequest{Body: message.Body, ReplyTo: quotedID, ClientID: clientID}},
		"message.delivered": wire.MessageDelivered{ConversationID: conversationID, UpTo: messageID},
	})
	acks["message.send"] = message
	maps.Copy(events, map[string]any{
		wire.EventConversationCreated: conversation,
		wire.EventConversationUpdated: conversation,
		wire.EventMessageCreated:      message,
		wire.EventMessageUpdated:      message,
		wire.EventMessageDeleted:      wire.MessageDeleted{ID: messageID, ConversationID: conversationID},
		wire.EventMessageRead:         marks,
		wire.EventMessageDelivered:    marks,
	})
}

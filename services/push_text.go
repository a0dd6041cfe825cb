package services

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// pushTTL is how long a push of a kind is worth being shown.
func pushTTL(kind string) time.Duration {
	if kind == models.NotifyMeeting {
		return 30 * time.Minute
	}
	return 24 * time.Hour
}

// pushMessage is what a device shows of a notification, in its user's language.
func pushMessage(p *models.Pushed) PushMessage {
	n := p.Notification
	texts := textsFor(p.User.Locale)
	kind := n.Kind
	if kind == models.NotifyReply && n.ConversationID != nil {
		kind = models.NotifyMessage
	}
	actor, channel := p.Texts.Users[n.ActorID].Name, p.Texts.Titles[n.ID]
	shown := wire.PushPayload{ID: n.ID, Kind: n.Kind, Title: fmt.Sprintf(texts[kind], actor, channel), URL: placeOf(n), Tag: n.ID}
	switch {
	case kind == models.NotifyMissedCall, kind == models.NotifyMeeting, kind == models.NotifyAdded:
	default:
		if shown.Body = snippet(p.Texts.Bodies[n.ID]); shown.Body == "" {
			shown.Body = texts["file"]
		}
	}
	if n.ConversationID != nil {
		shown.Tag = "conversation:" + *n.ConversationID // the newest message replaces those before it
	}
	payload, err := json.Marshal(shown)
	if err != nil {
		panic(err) // it has only strings
	}
	urgency := "normal"
	switch n.Kind {
	case models.NotifyMessage, models.NotifyMissedCall, models.NotifyMeeting, models.NotifyMention:
		urgency = "high"
	}
	return PushMessage{Payload: payload, Urgency: urgency}
}

func textsFor(locale string) map[string]string {
	if texts, known := pushTexts[locale]; known {
		return texts
	}
	return pushTexts["en"]
}

// placeOf is the page of the web app that shows what a notification tells of.
func placeOf(n models.Notification) string {
	query := url.Values{}
	var path string
	switch {
	case n.ConversationID != nil:
		path = "/conversations/" + *n.ConversationID
		setQuery(query, "message", n.MessageID)
	case n.ChannelID != nil:
		path = "/channels/" + *n.ChannelID
		setQuery(query, "post", n.PostID)
		setQuery(query, "comment", n.CommentID)
	default:
		path = "/calls"
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

func setQuery(query url.Values, name string, id *string) {
	if id != nil {
		query.Set(name, *id)
	}
}

// pushTexts are the titles by language and kind: %[1]s is who did it, %[2]s the channel. "file" is the body of an entry
// that has only files, "call" the title while somebody rings.
var pushTexts = map[string]map[string]string{
	"zh-TW": {
		models.NotifyMention:    "%[1]s 在「%[2]s」提到你",
		models.NotifyMentionAll: "%[1]s 在「%[2]s」通知所有人",
		models.NotifyReply:      "%[1]s 在「%[2]s」回覆你",
		models.NotifyPost:       "%[1]s 在「%[2]s」發文",
		models.NotifyComment:    "%[1]s 在「%[2]s」留言",
		models.NotifyMessage:    "%[1]s",
		models.NotifyMissedCall: "%[1]s 的未接來電",
		models.NotifyMeeting:    "「%[2]s」開始上課了",
		models.NotifyAdded:      "%[1]s 把你加入「%[2]s」",
		"file":                  "傳送了檔案",
		"call":                  "%[1]s 來電",
	},
	"en": {
		models.NotifyMention:    "%[1]s mentioned you in %[2]s",
		models.NotifyMentionAll: "%[1]s wrote to everybody in %[2]s",
		models.NotifyReply:      "%[1]s replied to you in %[2]s",
		models.NotifyPost:       "%[1]s posted in %[2]s",
		models.NotifyComment:    "%[1]s commented in %[2]s",
		models.NotifyMessage:    "%[1]s",
		models.NotifyMissedCall: "Missed call from %[1]s",
		models.NotifyMeeting:    "The class has begun: %[2]s",
		models.NotifyAdded:      "%[1]s added you to %[2]s",
		"file":                  "sent a file",
		"call":                  "%[1]s is calling",
	},
}

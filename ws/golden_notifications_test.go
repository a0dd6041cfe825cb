package ws_test

import "lectern/internal/wire"

const notificationID = "0190a1b2-0000-7000-8000-00000000000e"

func init() {
	events[wire.EventNotificationCreated] = wire.Notification{ID: notificationID, Kind: "mention", Actor: teacher, ChannelID: channelID, PostID: postID,
		CommentID: commentID, Title: channel.Name, Snippet: "@王小明 你怎麼看？", CreatedAt: at}
	events[wire.EventNotificationsRead] = wire.NotificationsRead{IDs: []string{notificationID}, UnreadCount: 3}
	events[wire.EventNotificationDeleted] = wire.NotificationsDeleted{IDs: []string{notificationID}, UnreadCount: 3}
	events[wire.EventPreferencesUpdated] = wire.Preferences{ReadReceipts: true, DND: true, DNDUntil: &at, Sounds: true, Push: true, HintsSeen: []string{"hand", "talk"}}
	events[wire.EventChannelPreferences] = wire.ChannelPreferencesChanged{ChannelID: channelID, Level: "all", Favourite: true, Position: 2}
}

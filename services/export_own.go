package services

import (
	"context"
	"net/url"

	"lectern/internal/wire"
	"lectern/models"
)

// exportLessons adds what a user did in meetings: polls voted, and when they were there.
func exportLessons(ctx context.Context, store *models.Store, userID string, export *wire.Export) error {
	votes, polls, err := store.PollVotesOf(ctx, userID)
	if err != nil {
		return err
	}
	stays, err := store.AttendancesOf(ctx, userID, "")
	if err != nil {
		return err
	}
	export.Votes = make([]wire.ExportVote, len(votes))
	for i, row := range votes {
		poll := polls[row.PollID]
		export.Votes[i] = wire.ExportVote{MeetingID: poll.MeetingID, Question: poll.Question, Anonymous: poll.Anonymous, Choices: []string{}, At: wire.At(row.At)}
		for _, choice := range row.Choices {
			export.Votes[i].Choices = append(export.Votes[i].Choices, poll.Options[choice])
		}
	}
	export.Attendance = make([]wire.ExportStay, len(stays))
	for i, row := range stays {
		export.Attendance[i] = wire.ExportStay{MeetingID: row.MeetingID, JoinedAt: wire.At(row.JoinedAt), LeftAt: wire.AtPtr(row.LeftAt)}
	}
	return nil
}

// exportOwn adds what is a user's alone: preferences, posts that wait, notifications, devices.
func exportOwn(ctx context.Context, store *models.Store, userID string, export *wire.Export) error {
	preferences, err := preferencesOf(ctx, store, userID)
	if err != nil {
		return err
	}
	scheduled, err := store.ScheduledPostsOf(ctx, userID)
	if err != nil {
		return err
	}
	notifications, err := store.NotificationsOf(ctx, userID)
	if err != nil {
		return err
	}
	devices, err := store.PushSubscriptionsOf(ctx, userID)
	if err != nil {
		return err
	}
	actors := make([]string, len(notifications))
	for i, row := range notifications {
		actors[i] = row.ActorID
	}
	names, err := store.Users(ctx, actors)
	if err != nil {
		return err
	}
	export.Preferences = wire.Preferences{ReadReceipts: preferences.ReadReceipts, DND: preferences.DND, DNDUntil: wire.AtPtr(preferences.DNDUntil),
		Sounds: preferences.Sounds, Push: preferences.Push}
	export.ScheduledPosts = make([]wire.ExportScheduled, len(scheduled))
	for i, row := range scheduled {
		export.ScheduledPosts[i] = wire.ExportScheduled{ID: row.ID, ChannelID: row.ChannelID, Body: row.Body, PublishAt: wire.At(row.PublishAt)}
	}
	export.Notifications = make([]wire.ExportNotification, len(notifications))
	for i, row := range notifications {
		export.Notifications[i] = wire.ExportNotification{ID: row.ID, Kind: row.Kind, ActorName: names[row.ActorID].Name,
			CreatedAt: wire.At(row.CreatedAt), ReadAt: wire.AtPtr(row.ReadAt)}
	}
	export.PushDevices = make([]wire.ExportPushDevice, len(devices))
	for i, row := range devices {
		service := "" // the rest of the address is the device's secret
		if address, err := url.Parse(row.Endpoint); err == nil {
			service = address.Host
		}
		export.PushDevices[i] = wire.ExportPushDevice{Service: service, CreatedAt: wire.At(row.CreatedAt)}
	}
	return nil
}

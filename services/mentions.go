package services

import (
	"context"
	"regexp"
	"slices"

	"lectern/models"
)

// maxMentions is how many people one text can call by name; those named later are not told.
const maxMentions = 50

var (
	// mentionMark is how a text calls somebody, @[Name](user:ID), or everybody, @[all](all). Who reads it sees the name that
	// the person has now.
	mentionMark = regexp.MustCompile(`@\[[^\]\n]{1,200}\]\((?:user:([0-9A-Fa-f-]{36})|all)\)`)
	// code is where a text shows how something is written, and calls nobody.
	code = regexp.MustCompile("(?s)```.*?(?:```|$)|(?m:^~~~.*?(?:^~~~|\\z))|`[^`\n]+`")
)

// mentions are the people whom a text calls.
type mentions struct {
	users []string
	all   bool
}

// mentionsIn finds them, each once, in their order.
func mentionsIn(body string) (m mentions) {
	for _, found := range mentionMark.FindAllStringSubmatch(code.ReplaceAllString(body, ""), -1) {
		if found[1] == "" {
			m.all = true
		} else if id, ok := models.ParseID(found[1]); ok && !slices.Contains(m.users, id) && len(m.users) < maxMentions {
			m.users = append(m.users, id)
		}
	}
	return m
}

// Mentions tells whether a text calls a user by name.
func Mentions(body, userID string) bool { return slices.Contains(mentionsIn(body).users, userID) }

// since leaves those whom an earlier version of the text did not call.
func (m mentions) since(before mentions) mentions {
	fresh := mentions{all: m.all && !before.all}
	for _, id := range m.users {
		if !slices.Contains(before.users, id) {
			fresh.users = append(fresh.users, id)
		}
	}
	return fresh
}

// entryNote is an entry of a channel of which people are to be told.
type entryNote struct {
	kind      string // models.NotifyPost or NotifyComment
	channelID string
	postID    string
	commentID string // "" for a post
	author    Actor
	teacher   bool   // the author is one: only teachers call everybody
	replyTo   string // the author of the post, if that is to be told of the comment
	mentions  mentions
	edited    bool // only those mentioned are told
}

// notify tells of an entry, as the last step of its transaction; tell follows the commit. Each member gets the one notification
// that concerns them most: those who are called by name or answered get it at once, also silently when they want to hear of
// nothing; the others hear of the announcement.
func (e *Entries) notify(ctx context.Context, tx *models.Store, n entryNote) (tell func(), err error) {
	personal, err := n.personal(ctx, tx)
	if err != nil {
		return nil, err
	}
	announced := func() {}
	if kind := n.announces(); kind != "" {
		a := models.Announcement{Kind: kind, EntityID: n.entityID(), ActorID: n.author.UserID, ChannelID: n.channelID, PostID: &n.postID, Edited: n.edited}
		for _, note := range personal {
			a.Told = append(a.Told, note.UserID)
		}
		if n.commentID != "" {
			a.CommentID = &n.commentID
		}
		if announced, err = e.notifier.Announce(ctx, tx, a); err != nil {
			return nil, err
		}
	}
	told, err := e.notifier.Notify(ctx, tx, personal...)
	if err != nil {
		return nil, err
	}
	return func() { told(); announced() }, nil
}

// announces is the kind of the announcement to all who want to hear of it; "" when there is none.
func (n entryNote) announces() string {
	switch {
	case n.mentions.all && n.teacher:
		return models.NotifyMentionAll
	case n.edited:
		return ""
	}
	return n.kind
}

// personal lists the notifications of those whom the entry calls, and of whom it answers.
func (n entryNote) personal(ctx context.Context, tx *models.Store) ([]models.Notification, error) {
	var notes []models.Notification
	has := map[string]bool{n.author.UserID: true}
	add := func(kind string, userIDs []string, unless func(models.Member) bool) error {
		if len(userIDs) == 0 {
			return nil
		}
		members, err := tx.MembersAmong(ctx, n.channelID, userIDs)
		for _, m := range members {
			if !has[m.UserID] && !unless(m) {
				has[m.UserID] = true
				notes = append(notes, n.note(kind, m))
			}
		}
		return err
	}
	err := add(models.NotifyMention, n.mentions.users, func(models.Member) bool { return false })
	if err == nil && !n.edited && n.replyTo != "" {
		everybody := n.announces() == models.NotifyMentionAll
		err = add(models.NotifyReply, []string{n.replyTo}, func(m models.Member) bool { return everybody && m.Level != models.LevelNone })
	}
	return notes, err
}

// entityID is the id of what the notifications are about.
func (n entryNote) entityID() string {
	if n.commentID != "" {
		return n.commentID
	}
	return n.postID
}

func (n entryNote) note(kind string, m models.Member) models.Notification {
	note := models.Notification{UserID: m.UserID, Kind: kind, EntityID: n.entityID(), ActorID: n.author.UserID, ChannelID: &n.channelID,
		PostID: &n.postID, Silent: m.Level == models.LevelNone}
	if n.commentID != "" {
		note.CommentID = &n.commentID
	}
	return note
}

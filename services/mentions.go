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

// told lists the notifications of an entry: each member gets the one that concerns them most. Members who want to hear of
// nothing still find in their list, silently, what is said to them personally.
func (n entryNote) told(ctx context.Context, tx *models.Store) ([]models.Notification, error) {
	var notes []models.Notification
	has := map[string]bool{n.author.UserID: true}
	add := func(kind string, members []models.Member) {
		for _, m := range members {
			if !has[m.UserID] {
				has[m.UserID] = true
				notes = append(notes, n.note(kind, m))
			}
		}
	}
	personal := func(kind string, userIDs []string) error {
		if len(userIDs) == 0 {
			return nil
		}
		members, err := tx.MembersAmong(ctx, n.channelID, userIDs)
		add(kind, members)
		return err
	}
	at := func(kind string, levels ...string) error {
		members, err := tx.Levels(ctx, n.channelID, levels...)
		add(kind, members)
		return err
	}
	if err := personal(models.NotifyMention, n.mentions.users); err != nil {
		return nil, err
	}
	if n.mentions.all && n.teacher {
		if err := at(models.NotifyMentionAll, models.LevelAll, models.LevelMentions); err != nil {
			return nil, err
		}
	}
	if n.edited {
		return notes, nil
	}
	if n.replyTo != "" {
		if err := personal(models.NotifyReply, []string{n.replyTo}); err != nil {
			return nil, err
		}
	}
	err := at(n.kind, models.LevelAll)
	return notes, err
}

func (n entryNote) note(kind string, m models.Member) models.Notification {
	note := models.Notification{UserID: m.UserID, Kind: kind, EntityID: n.postID, ActorID: n.author.UserID, ChannelID: &n.channelID,
		PostID: &n.postID, Silent: m.Level == models.LevelNone}
	if n.commentID != "" {
		note.EntityID, note.CommentID = n.commentID, &n.commentID
	}
	return note
}

// notify tells of an entry, as the last step of its transaction; tell follows the commit.
func (e *Entries) notify(ctx context.Context, tx *models.Store, n entryNote) (tell func(), err error) {
	notes, err := n.told(ctx, tx)
	if err != nil {
		return nil, err
	}
	return e.notifier.Notify(ctx, tx, notes...)
}

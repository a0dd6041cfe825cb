package services

import (
	"context"
	"strings"

	"lectern/internal/wire"
	"lectern/models"
)

// Accounts ends an account, or hands its owner all that is kept about them.
type Accounts struct {
	auth    *Auth
	members *Members
	files   *Files
	pub     Publisher
}

// NewAccounts prepares it.
func NewAccounts(auth *Auth, members *Members, files *Files, pub Publisher) *Accounts {
	return &Accounts{auth: auth, members: members, files: files, pub: pub}
}

// Delete ends the actor's account. What they wrote stays, without a name; channels that nobody else is in go. The last owner
// of a channel with others in it, and the last administrator, must hand over first.
func (s *Accounts) Delete(ctx context.Context, actor Actor, req wire.DeleteMeRequest, from Device) error {
	user, err := s.auth.proven(ctx, actor, "password", req.Password, from)
	if err != nil {
		return err
	}
	var left []models.Member
	var emptied []string
	seqs := map[string]int64{} // by channel
	err = s.auth.store.Tx(ctx, func(tx *models.Store) error {
		if user.Role == models.RoleAdmin {
			if another, err := tx.AnotherAdmin(ctx, user.ID); err != nil {
				return err
			} else if !another {
				return &Error{Kind: KindConflict, Message: "You are the only administrator: make somebody else one first."}
			}
		}
		if left, emptied, err = leaveAll(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := tx.EraseUser(ctx, user.ID, s.auth.now()); err != nil {
			return err
		}
		for _, row := range left { // in the order of channels
			if seqs[row.ChannelID], err = record(ctx, tx, ChannelTopic(row.ChannelID), wire.EventMemberLeft, changedMember, user.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.auth.opts.Audit.Record(ctx, actor, AuditUserDeleted, AuditTarget{Kind: "user", ID: user.ID}, nil)
	s.auth.opts.Sockets.Disconnect(user.ID, "")
	return s.tell(ctx, user.ID, left, seqs, emptied)
}

// leaveAll takes a user out of all channels and deletes those that nobody else is in.
func leaveAll(ctx context.Context, tx *models.Store, userID string) (left []models.Member, emptied []string, err error) {
	ids, err := tx.ChannelIDs(ctx, userID)
	if err != nil {
		return nil, nil, err
	}
	var orphans []string
	for _, id := range ids {
		channel, err := tx.LockChannel(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		member, err := tx.Member(ctx, id, userID)
		if err != nil {
			return nil, nil, err
		}
		counts, err := tx.MemberCounts(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		if counts[id] == 1 {
			emptied = append(emptied, id)
			if err := tx.DeleteChannel(ctx, id); err != nil {
				return nil, nil, err
			}
			continue
		}
		switch err := keepOwner(ctx, tx, member, ""); {
		case isKind(err, KindConflict):
			orphans = append(orphans, channel.Name)
		case err != nil:
			return nil, nil, err
		}
		left = append(left, *member)
	}
	if len(orphans) > 0 {
		return nil, nil, &Error{Kind: KindConflict,
			Message: "These channels need another owner first: " + strings.Join(orphans, ", ") + ". Make somebody an owner, or delete them."}
	}
	return left, emptied, tx.DeleteMemberships(ctx, userID)
}

// tell brings the end of an account to the meetings and open windows of others.
func (s *Accounts) tell(ctx context.Context, userID string, left []models.Member, seqs map[string]int64, emptied []string) error {
	user, err := s.auth.store.User(ctx, userID)
	if err != nil {
		return err
	}
	for _, id := range emptied {
		if s.members.lessons != nil {
			s.members.lessons.ChannelDeleted(id)
		}
	}
	for _, row := range left {
		if s.members.lessons != nil {
			s.members.lessons.MemberLeft(row.ChannelID, userID)
		}
		if _, err := s.members.announce(ctx, wire.EventMemberLeft, row, seqs[row.ChannelID]); err != nil {
			return err
		}
	}
	topics, err := audience(ctx, s.auth.store, userID)
	if err != nil {
		return err
	}
	for _, row := range left {
		topics = append(topics, ChannelTopic(row.ChannelID))
	}
	s.pub.PublishStateTo(topics, "user "+userID, wire.EventUserUpdated, profile(*user, s.pub))
	return nil
}

// exportTalks gives a user's conversations, and what they have written in them.
func exportTalks(ctx context.Context, store *models.Store, userID string) ([]wire.ExportConversation, []wire.ExportMessage, error) {
	conversations, messages, err := store.TalksOf(ctx, userID)
	if err != nil {
		return nil, nil, err
	}
	peers := make([]string, len(conversations))
	for i, row := range conversations {
		peers[i] = row.Peer(userID)
	}
	users, err := store.Users(ctx, peers)
	if err != nil {
		return nil, nil, err
	}
	talks, written := make([]wire.ExportConversation, len(conversations)), make([]wire.ExportMessage, len(messages))
	for i, row := range conversations {
		talks[i] = wire.ExportConversation{ID: row.ID, PeerName: users[peers[i]].Name, CreatedAt: wire.At(row.CreatedAt)}
	}
	for i, row := range messages {
		written[i] = wire.ExportMessage{ID: row.ID, ConversationID: row.ConversationID, Body: row.Body, CreatedAt: wire.At(row.CreatedAt),
			EditedAt: wire.AtPtr(row.EditedAt)}
	}
	return talks, written, nil
}

// Export is what is kept about the actor.
func (s *Accounts) Export(ctx context.Context, actor Actor) (*wire.Export, error) {
	store := s.auth.store
	user, err := store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	sessions, err := s.auth.Sessions(ctx, actor)
	if err != nil {
		return nil, err
	}
	channels, places, err := store.Places(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	posts, comments, files, err := store.WorksOf(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	answers, questions, err := store.AnswersOf(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	export := &wire.Export{ExportedAt: wire.At(s.auth.now()), Account: me(user), Sessions: sessions.Items,
		Channels: make([]wire.ExportChannel, len(channels)), Posts: make([]wire.ExportEntry, len(posts)),
		Comments: make([]wire.ExportEntry, len(comments)), Files: make([]wire.File, len(files)), Answers: make([]wire.ExportAnswer, len(answers))}
	for i, row := range channels {
		place := places[row.ID]
		export.Channels[i] = wire.ExportChannel{ID: row.ID, Name: row.Name, Role: place.Role, JoinedAt: wire.At(place.JoinedAt)}
	}
	for i, row := range posts {
		export.Posts[i] = wire.ExportEntry{ID: row.ID, ChannelID: row.ChannelID, Body: row.Body, CreatedAt: wire.At(row.CreatedAt), EditedAt: wire.AtPtr(row.EditedAt)}
	}
	for i, row := range comments {
		export.Comments[i] = wire.ExportEntry{ID: row.ID, ChannelID: row.ChannelID, PostID: row.PostID, Body: row.Body,
			CreatedAt: wire.At(row.CreatedAt), EditedAt: wire.AtPtr(row.EditedAt)}
	}
	for i, row := range files {
		export.Files[i] = s.files.wire(row)
	}
	for i, row := range answers {
		question, answer := questions[row.QuestionID], row.Text
		if row.Choice != nil && *row.Choice < len(question.Choices) {
			answer = question.Choices[*row.Choice]
		}
		export.Answers[i] = wire.ExportAnswer{MeetingID: question.MeetingID, Question: question.Question, Answer: answer, At: wire.At(row.At)}
	}
	if export.Conversations, export.Messages, err = exportTalks(ctx, store, actor.UserID); err != nil {
		return nil, err
	}
	if export.Calls, err = (CallBook{store, s.pub}).all(ctx, actor.UserID); err != nil {
		return nil, err
	}
	if err := exportLessons(ctx, store, actor.UserID, export); err != nil {
		return nil, err
	}
	return export, exportOwn(ctx, store, actor.UserID, export)
}

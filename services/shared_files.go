package services

import (
	"context"

	"lectern/internal/wire"
	"lectern/models"
)

// ChannelFiles gives a page of the files of a channel's posts and comments, the newest first.
func (s *Search) ChannelFiles(ctx context.Context, actor Actor, channelID string, page models.Page) (*wire.List[wire.Found], error) {
	if _, err := Authorize(ctx, s.store, actor, channelID, ActionRead); err != nil {
		return nil, err
	}
	return s.sharedFiles(ctx, actor, channelID, page)
}

// ConversationFiles gives a page of the files of a conversation's messages, the newest first.
func (s *Search) ConversationFiles(ctx context.Context, actor Actor, conversationID string, page models.Page) (*wire.List[wire.Found], error) {
	readable, err := s.store.ReadableScope(ctx, actor.UserID, conversationID)
	if err != nil {
		return nil, err
	}
	if !readable {
		return nil, NotFound("conversation")
	}
	return s.sharedFiles(ctx, actor, conversationID, page)
}

func (s *Search) sharedFiles(ctx context.Context, actor Actor, scope string, page models.Page) (*wire.List[wire.Found], error) {
	docs, next, err := s.store.SharedFiles(ctx, scope, page)
	if err != nil {
		return nil, err
	}
	found, err := s.show(ctx, actor, docs, nil)
	return &wire.List[wire.Found]{Items: found, NextCursor: next}, err
}

package services

import (
	"context"

	"lectern/internal/wire"
	"lectern/models"
)

// Transfer gives a channel to another member, who becomes an owner; the actor, who was one, becomes an assistant.
func (s *Members) Transfer(ctx context.Context, actor Actor, channelID string, req wire.TransferRequest) error {
	if _, err := Authorize(ctx, s.store, actor, channelID, ActionOwn); err != nil {
		return err
	}
	userID, ok := models.ParseID(req.UserID)
	if ok && userID == actor.UserID {
		return Invalid("user_id", "The channel is yours already.")
	}
	notMember := Invalid("user_id", "This person is not a member of the channel.")
	if !ok {
		return notMember
	}
	var rows [2]models.Member
	var before string
	var seqs [2]int64
	err := s.change(ctx, actor, channelID, userID, func(tx *models.Store, mine, their *models.Member) (err error) {
		if !Can(mine.Role, ActionOwn) {
			return Forbidden("Only an owner can give the channel away.")
		}
		before = their.Role
		their.Role, mine.Role = models.RoleOwner, models.RoleAssistant
		rows = [2]models.Member{*their, *mine}
		for _, row := range rows {
			if err := tx.UpdatePlace(ctx, channelID, row.UserID, map[string]any{"role": row.Role}); err != nil {
				return err
			}
		}
		for i, row := range rows {
			if seqs[i], err = record(ctx, tx, ChannelTopic(channelID), wire.EventMemberUpdated, changedMember, row.UserID); err != nil {
				return err
			}
		}
		return nil
	})
	if isKind(err, KindNotFound) {
		if _, mine := Authorize(ctx, s.store, actor, channelID, ActionRead); mine == nil {
			err = notMember
		}
	}
	if err != nil {
		return err
	}
	s.audit.Record(ctx, actor, AuditMemberRole, AuditTarget{"user", userID}, map[string]any{"channel_id": channelID, "from": before, "to": models.RoleOwner})
	s.audit.Record(ctx, actor, AuditMemberRole, AuditTarget{"user", actor.UserID},
		map[string]any{"channel_id": channelID, "from": models.RoleOwner, "to": models.RoleAssistant})
	for i, row := range rows {
		if s.lessons != nil {
			s.lessons.RoleChanged(channelID, row.UserID, row.Role)
		}
		if _, err := s.announce(ctx, wire.EventMemberUpdated, row, seqs[i]); err != nil {
			return err
		}
	}
	return nil
}

package services_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestWhatMattersForSecurityIsRecorded(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		s, ctx := newSchool(t, store), t.Context()
		s.owner.IP = "203.0.113.7"
		student := register(t, store, "Student")
		id := s.channel.ID
		_, err := s.members.Add(ctx, s.owner, id, wire.AddMemberRequest{UserID: student.UserID, Role: models.RoleStudent})
		require.NoError(t, err)
		for _, role := range []string{models.RoleAssistant, models.RoleAssistant, models.RoleStudent} { // the second changes nothing
			_, err = s.members.SetRole(ctx, s.owner, id, student.UserID, wire.UpdateMemberRequest{Role: role})
			require.NoError(t, err)
		}
		_, err = s.members.SetRole(ctx, student, id, student.UserID, wire.UpdateMemberRequest{Role: models.RoleOwner})
		requireKind(t, services.KindForbidden, err)
		invite, err := s.invites.Create(ctx, s.owner, id, wire.CreateInviteRequest{MaxUses: new(3)})
		require.NoError(t, err)
		require.NoError(t, s.members.Remove(ctx, s.owner, id, student.UserID))
		_, err = s.invites.Accept(ctx, student, invite.Code)
		require.NoError(t, err)
		require.NoError(t, s.members.Remove(ctx, student, id, student.UserID), "who leaves is no security event")
		require.NoError(t, s.channels.Delete(ctx, s.owner, id))
		ended, cancel := context.WithCancel(ctx)
		cancel()
		s.audit.Record(ended, services.Actor{IP: "198.51.100.1"}, services.AuditLoginFailed, services.AuditTarget{}, nil)

		rows, next, err := store.AuditEvents(ctx, models.AuditFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Nil(t, next)
		type short struct{ action, target, detail string }
		var got []short
		for _, e := range rows {
			got = append(got, short{e.Action, e.TargetKind + " " + e.TargetID, e.Detail})
			require.True(t, s.clock.Now().Equal(e.At))
			require.NotContains(t, e.Detail, invite.Code)
		}
		require.Equal(t, []short{
			{"auth.login_failed", " ", `{}`},
			{"channel.deleted", "channel " + id, `{"members":1,"name":"Physics"}`},
			{"member.removed", "user " + student.UserID, `{"channel_id":"` + id + `","role":"student"}`},
			{"invite.created", "channel " + id, `{"expires_at":null,"max_uses":3}`},
			{"member.role_changed", "user " + student.UserID, `{"channel_id":"` + id + `","from":"assistant","to":"student"}`},
			{"member.role_changed", "user " + student.UserID, `{"channel_id":"` + id + `","from":"student","to":"assistant"}`},
		}, got)
		require.Nil(t, rows[0].ActorID)
		require.Equal(t, s.owner.UserID, *rows[1].ActorID)
		require.Equal(t, "203.0.113.7", rows[1].IP)

		count := func(filter models.AuditFilter) int {
			rows, _, err := store.AuditEvents(ctx, filter, models.Page{Limit: 10})
			require.NoError(t, err)
			return len(rows)
		}
		require.Equal(t, 2, count(models.AuditFilter{Action: services.AuditMemberRole}))
		require.Equal(t, 3, count(models.AuditFilter{UserID: student.UserID}))
		require.Equal(t, 5, count(models.AuditFilter{UserID: s.owner.UserID}))
		require.Equal(t, 1, count(models.AuditFilter{UserID: student.UserID, Action: services.AuditMemberRemoved}))
	})
}

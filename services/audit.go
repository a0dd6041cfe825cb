package services

import (
	"context"
	"encoding/json"
	"log/slog"

	"lectern/models"
)

// The actions of the audit log.
const (
	AuditLogin           = "auth.login"
	AuditLoginFailed     = "auth.login_failed"
	AuditPasswordChanged = "auth.password_changed"
	AuditPasswordReset   = "auth.password_reset"
	AuditResetIssued     = "auth.reset_issued"
	AuditTokenReused     = "auth.token_reused"
	AuditSessionEnded    = "auth.session_ended"
	AuditUserCreated     = "user.created" // by the operator
	AuditUserDeleted     = "user.deleted"
	AuditMemberRole      = "member.role_changed"
	AuditMemberRemoved   = "member.removed"
	AuditChannelArchived = "channel.archived" // or opened again
	AuditChannelDeleted  = "channel.deleted"
	AuditInviteCreated   = "invite.created"
	AuditInvitesRotated  = "invite.rotated"
	AuditUserRole        = "user.role_changed"
	AuditUserDisabled    = "user.disabled"
	AuditUserEnabled     = "user.enabled"
	AuditQuotaNear       = "storage.quota_near" // somebody's files take nearly all that they may
	AuditDiskLow         = "storage.disk_low"
)

// AuditTarget is what an action was done to.
type AuditTarget struct{ Kind, ID string } // Kind: "user", "channel", "server"

// Audit keeps the events that matter for security. A nil *Audit keeps none.
type Audit struct {
	store *models.Store
	clock Clock
	log   *slog.Logger
}

// NewAudit prepares it.
func NewAudit(store *models.Store, clock Clock, log *slog.Logger) *Audit {
	return &Audit{store: store, clock: clock, log: log}
}

// Record keeps what an actor has done; an empty UserID is somebody who is not signed in. It comes after the deed, so a
// failure to record cannot undo that and goes to the log. The detail must hold no secrets: no passwords, tokens or codes.
func (a *Audit) Record(ctx context.Context, actor Actor, action string, target AuditTarget, detail map[string]any) {
	if a == nil {
		return
	}
	if detail == nil {
		detail = map[string]any{}
	}
	text, err := json.Marshal(detail)
	row := models.AuditEvent{ID: models.NewID(), At: stamp(a.clock), Action: action, TargetKind: target.Kind, TargetID: target.ID,
		IP: actor.IP, Detail: string(text)}
	if actor.UserID != "" {
		row.ActorID = &actor.UserID
	}
	if err == nil {
		err = a.store.AddAuditEvent(context.WithoutCancel(ctx), &row)
	}
	if err != nil {
		a.log.Error("not recorded in the audit log", "action", action, "actor", actor.UserID, "target", target.ID, "error", err)
	}
}

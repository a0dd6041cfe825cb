package models

import (
	"context"
	"time"
)

// AuditEvent is something that matters for security: who did what to whom, when and from where. Detail is a JSON object
// without secrets. Events outlive what they speak of, hence no foreign keys.
type AuditEvent struct {
	ID         string `gorm:"primaryKey"`
	At         time.Time
	ActorID    *string // nil: nobody was signed in
	Action     string
	TargetKind string
	TargetID   string
	IP         string
	Detail     string
}

// AuditFilter restricts a list of events; empty fields do not.
type AuditFilter struct {
	Action string
	UserID string // as actor or as target
}

// AddAuditEvent keeps an event.
func (s *Store) AddAuditEvent(ctx context.Context, e *AuditEvent) error {
	return s.DB(ctx).Create(e).Error
}

// AuditEvents lists a page of the events, newest first.
func (s *Store) AuditEvents(ctx context.Context, filter AuditFilter, page Page) ([]AuditEvent, *string, error) {
	db := s.DB(ctx)
	if filter.Action != "" {
		db = db.Where("action = ?", filter.Action)
	}
	if filter.UserID != "" {
		db = db.Where("actor_id = ? OR (target_kind = 'user' AND target_id = ?)", filter.UserID, filter.UserID)
	}
	var rows []AuditEvent
	err := db.Scopes(page.Scope("id", true)).Find(&rows).Error
	rows, next := Cut(page, rows, func(e AuditEvent) string { return e.ID })
	return rows, next, err
}

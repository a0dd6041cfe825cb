package services

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/alexedwards/argon2id"

	"lectern/models"
)

// Operator is for whoever has the server's machine, who needs no account: it works on the database beside a running server,
// or without one.
type Operator struct {
	store     *models.Store
	clock     Clock
	audit     *Audit
	passwords *passwords
}

// NewOperator prepares it.
func NewOperator(store *models.Store, params argon2id.Params, clock Clock) (*Operator, error) {
	hasher, err := newPasswords(params)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	return &Operator{store: store, clock: clock, audit: NewAudit(store, clock, quiet), passwords: hasher}, err
}

// NewUser is an account to make. Locale is zh-TW or en.
type NewUser struct {
	Email, Name, Password, Locale string
	Admin                         bool
}

// CreateUser opens an account, whatever the sign-up policy is. Its address counts as verified: the operator knows it.
func (o *Operator) CreateUser(ctx context.Context, req NewUser) (*models.User, error) {
	v := invalid{}
	user := models.User{ID: models.NewID(), Email: v.email("email", req.Email), Name: v.name("name", req.Name), Locale: req.Locale, Role: models.RoleUser}
	v.password("password", req.Password, user.Email, user.Name)
	v.oneOf("locale", user.Locale, "zh-TW", "en")
	if err := v.err(); err != nil {
		return nil, err
	}
	if req.Admin {
		user.Role = models.RoleAdmin
	}
	var err error
	if user.PasswordHash, err = o.passwords.hash(ctx, req.Password); err != nil {
		return nil, err
	}
	user.CreatedAt = stamp(o.clock)
	user.UpdatedAt, user.EmailVerifiedAt = user.CreatedAt, &user.CreatedAt
	if err := o.store.DB(ctx).Create(&user).Error; errors.Is(err, models.ErrDuplicate) {
		return nil, &Error{Kind: KindConflict, Message: "There is already an account with this address.", Cause: err}
	} else if err != nil {
		return nil, err
	}
	o.audit.Record(ctx, Actor{}, AuditUserCreated, AuditTarget{Kind: "user", ID: user.ID}, map[string]any{"role": user.Role, "by": "operator"})
	return &user, nil
}

// SetPassword gives an account a new password and ends all its sessions. A running server notices at the next renewal of a
// token, within 15 minutes.
func (o *Operator) SetPassword(ctx context.Context, email, password string) (*models.User, error) {
	v := invalid{}
	email = v.email("email", email)
	if err := v.err(); err != nil {
		return nil, err
	}
	user, err := o.store.UserByEmail(ctx, email)
	if errors.Is(err, models.ErrNotFound) {
		return nil, NotFound("account")
	}
	if err != nil {
		return nil, err
	}
	v.password("password", password, user.Email, user.Name)
	if err := v.err(); err != nil {
		return nil, err
	}
	fresh, err := o.passwords.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	err = o.store.Tx(ctx, func(tx *models.Store) error {
		if err := tx.UpdateUser(ctx, user.ID, map[string]any{"password_hash": fresh, "updated_at": stamp(o.clock)}); err != nil {
			return err
		}
		if err := tx.DeleteEmailTokens(ctx, user.ID, models.PurposeReset); err != nil {
			return err
		}
		_, err := tx.EndSessions(ctx, user.ID, "", stamp(o.clock))
		return err
	})
	if err != nil {
		return nil, err
	}
	o.audit.Record(ctx, Actor{}, AuditPasswordReset, AuditTarget{Kind: "user", ID: user.ID}, map[string]any{"by": "operator"})
	return user, nil
}

// Users calls each for every account that is not deleted, the oldest first.
func (o *Operator) Users(ctx context.Context, each func(models.User) error) error {
	page := models.Page{Limit: 100}
	for {
		rows, next, err := o.store.AllUsers(ctx, "", page)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := each(row); err != nil {
				return err
			}
		}
		if next == nil {
			return nil
		}
		page.After = *next
	}
}

package services

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// How long the links of letters are good.
const (
	VerifyLinkLife = 24 * time.Hour
	ResetLinkLife  = time.Hour
)

var errDeadLink = Invalid("token", "This link was used already or is too old. Please ask for a new one.")

// VerifyEmail takes the token of a verification link.
func (a *Auth) VerifyEmail(ctx context.Context, req wire.VerifyEmailRequest) error {
	return a.store.Tx(ctx, func(tx *models.Store) error {
		token, err := tx.TakeEmailToken(ctx, hashToken(req.Token), models.PurposeVerify, a.now())
		if errors.Is(err, models.ErrNotFound) {
			return errDeadLink
		}
		if err != nil {
			return err
		}
		if err := tx.VerifyEmail(ctx, token.UserID, token.Email, a.now()); err != nil {
			return err
		}
		return tx.DeleteEmailTokens(ctx, token.UserID, models.PurposeVerify)
	})
}

// ResendVerification sends another verification link to one's own address.
func (a *Auth) ResendVerification(ctx context.Context, actor Actor) error {
	if !a.opts.Mailer.Delivers() {
		return &Error{Kind: KindConflict, Message: "This server sends no email and does not ask for verified addresses."}
	}
	user, err := a.store.User(ctx, actor.UserID)
	if err != nil || user.EmailVerifiedAt != nil {
		return err
	}
	if wait, ok := a.letters.Allow(user.Email); !ok {
		return &Error{Kind: KindRateLimited, Message: "We have just sent you an email. Please look for it, also among the spam.", RetryAfter: wait}
	}
	return a.sendVerification(*user)
}

func (a *Auth) sendVerification(user models.User) error {
	return a.opts.Mailer.Post(func(ctx context.Context) (*Letter, error) {
		return a.letter(ctx, user, models.PurposeVerify)
	})
}

// ForgotPassword sends a link to set a new password to an address that has an account. Whether it has one shows neither in
// the answer nor in its time: the letter is written later.
func (a *Auth) ForgotPassword(_ context.Context, req wire.ForgotPasswordRequest) error {
	v := invalid{}
	email := v.email("email", req.Email)
	if err := v.err(); err != nil {
		return err
	}
	if _, ok := a.letters.Allow(email); !ok {
		return nil // the letters sent a moment ago have good links
	}
	return a.opts.Mailer.Post(func(ctx context.Context) (*Letter, error) {
		user, err := a.store.UserByEmail(ctx, email)
		if errors.Is(err, models.ErrNotFound) || (err == nil && shut(user)) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return a.letter(ctx, *user, models.PurposeReset)
	})
}

// IssueReset is for administrators: it sends another person a link to set a new password. Without a mail server the link is
// for the administrator to hand over; it is shown this once. For oneself the current password is asked, not the rank.
func (a *Auth) IssueReset(ctx context.Context, actor Actor, id string) (*wire.IssuedReset, error) {
	if err := AuthorizeAdmin(actor); err != nil {
		return nil, err
	}
	user, err := a.store.User(ctx, id)
	switch {
	case errors.Is(err, models.ErrNotFound) || (err == nil && user.DeletedAt != nil):
		return nil, NotFound("user")
	case err != nil:
		return nil, err
	case actor.UserID == id:
		return nil, &Error{Kind: KindConflict, Message: "You change your own password in your settings."}
	case user.DisabledAt != nil:
		return nil, &Error{Kind: KindConflict, Message: "This account is disabled: enable it first."}
	}
	issued := &wire.IssuedReset{Mailed: a.opts.Mailer.Delivers()}
	if issued.Mailed {
		err = a.opts.Mailer.Post(func(ctx context.Context) (*Letter, error) { return a.letter(ctx, *user, models.PurposeReset) })
	} else {
		var letter *Letter
		if letter, err = a.letter(ctx, *user, models.PurposeReset); err == nil {
			issued.Link = letter.Link
		}
	}
	if err != nil {
		return nil, err
	}
	a.opts.Audit.Record(ctx, actor, AuditResetIssued, AuditTarget{Kind: "user", ID: id}, map[string]any{"mailed": issued.Mailed})
	return issued, nil
}

// letter makes a token and the letter that brings its link.
func (a *Auth) letter(ctx context.Context, user models.User, purpose string) (*Letter, error) {
	life, page := VerifyLinkLife, "/verify"
	if purpose == models.PurposeReset {
		life, page = ResetLinkLife, "/reset"
	}
	token, now := rand.Text(), a.now() // 130 bits
	err := a.store.AddEmailToken(ctx, &models.EmailToken{Hash: hashToken(token), UserID: user.ID, Purpose: purpose, Email: user.Email,
		CreatedAt: now, ExpiresAt: now.Add(life)})
	return &Letter{Purpose: purpose, To: user.Email, Name: user.Name, Locale: user.Locale,
		Link: a.opts.PublicURL + page + "?token=" + url.QueryEscape(token)}, err
}

// ResetPassword takes the token of such a link and a new password, and ends all sessions. Who opened the link also owns the
// address.
func (a *Auth) ResetPassword(ctx context.Context, req wire.ResetPasswordRequest, from Device) error {
	hash := hashToken(req.Token)
	token, err := a.store.EmailToken(ctx, hash, models.PurposeReset, a.now())
	if errors.Is(err, models.ErrNotFound) {
		return errDeadLink
	}
	if err != nil {
		return err
	}
	user, err := a.store.User(ctx, token.UserID)
	if err != nil {
		return err
	}
	fresh, err := a.newPassword(ctx, user, req.Password)
	if err != nil {
		return err
	}
	err = a.store.Tx(ctx, func(tx *models.Store) error {
		if _, err := tx.TakeEmailToken(ctx, hash, models.PurposeReset, a.now()); errors.Is(err, models.ErrNotFound) {
			return errDeadLink
		} else if err != nil {
			return err
		}
		if err := tx.UpdateUser(ctx, user.ID, map[string]any{"password_hash": fresh, "updated_at": a.now()}); err != nil {
			return err
		}
		if err := tx.VerifyEmail(ctx, user.ID, token.Email, a.now()); err != nil {
			return err
		}
		return tx.DeleteEmailTokens(ctx, user.ID, models.PurposeReset, models.PurposeVerify)
	})
	if err != nil {
		return err
	}
	a.opts.Audit.Record(ctx, Actor{UserID: user.ID, IP: from.IP}, AuditPasswordReset, AuditTarget{Kind: "user", ID: user.ID}, nil)
	return a.endAll(ctx, user.ID, "")
}

// ChangePassword sets a new password and ends the other sessions.
func (a *Auth) ChangePassword(ctx context.Context, actor Actor, req wire.ChangePasswordRequest, from Device) error {
	user, err := a.proven(ctx, actor, "current_password", req.CurrentPassword, from)
	if err != nil {
		return err
	}
	fresh, err := a.newPassword(ctx, user, req.Password)
	if err != nil {
		return err
	}
	replaced, err := a.store.ReplacePassword(ctx, user.ID, user.PasswordHash, fresh, a.now())
	if err == nil && !replaced {
		err = &Error{Kind: KindConflict, Message: "The password was changed elsewhere a moment ago."}
	}
	if err != nil {
		return err
	}
	if err := a.store.DeleteEmailTokens(ctx, user.ID, models.PurposeReset); err != nil {
		return err
	}
	a.opts.Audit.Record(ctx, actor, AuditPasswordChanged, AuditTarget{Kind: "user", ID: user.ID}, nil)
	return a.endAll(ctx, user.ID, actor.SessionID)
}

// newPassword checks and hashes a password for an account.
func (a *Auth) newPassword(ctx context.Context, user *models.User, password string) (hash string, err error) {
	v := invalid{}
	v.password("password", password, user.Email, user.Name)
	if err := v.err(); err != nil {
		return "", err
	}
	return a.passwords.hash(ctx, password)
}

// proven is the actor's account if the password is theirs. Attempts count like those to sign in.
func (a *Auth) proven(ctx context.Context, actor Actor, field, password string, from Device) (*models.User, error) {
	user, err := a.store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	succeeded, err := a.attempt(ctx, user.Email, from)
	if err != nil {
		return nil, err
	}
	right, err := a.passwords.check(ctx, password, user.PasswordHash)
	if err != nil {
		return nil, err
	}
	if !right {
		return nil, Invalid(field, "This is not your password.")
	}
	succeeded()
	return user, nil
}

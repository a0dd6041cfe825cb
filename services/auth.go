package services

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"

	"lectern/internal/publicnet"
	"lectern/internal/wire"
	"lectern/models"
)

// refreshGrace is how long the refresh token before the present one still counts, for windows that refresh at once.
const refreshGrace = 30 * time.Second

// Auth opens accounts and sessions.
type Auth struct {
	store     *models.Store
	tokens    *Tokens
	passwords *passwords
	opts      AuthOptions
	clock     Clock

	pairs    *Throttle // attempts at a password, per account and address
	accounts *Throttle // the same per account, wide: strangers together
	letters  *RateLimit

	peopled atomic.Bool // see Empty
}

// How people get an account, see AuthOptions.
const (
	SignUpOpen    = "open"
	SignUpInvite  = "invite"
	SignUpDomains = "domains"
)

// AuthOptions configures Auth.
type AuthOptions struct {
	Passwords argon2id.Params // what a new hash costs; older ones are renewed at the next sign-in
	SignUp    string          // SignUpOpen, SignUpInvite or SignUpDomains
	Domains   []string        // of addresses that may sign up, in lower case, without subdomains
	PublicURL string          // links in letters start with it
	Throttle  bool            // slow guessing and floods of letters down
	Mailer    Mailer
	Sockets   Disconnector
	Audit     *Audit
	Log       *slog.Logger
}

// NewAuth prepares it.
func NewAuth(store *models.Store, tokens *Tokens, opts AuthOptions, clock Clock) (*Auth, error) {
	passwords, err := newPasswords(opts.Passwords)
	if err != nil {
		return nil, err
	}
	a := &Auth{store: store, tokens: tokens, passwords: passwords, opts: opts, clock: clock}
	if opts.Throttle {
		a.pairs = NewThrottle(10, 5*time.Minute, 5*time.Minute, clock)
		a.accounts = NewThrottle(100, 30*time.Second, time.Minute, clock)
		a.letters = NewRateLimit(1.0/300, 3, clock)
	}
	return a, nil
}

// Device is where a request comes from. Refresh is the refresh token that it has from an earlier sign-in, if any.
type Device struct{ UserAgent, IP, Refresh string }

// Signed is what a sign-in or refresh gives: RefreshToken belongs in a cookie that scripts cannot read.
type Signed struct {
	User         wire.Me
	AccessToken  string
	RefreshToken string
}

// Register opens an account and its first session. The first account of an installation is its administrator, and the policy
// does not hold for it.
func (a *Auth) Register(ctx context.Context, req wire.RegisterRequest, from Device) (*Signed, error) {
	v := invalid{}
	user := models.User{
		ID:     models.NewID(),
		Email:  v.email("email", req.Email),
		Name:   v.name("name", req.Name),
		Locale: req.Locale,
		Role:   models.RoleUser,
	}
	v.password("password", req.Password, user.Email, user.Name)
	if user.Locale == "" {
		user.Locale = "zh-TW"
	}
	v.oneOf("locale", user.Locale, "zh-TW", "en")
	if err := v.err(); err != nil {
		return nil, err
	}
	refusal, err := a.signUpRefusal(ctx, user.Email, req.InviteCode)
	if err != nil {
		return nil, err
	}
	if user.PasswordHash, err = a.passwords.hash(ctx, req.Password); err != nil {
		return nil, err
	}
	user.CreatedAt = a.now()
	user.UpdatedAt = user.CreatedAt
	err = a.store.AddUser(ctx, &user, refusal != nil)
	switch {
	case errors.Is(err, models.ErrNotFirst):
		return nil, refusal
	case errors.Is(err, models.ErrDuplicate):
		return nil, &Error{Kind: KindConflict, Message: "There is already an account with this address.",
			Fields: map[string]string{"email": "There is already an account with this address."}, Cause: err}
	case err != nil:
		return nil, err
	}
	if a.opts.Mailer.Delivers() {
		if err := a.sendVerification(user); err != nil {
			a.opts.Log.Warn("no verification letter", "user", user.ID, "error", err)
		}
	}
	return a.open(ctx, &user, from)
}

// errCredentials is the same whether the address or the password is wrong.
var errCredentials = &Error{Kind: KindUnauthenticated, Message: "The address or the password is wrong."}

// Login opens a session. An unknown address takes as long as a wrong password.
func (a *Auth) Login(ctx context.Context, req wire.LoginRequest, from Device) (*Signed, error) {
	v := invalid{}
	email := v.email("email", req.Email)
	succeeded, err := a.attempt(ctx, email, from)
	if err != nil {
		return nil, err
	}
	known := models.User{PasswordHash: a.passwords.nobody}
	if len(v) == 0 {
		user, err := a.store.UserByEmail(ctx, email)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			known = *user
		}
	}
	right, err := a.passwords.check(ctx, req.Password, known.PasswordHash)
	if err != nil {
		return nil, err
	}
	if !right || known.ID == "" {
		a.opts.Audit.Record(ctx, Actor{IP: from.IP}, AuditLoginFailed, AuditTarget{Kind: "user", ID: known.ID}, nil)
		return nil, errCredentials
	}
	succeeded()
	if known.DisabledAt != nil {
		return nil, errDisabled
	}
	if a.passwords.outdated(known.PasswordHash) {
		if err := a.rehash(ctx, &known, req.Password); err != nil {
			return nil, err
		}
	}
	signed, err := a.open(ctx, &known, from)
	if err == nil {
		a.opts.Audit.Record(ctx, Actor{UserID: known.ID, IP: from.IP}, AuditLogin, AuditTarget{Kind: "user", ID: known.ID}, nil)
	}
	return signed, err
}

var errDisabled = &Error{Kind: KindForbidden, Message: "An administrator has disabled this account."}

// rehash replaces a hash that was made with other parameters.
func (a *Auth) rehash(ctx context.Context, user *models.User, password string) error {
	hash, err := a.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	replaced, err := a.store.ReplacePassword(ctx, user.ID, user.PasswordHash, hash, a.now())
	if replaced {
		user.PasswordHash = hash
	}
	return err
}

// attempt counts an attempt at the password of the account with this address, or refuses it for now. The one who has the
// password calls succeeded. A device that was signed in to the account before is not held up by what strangers do.
func (a *Auth) attempt(ctx context.Context, email string, from Device) (succeeded func(), err error) {
	pair := publicnet.NetworkOf(from.IP) + " " + email
	wait, ok := a.pairs.Attempt(pair)
	known := false
	if ok && from.Refresh != "" {
		if known, err = a.knows(ctx, from.Refresh, email); err != nil {
			return nil, err
		}
	}
	if ok && !known {
		wait, ok = a.accounts.Attempt(email)
	}
	if !ok {
		return nil, &Error{Kind: KindRateLimited, Message: "Too many attempts with this address. Please wait a moment.", RetryAfter: wait}
	}
	return func() {
		a.pairs.Forget(pair)
		if !known {
			a.accounts.Forgive(email)
		}
	}, nil
}

// knows tells whether a refresh token is the last of a session of this account, over or not.
func (a *Auth) knows(ctx context.Context, refresh, email string) (bool, error) {
	id, ok := sessionOf(refresh)
	if !ok {
		return false, nil
	}
	row, err := a.store.Session(ctx, id)
	if err == nil && same(hashToken(refresh), row.TokenHash) {
		user, err := a.store.User(ctx, row.UserID)
		return err == nil && user.Email == email, err
	}
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return false, err
}

func (a *Auth) open(ctx context.Context, user *models.User, from Device) (*Signed, error) {
	id, refresh := newRefreshToken()
	now := a.now()
	row := models.Session{
		ID: id, UserID: user.ID, TokenHash: hashToken(refresh), RotatedAt: now, UserAgent: clip(from.UserAgent, 300), IP: from.IP,
		CreatedAt: now, LastUsedAt: now, ExpiresAt: now.Add(RefreshTokenLife),
	}
	if err := a.store.AddSession(ctx, &row); err != nil {
		return nil, err
	}
	current, err := a.store.User(ctx, user.ID)
	if err != nil {
		return nil, err
	}
	if current.PasswordHash != user.PasswordHash || shut(current) { // changed since it was checked: that ended all sessions but this
		return nil, errors.Join(errCredentials, a.store.EndSession(ctx, id, now))
	}
	return a.sign(user, id, refresh)
}

func (a *Auth) sign(user *models.User, sessionID, refresh string) (*Signed, error) {
	access, err := a.tokens.Access(user.ID, sessionID)
	if err != nil {
		return nil, fmt.Errorf("sign an access token: %w", err)
	}
	return &Signed{User: me(user), AccessToken: access, RefreshToken: refresh}, nil
}

var errSessionOver = &Error{Kind: KindUnauthenticated, Message: "This session is over. Please sign in again."}

// Refresh exchanges a refresh token for the next one and an access token. A token that was exchanged before, and not just
// now, was copied: its session ends.
func (a *Auth) Refresh(ctx context.Context, refresh string) (*Signed, error) {
	row, err := a.session(ctx, refresh)
	if err != nil {
		return nil, err
	}
	now, hash := a.now(), hashToken(refresh)
	next := a.tokens.nextRefreshToken(row.ID, refresh)
	if same(hash, row.TokenHash) {
		rotated, err := a.store.RotateSession(ctx, row.ID, hash, hashToken(next), now, now.Add(RefreshTokenLife))
		if err != nil {
			return nil, err
		}
		if !rotated { // another window was faster, or the session just ended
			if row, err = a.session(ctx, refresh); err != nil {
				return nil, err
			}
		} else {
			row.TokenHash, row.PreviousHash, row.RotatedAt = hashToken(next), hash, now
		}
	}
	if !same(hash, row.PreviousHash) || now.Sub(row.RotatedAt) > refreshGrace {
		if err := a.end(ctx, row.UserID, row.ID); err != nil {
			return nil, err
		}
		a.opts.Audit.Record(ctx, Actor{UserID: row.UserID}, AuditTokenReused, AuditTarget{Kind: "session", ID: row.ID}, nil)
		return nil, errSessionOver
	}
	user, err := a.store.User(ctx, row.UserID)
	if err != nil {
		return nil, err
	}
	if shut(user) {
		return nil, errSessionOver
	}
	return a.sign(user, row.ID, a.tokens.givenRefreshToken(row.ID, refresh, row.TokenHash))
}

// session finds the living session that a refresh token names; the caller still compares the token.
func (a *Auth) session(ctx context.Context, refresh string) (*models.Session, error) {
	id, ok := sessionOf(refresh)
	if !ok {
		return nil, errSessionOver
	}
	row, err := a.store.Session(ctx, id)
	if errors.Is(err, models.ErrNotFound) || (err == nil && !a.lives(row)) {
		return nil, errSessionOver
	}
	return row, err
}

func (a *Auth) lives(row *models.Session) bool {
	return row.EndedAt == nil && a.now().Before(row.ExpiresAt)
}

// Logout ends the session of a refresh token; one that is unknown or over is fine.
func (a *Auth) Logout(ctx context.Context, refresh string) error {
	row, err := a.session(ctx, refresh)
	if errors.Is(err, errSessionOver) {
		return nil
	}
	if err != nil {
		return err
	}
	if hash := hashToken(refresh); !same(hash, row.TokenHash) && !same(hash, row.PreviousHash) {
		return nil
	}
	if err := a.end(ctx, row.UserID, row.ID); err != nil {
		return err
	}
	a.opts.Audit.Record(ctx, Actor{UserID: row.UserID, SessionID: row.ID}, AuditSessionEnded, AuditTarget{Kind: "session", ID: row.ID}, nil)
	return nil
}

// shut tells whether nobody may be in an account.
func shut(user *models.User) bool { return user.DisabledAt != nil || user.DeletedAt != nil }

// Authenticate tells whom an access token speaks for. Its session must still live, so that ending one counts at once.
func (a *Auth) Authenticate(ctx context.Context, access string) (Actor, error) {
	if access == "" {
		return Actor{}, &Error{Kind: KindUnauthenticated, Message: "Please sign in."}
	}
	userID, sessionID, err := a.tokens.Verify(access)
	if err != nil {
		return Actor{}, &Error{Kind: KindUnauthenticated, Message: "The access token is not valid or has expired.", Cause: err}
	}
	return a.actor(ctx, userID, sessionID)
}

// Lives tells whether an actor's session still does.
func (a *Auth) Lives(ctx context.Context, actor Actor) error {
	_, err := a.actor(ctx, actor.UserID, actor.SessionID)
	return err
}

func (a *Auth) actor(ctx context.Context, userID, sessionID string) (Actor, error) {
	row, err := a.store.Session(ctx, sessionID)
	if errors.Is(err, models.ErrNotFound) || (err == nil && (row.UserID != userID || !a.lives(row))) {
		return Actor{}, errSessionOver
	}
	if err != nil {
		return Actor{}, err
	}
	user, err := a.store.User(ctx, userID)
	if errors.Is(err, models.ErrNotFound) || (err == nil && shut(user)) {
		return Actor{}, errSessionOver
	}
	if err != nil {
		return Actor{}, err
	}
	admin := user.Role == models.RoleAdmin
	return Actor{UserID: userID, SessionID: sessionID, Admin: admin,
		Unverified: a.opts.Mailer.Delivers() && user.EmailVerifiedAt == nil && !admin}, nil
}

func (a *Auth) now() time.Time { return stamp(a.clock) }

// stamp is the time as rows keep it: UTC in milliseconds.
func stamp(clock Clock) time.Time { return clock.Now().UTC().Truncate(time.Millisecond) }

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// clip shortens a text to at most n bytes of valid UTF-8.
func clip(text string, n int) string {
	if len(text) > n {
		text = text[:n]
	}
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
}

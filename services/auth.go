package services

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"lectern/internal/wire"
	"lectern/models"
)

// refreshGrace is how long the refresh token before the present one still counts, for windows that refresh at once.
const refreshGrace = 30 * time.Second

// DefaultPasswordParams follow the OWASP Password Storage Cheat Sheet (Argon2id, 46 MiB, one pass, one lane).
var DefaultPasswordParams = argon2id.Params{Memory: 46 * 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Auth opens accounts and sessions.
type Auth struct {
	store   *models.Store
	tokens  *Tokens
	params  argon2id.Params
	clock   Clock
	nobody  string        // the hash that an unknown address is checked against, to take the same time
	hashing chan struct{} // one place per processor: a rush of sign-ins must not take all memory
}

// NewAuth prepares it; params decide what a new password hash costs.
func NewAuth(store *models.Store, tokens *Tokens, params argon2id.Params, clock Clock) (*Auth, error) {
	nobody, err := argon2id.CreateHash("nobody has this password", &params)
	if err != nil {
		return nil, fmt.Errorf("hash a password: %w", err)
	}
	return &Auth{store: store, tokens: tokens, params: params, clock: clock, nobody: nobody,
		hashing: make(chan struct{}, runtime.GOMAXPROCS(0))}, nil
}

// Device is where a session was opened from, as its list shows it.
type Device struct{ UserAgent, IP string }

// Signed is what a sign-in or refresh gives: RefreshToken belongs in a cookie that scripts cannot read.
type Signed struct {
	User         wire.Me
	AccessToken  string
	RefreshToken string
}

// Register opens an account and its first session. The first account of an installation is its administrator.
func (a *Auth) Register(ctx context.Context, req wire.RegisterRequest, from Device) (*Signed, error) {
	v := invalid{}
	user := models.User{
		ID:     models.NewID(),
		Email:  v.email("email", req.Email),
		Name:   v.line("name", req.Name, 1, 80),
		Locale: req.Locale,
		Role:   models.RoleUser,
	}
	v.length("password", req.Password, 8, 256)
	if user.Locale == "" {
		user.Locale = "zh-TW"
	}
	v.oneOf("locale", user.Locale, "zh-TW", "en")
	if err := v.err(); err != nil {
		return nil, err
	}
	var err error
	if user.PasswordHash, err = a.hash(ctx, req.Password); err != nil {
		return nil, err
	}
	user.CreatedAt = a.now()
	user.UpdatedAt = user.CreatedAt
	if err := a.store.AddUser(ctx, &user); errors.Is(err, models.ErrDuplicate) {
		return nil, &Error{Kind: KindConflict, Message: "There is already an account with this address.",
			Fields: map[string]string{"email": "There is already an account with this address."}, Cause: err}
	} else if err != nil {
		return nil, err
	}
	return a.open(ctx, &user, from)
}

// errCredentials is the same whether the address or the password is wrong.
var errCredentials = &Error{Kind: KindUnauthenticated, Message: "The address or the password is wrong."}

// Login opens a session.
func (a *Auth) Login(ctx context.Context, req wire.LoginRequest, from Device) (*Signed, error) {
	v := invalid{}
	email := v.email("email", req.Email)
	known := models.User{PasswordHash: a.nobody}
	if len(v) == 0 {
		user, err := a.store.UserByEmail(ctx, email)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			known = *user
		}
	}
	right, err := a.check(ctx, req.Password, known.PasswordHash)
	if err != nil {
		return nil, err
	}
	if !right || known.ID == "" {
		return nil, errCredentials
	}
	return a.open(ctx, &known, from)
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
			row.PreviousHash, row.RotatedAt = hash, now
		}
	}
	if !same(hash, row.PreviousHash) || now.Sub(row.RotatedAt) > refreshGrace {
		if err := a.store.EndSession(ctx, row.ID, now); err != nil {
			return nil, err
		}
		return nil, errSessionOver
	}
	user, err := a.store.User(ctx, row.UserID)
	if err != nil {
		return nil, err
	}
	return a.sign(user, row.ID, next)
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
	return a.store.EndSession(ctx, row.ID, a.now())
}

// Authenticate tells whom an access token speaks for. Its session must still live, so that ending one counts at once.
func (a *Auth) Authenticate(ctx context.Context, access string) (Actor, error) {
	if access == "" {
		return Actor{}, &Error{Kind: KindUnauthenticated, Message: "Please sign in."}
	}
	userID, sessionID, err := a.tokens.Verify(access)
	if err != nil {
		return Actor{}, &Error{Kind: KindUnauthenticated, Message: "The access token is not valid or has expired.", Cause: err}
	}
	row, err := a.store.Session(ctx, sessionID)
	if errors.Is(err, models.ErrNotFound) || (err == nil && (row.UserID != userID || !a.lives(row))) {
		return Actor{}, errSessionOver
	}
	if err != nil {
		return Actor{}, err
	}
	user, err := a.store.User(ctx, userID)
	if errors.Is(err, models.ErrNotFound) {
		return Actor{}, errSessionOver
	}
	return Actor{UserID: userID, SessionID: sessionID, Admin: user.Role == models.RoleAdmin}, err
}

func (a *Auth) hash(ctx context.Context, password string) (hash string, err error) {
	if err = a.queue(ctx); err != nil {
		return "", err
	}
	defer func() { <-a.hashing }()
	return argon2id.CreateHash(password, &a.params)
}

func (a *Auth) check(ctx context.Context, password, hash string) (right bool, err error) {
	if err = a.queue(ctx); err != nil {
		return false, err
	}
	defer func() { <-a.hashing }()
	return argon2id.ComparePasswordAndHash(password, hash)
}

// queue waits for a place in hashing.
func (a *Auth) queue(ctx context.Context) error {
	select {
	case a.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
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

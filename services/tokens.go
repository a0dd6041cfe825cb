package services

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"lectern/models"
)

// How long tokens live.
const (
	AccessTokenLife  = 15 * time.Minute
	RefreshTokenLife = 30 * 24 * time.Hour
)

const tokenIssuer, tokenAudience = "lectern", "lectern"

// Tokens makes access and refresh tokens with one key, and checks them with that and older ones.
type Tokens struct {
	keys   []tokenKey // the first signs
	parser *jwt.Parser
	clock  Clock
}

// tokenKey is a secret and the name that tokens call it by.
type tokenKey struct {
	id     string
	secret []byte
}

// NewTokens takes the installation's secret, and older ones whose tokens are still good.
func NewTokens(secret []byte, clock Clock, older ...[]byte) *Tokens {
	keys := make([]tokenKey, 0, 1+len(older))
	for _, secret := range append([][]byte{secret}, older...) {
		id := sha256.Sum256(append([]byte("key id "), secret...))
		keys = append(keys, tokenKey{id: hex.EncodeToString(id[:4]), secret: secret})
	}
	return &Tokens{
		keys:  keys,
		clock: clock,
		parser: jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(tokenIssuer),
			jwt.WithAudience(tokenAudience), jwt.WithExpirationRequired(), jwt.WithTimeFunc(clock.Now)),
	}
}

type accessClaims struct {
	jwt.RegisteredClaims
	SessionID string `json:"sid"`
}

// Access makes an access token (a JWT, RFC 7519) of a user's session.
func (t *Tokens) Access(userID, sessionID string) (string, error) {
	now := t.clock.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, accessClaims{
		SessionID: sessionID,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenIssuer, Audience: jwt.ClaimStrings{tokenAudience}, Subject: userID,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(AccessTokenLife)),
		},
	})
	token.Header["kid"] = t.keys[0].id
	return token.SignedString(t.keys[0].secret)
}

// Verify reads an access token.
func (t *Tokens) Verify(token string) (userID, sessionID string, err error) {
	var claims accessClaims
	_, err = t.parser.ParseWithClaims(token, &claims, func(j *jwt.Token) (any, error) {
		for _, key := range t.keys {
			if j.Header["kid"] == key.id {
				return key.secret, nil
			}
		}
		return nil, fmt.Errorf("unknown key %v", j.Header["kid"])
	})
	return claims.Subject, claims.SessionID, err
}

// A refresh token is "<session id>.<32 bytes in base64url>": the first is random, each later one is derived from the one
// before. Two windows that refresh at the same moment, or a window that lost the answer, thus get the same next token.

func newRefreshToken() (sessionID, token string) {
	sessionID = models.NewID()
	var random [32]byte
	rand.Read(random[:]) // never fails
	return sessionID, refreshToken(sessionID, random[:])
}

func refreshToken(sessionID string, random []byte) string {
	return sessionID + "." + base64.RawURLEncoding.EncodeToString(random)
}

func (t *Tokens) nextRefreshToken(sessionID, token string) string {
	return t.keys[0].nextRefreshToken(sessionID, token)
}

// givenRefreshToken is the next token that was given out before, of which only the hash is kept: an older key may have made it.
func (t *Tokens) givenRefreshToken(sessionID, token, hash string) string {
	for _, key := range t.keys {
		if next := key.nextRefreshToken(sessionID, token); same(hashToken(next), hash) {
			return next
		}
	}
	return t.nextRefreshToken(sessionID, token)
}

func (k tokenKey) nextRefreshToken(sessionID, token string) string {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte("next refresh token " + token))
	return refreshToken(sessionID, mac.Sum(nil))
}

func sessionOf(refreshToken string) (string, bool) {
	id, _, ok := strings.Cut(refreshToken, ".")
	return id, ok && len(id) == 36
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

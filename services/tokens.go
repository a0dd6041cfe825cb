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

// Tokens makes and checks access and refresh tokens with one secret.
type Tokens struct {
	secret []byte
	keyID  string
	parser *jwt.Parser
	clock  Clock
}

// NewTokens takes the installation's secret; whoever changes it signs everybody out of their access tokens.
func NewTokens(secret []byte, clock Clock) *Tokens {
	id := sha256.Sum256(append([]byte("key id "), secret...))
	return &Tokens{
		secret: secret,
		keyID:  hex.EncodeToString(id[:4]),
		clock:  clock,
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
	token.Header["kid"] = t.keyID
	return token.SignedString(t.secret)
}

// Verify reads an access token.
func (t *Tokens) Verify(token string) (userID, sessionID string, err error) {
	var claims accessClaims
	_, err = t.parser.ParseWithClaims(token, &claims, func(j *jwt.Token) (any, error) {
		if j.Header["kid"] != t.keyID {
			return nil, fmt.Errorf("unknown key %v", j.Header["kid"])
		}
		return t.secret, nil
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
	mac := hmac.New(sha256.New, t.secret)
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

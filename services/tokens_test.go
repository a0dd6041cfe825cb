package services_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
	"lectern/services"
)

var oldSecret, newSecret = []byte("the old secret of at least 32 characters"), []byte("the new secret of at least 32 characters")

// keyID names a secret as tokens do.
func keyID(secret []byte) string {
	sum := sha256.Sum256(append([]byte("key id "), secret...))
	return hex.EncodeToString(sum[:4])
}

func TestForgedAccessTokens(t *testing.T) {
	clock := newHandClock()
	tokens := services.NewTokens(oldSecret, clock)
	good := jwt.MapClaims{"iss": "lectern", "aud": []string{"lectern"}, "sub": "u", "sid": "s", "exp": clock.Now().Add(time.Minute).Unix()}
	with := func(key string, value any) jwt.MapClaims {
		claims := jwt.MapClaims{}
		for k, v := range good {
			claims[k] = v
		}
		if claims[key] = value; value == nil {
			delete(claims, key)
		}
		return claims
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for _, row := range []struct {
		name   string
		method jwt.SigningMethod
		claims jwt.MapClaims
		kid    any
		key    any
		ok     bool
	}{
		{"good", jwt.SigningMethodHS256, good, keyID(oldSecret), oldSecret, true},
		{"unsigned", jwt.SigningMethodNone, good, keyID(oldSecret), jwt.UnsafeAllowNoneSignatureType, false},
		{"a stronger algorithm with the same secret", jwt.SigningMethodHS512, good, keyID(oldSecret), oldSecret, false},
		{"an asymmetric algorithm", jwt.SigningMethodES256, good, keyID(oldSecret), ec, false},
		{"another secret under our key id", jwt.SigningMethodHS256, good, keyID(oldSecret), newSecret, false},
		{"unknown key id", jwt.SigningMethodHS256, good, keyID(newSecret), oldSecret, false},
		{"no key id", jwt.SigningMethodHS256, good, nil, oldSecret, false},
		{"a key id that is no text", jwt.SigningMethodHS256, good, []string{keyID(oldSecret)}, oldSecret, false},
		{"a path as key id", jwt.SigningMethodHS256, good, "../../dev/null", []byte{}, false},
		{"another issuer", jwt.SigningMethodHS256, with("iss", "elsewhere"), keyID(oldSecret), oldSecret, false},
		{"no issuer", jwt.SigningMethodHS256, with("iss", nil), keyID(oldSecret), oldSecret, false},
		{"another audience", jwt.SigningMethodHS256, with("aud", "elsewhere"), keyID(oldSecret), oldSecret, false},
		{"no audience", jwt.SigningMethodHS256, with("aud", nil), keyID(oldSecret), oldSecret, false},
		{"expired", jwt.SigningMethodHS256, with("exp", clock.Now().Add(-time.Second).Unix()), keyID(oldSecret), oldSecret, false},
		{"for ever", jwt.SigningMethodHS256, with("exp", nil), keyID(oldSecret), oldSecret, false},
		{"not yet", jwt.SigningMethodHS256, with("nbf", clock.Now().Add(time.Minute).Unix()), keyID(oldSecret), oldSecret, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			token := jwt.NewWithClaims(row.method, row.claims)
			if row.kid != nil {
				token.Header["kid"] = row.kid
			}
			text, err := token.SignedString(row.key)
			require.NoError(t, err)
			user, session, err := tokens.Verify(text)
			if !row.ok {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, []string{"u", "s"}, []string{user, session})
		})
	}
}

func TestALinkToAFileOutlivesItsKey(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		disk, err := services.NewDisk(t.TempDir())
		require.NoError(t, err)
		with := func(secret []byte, older ...[]byte) *services.Files {
			files, err := services.NewFiles(store, disk, services.SystemClock{}, services.FilesOptions{Incoming: t.TempDir(), MaxBytes: 1 << 20,
				QuotaBytes: 1 << 20, Secret: secret, Older: older, Log: testenv.Log(t)})
			require.NoError(t, err)
			return files
		}
		file, err := with(oldSecret).Upload(t.Context(), register(t, store, "Ada"), "a.txt", strings.NewReader("content"))
		require.NoError(t, err)
		link, err := url.Parse(file.URL)
		require.NoError(t, err)
		open := func(files *services.Files) error {
			content, err := files.OpenSigned(t.Context(), file.ID, link.Query().Get("exp"), link.Query().Get("sig"))
			if err == nil {
				err = content.Close()
			}
			return err
		}
		require.NoError(t, open(with(newSecret, oldSecret)))
		requireKind(t, services.KindForbidden, open(with(newSecret)))
	})
}

func TestANewKeySignsNobodyOut(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock := newHandClock()
		with := func(secret []byte, older ...[]byte) *services.Auth {
			auth, err := services.NewAuth(store, services.NewTokens(secret, clock, older...), services.AuthOptions{
				Passwords: testenv.CheapPasswords, Mailer: &postbox{}, Sockets: &doorkeeper{}, Log: testenv.Log(t)}, clock)
			require.NoError(t, err)
			return auth
		}
		before, after := with(oldSecret), with(newSecret, oldSecret)
		signed, _ := signUp(t, before, "ada@example.org")
		second, err := before.Refresh(t.Context(), signed.RefreshToken)
		require.NoError(t, err)

		_, err = after.Authenticate(t.Context(), signed.AccessToken)
		require.NoError(t, err)
		window, err := after.Refresh(t.Context(), signed.RefreshToken) // another window, within the grace
		require.NoError(t, err)
		require.Equal(t, second.RefreshToken, window.RefreshToken, "the next token is the one given out before")
		third, err := after.Refresh(t.Context(), window.RefreshToken)
		require.NoError(t, err)
		_, err = after.Authenticate(t.Context(), third.AccessToken)
		require.NoError(t, err)
		_, err = before.Authenticate(t.Context(), third.AccessToken)
		requireKind(t, services.KindUnauthenticated, err)
		_, err = with(newSecret).Authenticate(t.Context(), signed.AccessToken)
		requireKind(t, services.KindUnauthenticated, err)
	})
}

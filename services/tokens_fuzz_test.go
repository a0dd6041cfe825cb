package services

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/models"
)

// FuzzVerify: no text but a token that was given out speaks for anybody.
func FuzzVerify(f *testing.F) {
	tokens := NewTokens([]byte("a secret of at least 32 characters"), SystemClock{})
	const user, session = "01a1fc4d-dd73-7e82-873c-52e54294ab5f", "01a1fc4d-dd5d-7919-97c0-53f77b2f57dd" // the same in every process
	good, err := tokens.Access(user, session)
	require.NoError(f, err)
	parts := strings.Split(good, ".")
	f.Add(good)
	for _, text := range []string{"", ".", "..", parts[0] + "." + parts[1] + ".", parts[0] + ".." + parts[2], good + ".", good[1:],
		"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "eyJhbGciOiJSUzI1NiJ9." + parts[1] + "." + parts[2]} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, token string) {
		gotUser, gotSession, err := tokens.Verify(token)
		if err != nil {
			return
		}
		require.Equal(t, user, gotUser)
		require.Equal(t, session, gotSession)
	})
}

// FuzzRefreshToken: a refresh token is read back as it was made, and nothing else names a session of another length.
func FuzzRefreshToken(f *testing.F) {
	id, token := newRefreshToken()
	f.Add(token)
	for _, text := range []string{"", ".", id, id + ".", "x." + token, strings.Repeat("a", 36) + ".b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, ok := sessionOf(text); ok {
			require.Len(t, id, 36)
			require.True(t, strings.HasPrefix(text, id+"."))
		}
	})
}

// FuzzCursor: what parseID accepts is an id as the database has it.
func FuzzCursor(f *testing.F) {
	for _, text := range []string{"", models.NewID(), strings.ToUpper(models.NewID()), "{" + models.NewID()[2:] + "}", "urn:uuid:" + models.NewID(), "\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, ok := models.ParseID(text); ok {
			require.Equal(t, strings.ToLower(text), id)
			again, ok := models.ParseID(id)
			require.True(t, ok)
			require.Equal(t, id, again)
		}
	})
}

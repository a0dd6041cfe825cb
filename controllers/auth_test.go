package controllers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
)

func TestSigningInAndOut(t *testing.T) {
	env := testenv.Start(t)
	ada := env.Register(t, "Ada 王")
	var me wire.Me
	ada.Do(t, "GET", "/api/v1/me", nil).Want(t, 200).Decode(t, &me)
	require.Equal(t, "admin", me.Role, "the first account is the administrator")
	require.Equal(t, "Ada 王", me.Name)
	require.Equal(t, "zh-TW", me.Locale)

	bo := env.Register(t, "Bo")
	bo.Do(t, "GET", "/api/v1/me", nil).Decode(t, &me)
	require.Equal(t, "user", me.Role)

	window := env.Anonymous()
	res := window.Do(t, "POST", "/api/v1/auth/login", wire.LoginRequest{Email: "  " + strings.ToUpper(bo.Email), Password: testenv.Password})
	var session wire.Session
	res.Want(t, 200).Decode(t, &session)
	require.Equal(t, 900, session.ExpiresIn)
	cookie := res.Header.Get("Set-Cookie")
	for _, part := range []string{"lectern_refresh=", "Path=/api/v1/auth", "HttpOnly", "SameSite=Strict", "Max-Age=2592000"} {
		require.Contains(t, cookie, part)
	}
	require.NotContains(t, cookie, "Secure", "not over plain HTTP")

	var token wire.Token
	window.Do(t, "POST", "/api/v1/auth/refresh", nil).Want(t, 200).Decode(t, &token)
	window.Token = token.AccessToken
	window.Do(t, "GET", "/api/v1/me", nil).Want(t, 200)
	window.Do(t, "POST", "/api/v1/auth/logout", nil).Want(t, 204)
	window.Do(t, "GET", "/api/v1/me", nil).Want(t, 401) // at once, not when the token expires
	window.Do(t, "POST", "/api/v1/auth/refresh", nil).Want(t, 401)
	window.Do(t, "POST", "/api/v1/auth/logout", nil).Want(t, 204)
	bo.Do(t, "GET", "/api/v1/me", nil).Want(t, 200) // the other session goes on
}

func TestCookieIsSecureBehindTLS(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.PublicURL = "https://class.example" })
	res := env.Anonymous().Do(t, "POST", "/api/v1/auth/register", wire.RegisterRequest{Email: "a@b.c", Password: "12345678", Name: "A"})
	require.Contains(t, res.Want(t, 201).Header.Get("Set-Cookie"), "Secure")
}

func TestAnExchangedCookieSurvivesALostAnswer(t *testing.T) {
	env := testenv.Start(t)
	ada := env.Register(t, "Ada")
	at, err := url.Parse(env.URL + "/api/v1/auth/refresh")
	require.NoError(t, err)
	before := ada.HTTP.Jar.Cookies(at)
	ada.Do(t, "POST", "/api/v1/auth/refresh", nil).Want(t, 200)
	after := ada.HTTP.Jar.Cookies(at)
	require.NotEqual(t, before[0].Value, after[0].Value)

	ada.HTTP.Jar.SetCookies(at, before) // the other window, or this one when the answer was lost
	ada.Do(t, "POST", "/api/v1/auth/refresh", nil).Want(t, 200)
	require.Equal(t, after[0].Value, ada.HTTP.Jar.Cookies(at)[0].Value, "both windows hold the same next token")
}

func TestCookieRoutesRefuseOtherOrigins(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.PublicURL = "https://class.example" })
	ada := env.Register(t, "Ada")
	for origin, status := range map[string]int{
		"https://evil.example":       403,
		"null":                       403,
		"https://class.example.evil": 403,
		"https://class.example":      200,
		env.URL:                      200,
		"":                           200,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		require.Equal(t, status, ada.Send(t, "POST", "/api/v1/auth/refresh", nil, header).Status, origin)
	}
}

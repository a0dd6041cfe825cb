package controllers_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pion/turn/v5"
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
	res := env.Anonymous().Do(t, "POST", "/api/v1/auth/register", wire.RegisterRequest{Email: "a@b.c", Password: "seven blue buses", Name: "A"})
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

func TestBadInputForAccounts(t *testing.T) {
	env := testenv.Start(t)
	ada, bo, nobody := env.Register(t, "Ada"), env.Register(t, "Bo"), env.Anonymous()
	register := func(email, password, name string) wire.RegisterRequest {
		return wire.RegisterRequest{Email: email, Password: password, Name: name}
	}
	for _, row := range []struct {
		name         string
		by           *testenv.Client
		method, path string
		body         any
		status       int
		code, field  string
	}{
		{"taken address", nobody, "POST", "/auth/register", register(strings.ToUpper(ada.Email), "seven blue buses", "Eve"), 409, "conflict", "email"},
		{"no address", nobody, "POST", "/auth/register", register("ada", "seven blue buses", "Eve"), 422, "invalid_input", "email"},
		{"address with a name", nobody, "POST", "/auth/register", register("Eve <e@x.y>", "seven blue buses", "Eve"), 422, "invalid_input", "email"},
		{"long address", nobody, "POST", "/auth/register", register(strings.Repeat("e", 251)+"@x.y", "seven blue buses", "Eve"), 422, "invalid_input", "email"},
		{"short password", nobody, "POST", "/auth/register", register("e@x.y", "1234567", "Eve"), 422, "invalid_input", "password"},
		{"long password", nobody, "POST", "/auth/register", register("e@x.y", strings.Repeat("x", 257), "Eve"), 422, "invalid_input", "password"},
		{"no name", nobody, "POST", "/auth/register", register("e@x.y", "seven blue buses", " "), 422, "invalid_input", "name"},
		{"long name", nobody, "POST", "/auth/register", register("e@x.y", "seven blue buses", strings.Repeat("王", 81)), 422, "invalid_input", "name"},
		{"NUL in the name", nobody, "POST", "/auth/register", register("e@x.y", "seven blue buses", "E\x00ve"), 422, "invalid_input", "name"},
		{"language", nobody, "POST", "/auth/register", `{"email":"e@x.y","password":"seven blue buses","name":"Eve","locale":"xx"}`, 422, "invalid_input", "locale"},
		{"malformed", nobody, "POST", "/auth/register", `{"email":`, 400, "invalid_input", ""},
		{"wrong shape", nobody, "POST", "/auth/register", `{"email":["a"]}`, 400, "invalid_input", "email"},
		{"no body", nobody, "POST", "/auth/login", nil, 400, "invalid_input", ""},
		{"wrong password", nobody, "POST", "/auth/login", wire.LoginRequest{Email: ada.Email, Password: "wrong password"}, 401, "unauthenticated", ""},
		{"unknown address", nobody, "POST", "/auth/login", wire.LoginRequest{Email: "x@example.org", Password: "wrong password"}, 401, "unauthenticated", ""},
		{"no address", nobody, "POST", "/auth/login", wire.LoginRequest{Email: "\x00", Password: ""}, 401, "unauthenticated", ""},
		{"no cookie", nobody, "POST", "/auth/refresh", nil, 401, "unauthenticated", ""},
		{"anonymous", nobody, "GET", "/me", nil, 401, "unauthenticated", ""},
		{"anonymous", nobody, "PATCH", "/me", `{}`, 401, "unauthenticated", ""},
		{"anonymous", nobody, "GET", "/users?q=ada", nil, 401, "unauthenticated", ""},
		{"anonymous", nobody, "GET", "/users/" + ada.UserID, nil, 401, "unauthenticated", ""},
		{"anonymous", nobody, "GET", "/ice-servers", nil, 401, "unauthenticated", ""},
		{"long name", bo, "PATCH", "/me", `{"name":"` + strings.Repeat("x", 81) + `"}`, 422, "invalid_input", "name"},
		{"name is null in a list", bo, "PATCH", "/me", `{"name":[null]}`, 400, "invalid_input", ""},
		{"language", bo, "PATCH", "/me", `{"locale":""}`, 422, "invalid_input", "locale"},
		{"short query", bo, "GET", "/users?q=a", nil, 422, "invalid_input", "q"},
		{"no query", bo, "GET", "/users", nil, 422, "invalid_input", "q"},
		{"NUL in the query", bo, "GET", "/users?q=%00%00%00", nil, 422, "invalid_input", "q"},
		{"broken UTF-8 in the query", bo, "GET", "/users?q=%ff%fe%fd", nil, 422, "invalid_input", "q"},
		{"limit", bo, "GET", "/users?q=ada&limit=-1", nil, 422, "invalid_input", "limit"},
		{"no id", bo, "GET", "/users/ada", nil, 404, "not_found", ""},
		{"unknown id", bo, "GET", "/users/00000000-0000-7000-8000-000000000000", nil, 404, "not_found", ""},
	} {
		t.Run(row.path+" "+row.name, func(t *testing.T) {
			p := row.by.Do(t, row.method, "/api/v1"+row.path, row.body).Want(t, row.status).Problem(t)
			require.Equal(t, row.code, p.Code)
			if row.field != "" {
				require.Contains(t, p.Errors, row.field)
			}
		})
	}
	wrong := nobody.Do(t, "POST", "/api/v1/auth/login", wire.LoginRequest{Email: ada.Email, Password: "wrong password"}).Problem(t)
	unknown := nobody.Do(t, "POST", "/api/v1/auth/login", wire.LoginRequest{Email: "x@example.org", Password: "wrong password"}).Problem(t)
	require.Equal(t, wrong.Detail, unknown.Detail, "nobody learns which addresses have accounts")

	for _, header := range []string{"Bearer", "Bearer x", "Basic " + ada.Token, "Bearer " + ada.Token + "x", ada.Token} {
		nobody.Send(t, "GET", "/api/v1/me", nil, http.Header{"Authorization": {header}}).Want(t, 401)
	}
}

func TestFindingPeople(t *testing.T) {
	env := testenv.Start(t)
	ada := env.Register(t, "Ada Lovelace")
	wang, percent := env.Register(t, "王小明"), env.Register(t, "100% sure_thing")
	for query, want := range map[string][]string{
		"lovel":                          {ada.UserID},
		"LOVE":                           {ada.UserID},
		"王":                              {wang.UserID},
		"小明":                             {wang.UserID},
		"%25":                            nil, // one character
		"0%25":                           {percent.UserID},
		"e_t":                            {percent.UserID},
		"__":                             {},
		url.QueryEscape(wang.Email):      {wang.UserID},
		url.QueryEscape(wang.Email[:20]): {},
	} {
		res := ada.Do(t, "GET", "/api/v1/users?q="+query, nil)
		if want == nil {
			res.Want(t, 422)
			continue
		}
		var list wire.List[wire.Profile]
		res.Want(t, 200).Decode(t, &list)
		got := []string{}
		for _, p := range list.Items {
			got = append(got, p.ID)
		}
		require.Equal(t, want, got, query)
		require.NotContains(t, string(res.Body), "example.org", "addresses are private")
	}
	var profile wire.Profile
	ada.Do(t, "GET", "/api/v1/users/"+wang.UserID, nil).Want(t, 200).Decode(t, &profile)
	require.Equal(t, wire.Profile{ID: wang.UserID, Name: "王小明", Presence: "offline"}, profile)
}

func TestRates(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.RateLimits = true })
	ada, nobody := env.Register(t, "Ada"), env.Anonymous()
	guess := wire.LoginRequest{Email: ada.Email, Password: "wrong password"}
	for range 10 {
		nobody.Do(t, "POST", "/api/v1/auth/login", guess).Want(t, 401)
	}
	res := nobody.Do(t, "POST", "/api/v1/auth/login", guess).Want(t, 429)
	require.Equal(t, "rate_limited", res.Problem(t).Code)
	require.Equal(t, "1", res.Header.Get("Retry-After"))
	var last int
	for range 150 { // faster than they are given back
		if last = ada.Do(t, "PATCH", "/api/v1/me", `{}`).Status; last == 429 {
			break
		}
	}
	require.Equal(t, 429, last)
	ada.Do(t, "GET", "/api/v1/me", nil).Want(t, 200) // reading goes on
}

func TestICEServers(t *testing.T) {
	env := testenv.Start(t)
	require.JSONEq(t, `{"ice_servers":[],"ttl":43200}`, string(env.Register(t, "Ada").Do(t, "GET", "/api/v1/ice-servers", nil).Want(t, 200).Body))

	env = testenv.Start(t, func(c *config.Config) {
		c.STUNURLs, c.TURNURLs, c.TURNSecret = []string{"stun:turn.example:3478"}, []string{"turn:turn.example:3478"}, "shared"
	})
	bo := env.Register(t, "Bo")
	var list wire.ICEServers
	bo.Do(t, "GET", "/api/v1/ice-servers", nil).Want(t, 200).Decode(t, &list)
	require.Equal(t, wire.ICEServer{URLs: []string{"stun:turn.example:3478"}}, list.ICEServers[0])
	turn := list.ICEServers[1]
	require.Regexp(t, `^[0-9]+:`+bo.UserID+`$`, turn.Username)
	mac := hmac.New(sha1.New, []byte("shared"))
	mac.Write([]byte(turn.Username))
	require.Equal(t, base64.StdEncoding.EncodeToString(mac.Sum(nil)), turn.Credential)
}

func TestTheEmbeddedRelayTakesItsCredentials(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.TURNPort = 0 })
	var list wire.ICEServers
	env.Register(t, "Ada").Do(t, "GET", "/api/v1/ice-servers", nil).Want(t, 200).Decode(t, &list)
	require.Len(t, list.ICEServers, 2)
	require.Regexp(t, `^stun:127\.0\.0\.1:[0-9]+$`, list.ICEServers[0].URLs[0])
	server := list.ICEServers[1]
	require.Len(t, server.URLs, 2)
	address, udp := strings.CutSuffix(strings.TrimPrefix(server.URLs[0], "turn:"), "?transport=udp")
	require.True(t, udp)
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer conn.Close()
	client, err := turn.NewClient(&turn.ClientConfig{TURNServerAddr: address, Conn: conn, Username: server.Username, Password: server.Credential})
	require.NoError(t, err)
	defer client.Close()
	require.NoError(t, client.Listen())
	relayed, err := client.Allocate()
	require.NoError(t, err)
	require.NoError(t, relayed.Close())
}

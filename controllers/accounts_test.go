package controllers_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/mail/smtptest"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/ws"
	"lectern/ws/wstest"
)

const newPassword = "eight green trams"

// another signs the same person in on another device.
func another(t *testing.T, env *testenv.Env, who *testenv.Client, password string) *testenv.Client {
	t.Helper()
	device := env.Anonymous()
	device.UserID, device.Email = who.UserID, who.Email
	var session wire.Session
	device.Do(t, "POST", "/api/v1/auth/login", wire.LoginRequest{Email: who.Email, Password: password}).Want(t, 200).Decode(t, &session)
	device.Token = session.AccessToken
	return device
}

func devices(t *testing.T, who *testenv.Client) []wire.DeviceSession {
	t.Helper()
	var list wire.List[wire.DeviceSession]
	who.Do(t, "GET", "/api/v1/me/sessions", nil).Want(t, 200).Decode(t, &list)
	return list.Items
}

func TestAnEndedSessionLosesItsSocketAtOnce(t *testing.T) {
	env := testenv.Start(t)
	laptop := env.Register(t, "Ada")
	mine := wstest.Connect(t, env.URL, laptop.Token)
	for name, end := range map[string]func(other *testenv.Client){
		"ended elsewhere": func(other *testenv.Client) {
			laptop.Do(t, "DELETE", "/api/v1/me/sessions/"+devices(t, other)[0].ID, nil).Want(t, 204)
		},
		"all others ended": func(*testenv.Client) { laptop.Do(t, "DELETE", "/api/v1/me/sessions", nil).Want(t, 204) },
		"signed out":       func(other *testenv.Client) { other.Do(t, "POST", "/api/v1/auth/logout", nil).Want(t, 204) },
		"password changed": func(*testenv.Client) {
			laptop.Do(t, "PUT", "/api/v1/me/password", wire.ChangePasswordRequest{CurrentPassword: testenv.Password, Password: testenv.Password}).Want(t, 204)
		},
	} {
		t.Run(name, func(t *testing.T) {
			phone := another(t, env, laptop, testenv.Password)
			socket := wstest.Connect(t, env.URL, phone.Token)
			end(phone)
			require.Equal(t, ws.CloseUnauthenticated, socket.Closed(t))
			phone.Do(t, "GET", "/api/v1/me", nil).Want(t, 401)
			phone.Do(t, "POST", "/api/v1/auth/refresh", nil).Want(t, 401)
			laptop.Do(t, "GET", "/api/v1/me", nil).Want(t, 200)
			mine.Fence(t) // one's own window stays open
		})
	}
	require.Len(t, devices(t, laptop), 1)
}

func TestAParticipantWhoseSessionEndsLeavesTheMeeting(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	owner, student := c.connect(t, c.owner), c.connect(t, c.student)
	join(t, owner, meeting)
	join(t, student, meeting)
	c.student.Do(t, "POST", "/api/v1/auth/logout", nil).Want(t, 204)
	require.Equal(t, ws.CloseUnauthenticated, student.Closed(t))
	owner.Expect(t, wire.EventParticipantLeft, nil)
}

func TestBadInputForPasswordsAndLinks(t *testing.T) {
	env := testenv.Start(t)
	ada, nobody := env.Register(t, "Ada"), env.Anonymous()
	for _, row := range []struct {
		name         string
		by           *testenv.Client
		method, path string
		body         any
		status       int
		field        string
	}{
		{"wrong password", ada, "PUT", "/me/password", wire.ChangePasswordRequest{CurrentPassword: "wrong", Password: newPassword}, 422, "current_password"},
		{"common password", ada, "PUT", "/me/password", wire.ChangePasswordRequest{CurrentPassword: testenv.Password, Password: "Password123"}, 422, "password"},
		{"own address", ada, "PUT", "/me/password", wire.ChangePasswordRequest{CurrentPassword: testenv.Password, Password: ada.Email}, 422, "password"},
		{"malformed", ada, "PUT", "/me/password", `[]`, 400, ""},
		{"unknown session", ada, "DELETE", "/me/sessions/" + ada.UserID, nil, 404, ""},
		{"no session id", ada, "DELETE", "/me/sessions/x", nil, 404, ""},
		{"no mail", ada, "POST", "/me/verify-email", nil, 409, ""},
		{"delete with a wrong password", ada, "DELETE", "/me", wire.DeleteMeRequest{Password: "wrong"}, 422, "password"},
		{"delete without a body", ada, "DELETE", "/me", nil, 400, ""},
		{"delete the only administrator", ada, "DELETE", "/me", wire.DeleteMeRequest{Password: testenv.Password}, 409, ""},
		{"common password", nobody, "POST", "/auth/register", wire.RegisterRequest{Email: "e@x.y", Password: "iloveyou123", Name: "Eve"}, 422, "password"},
		{"dead verification link", nobody, "POST", "/auth/verify-email", wire.VerifyEmailRequest{Token: "nonsense"}, 422, "token"},
		{"dead reset link", nobody, "POST", "/auth/reset-password", wire.ResetPasswordRequest{Token: "nonsense", Password: newPassword}, 422, "token"},
		{"no address", nobody, "POST", "/auth/forgot-password", wire.ForgotPasswordRequest{Email: "nonsense"}, 422, "email"},
		{"malformed", nobody, "POST", "/auth/forgot-password", `{"email":5}`, 400, ""},
	} {
		t.Run(row.name+" "+row.path, func(t *testing.T) {
			p := row.by.Do(t, row.method, "/api/v1"+row.path, row.body).Want(t, row.status).Problem(t)
			if row.field != "" {
				require.Contains(t, p.Errors, row.field)
			}
		})
	}
	ada.Do(t, "GET", "/api/v1/me", nil).Want(t, 200)
	nobody.Do(t, "POST", "/api/v1/auth/forgot-password", wire.ForgotPasswordRequest{Email: "unknown@example.org"}).Want(t, 204)
}

// withMail lets the program send through a real server.
func withMail(server *smtptest.Server) testenv.Option {
	return func(c *config.Config) {
		c.SMTP = config.SMTP{Host: "127.0.0.1", Port: server.Port, From: "lectern@class.example", TLS: "none"}
	}
}

var linkTo = regexp.MustCompile(`http://[^\s]+/(verify|reset)\?token=[^\s]+`)

// tokenIn is the token of a letter's link.
func tokenIn(t *testing.T, letter smtptest.Letter, page string) string {
	t.Helper()
	link, err := url.Parse(linkTo.FindString(letter.Text))
	require.NoError(t, err)
	require.Equal(t, page, link.Path, letter.Text)
	return link.Query().Get("token")
}

func TestSignUpWithVerificationAndReset(t *testing.T) {
	server := smtptest.Start(t)
	env := testenv.Start(t, withMail(server))
	first := func() bool {
		var info wire.ServerInfo
		env.Anonymous().Do(t, "GET", "/api/v1/server", nil).Want(t, 200).Decode(t, &info)
		return info.FirstAccount
	}
	require.True(t, first())
	admin := env.Register(t, "Admin")
	require.False(t, first())
	server.Next(t)
	ada := env.Register(t, "Ada")
	letter := server.Next(t)
	require.Equal(t, ada.Email, letter.To)

	var info wire.ServerInfo
	env.Anonymous().Do(t, "GET", "/api/v1/server", nil).Want(t, 200).Decode(t, &info)
	require.Equal(t, wire.ServerInfo{Version: "dev", SignUp: "open", EmailVerification: true, EmbedOrigins: []string{}}, info)
	admin.Do(t, "GET", "/api/v1/server", nil).Decode(t, &info)
	require.True(t, *info.Mail)

	create := wire.CreateChannelRequest{Name: "Optics"}
	p := ada.Do(t, "POST", "/api/v1/channels", create).Want(t, 403).Problem(t)
	require.Equal(t, "email_unverified", p.Code)
	admin.Do(t, "POST", "/api/v1/channels", create).Want(t, 201)
	token := tokenIn(t, letter, "/verify")
	env.Anonymous().Do(t, "POST", "/api/v1/auth/verify-email", wire.VerifyEmailRequest{Token: token}).Want(t, 204)
	env.Anonymous().Do(t, "POST", "/api/v1/auth/verify-email", wire.VerifyEmailRequest{Token: token}).Want(t, 422)
	var me wire.Me
	ada.Do(t, "GET", "/api/v1/me", nil).Decode(t, &me)
	require.True(t, me.EmailVerified)
	ada.Do(t, "POST", "/api/v1/channels", create).Want(t, 201)
	ada.Do(t, "POST", "/api/v1/me/verify-email", nil).Want(t, 204) // nothing left to do

	socket := wstest.Connect(t, env.URL, ada.Token)
	nobody := env.Anonymous()
	nobody.Do(t, "POST", "/api/v1/auth/forgot-password", wire.ForgotPasswordRequest{Email: ada.Email}).Want(t, 204)
	reset := wire.ResetPasswordRequest{Token: tokenIn(t, server.Next(t), "/reset"), Password: newPassword}
	nobody.Do(t, "POST", "/api/v1/auth/reset-password", reset).Want(t, 204)
	nobody.Do(t, "POST", "/api/v1/auth/reset-password", reset).Want(t, 422)
	require.Equal(t, ws.CloseUnauthenticated, socket.Closed(t))
	ada.Do(t, "GET", "/api/v1/me", nil).Want(t, 401)
	another(t, env, ada, newPassword)
	require.Empty(t, server.Letters)
}

func TestSignUpByInvite(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.SignUp = config.SignUpInvite })
	teacher := env.Register(t, "Teacher") // the first account needs none
	var channel wire.Channel
	teacher.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Optics"}).Decode(t, &channel)
	var invite wire.Invite
	teacher.Do(t, "POST", "/api/v1/channels/"+channel.ID+"/invites", wire.CreateInviteRequest{}).Decode(t, &invite)
	register := wire.RegisterRequest{Email: "ada@example.org", Password: newPassword, Name: "Ada"}
	p := env.Anonymous().Do(t, "POST", "/api/v1/auth/register", register).Want(t, 403).Problem(t)
	require.Equal(t, "sign_up_refused", p.Code)
	require.Contains(t, p.Errors, "invite_code")
	register.InviteCode = invite.Code
	env.Anonymous().Do(t, "POST", "/api/v1/auth/register", register).Want(t, 201)
}

func TestADeletedAccountIsSeenAtOnce(t *testing.T) {
	env := testenv.Start(t)
	teacher, ada := env.Register(t, "Teacher"), env.Register(t, "Ada")
	var channel wire.Channel
	teacher.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Optics"}).Want(t, 201).Decode(t, &channel)
	teacher.Do(t, "POST", "/api/v1/channels/"+channel.ID+"/members", wire.AddMemberRequest{UserID: ada.UserID, Role: "student"}).Want(t, 201)
	watching, socket := wstest.Connect(t, env.URL, teacher.Token), wstest.Connect(t, env.URL, ada.Token)
	res := ada.Do(t, "DELETE", "/api/v1/me", wire.DeleteMeRequest{Password: testenv.Password}).Want(t, 204)
	require.Contains(t, res.Header.Get("Set-Cookie"), "Max-Age=0")
	require.Equal(t, ws.CloseUnauthenticated, socket.Closed(t))
	watching.ExpectWhere(t, wire.EventUserUpdated, func(f wstest.Frame) bool {
		var p wire.Profile
		return json.Unmarshal(f.Data, &p) == nil && p.ID == ada.UserID && p.Deleted && p.Name == ""
	})
	ada.Do(t, "GET", "/api/v1/me", nil).Want(t, 401)
	var profile wire.Profile
	teacher.Do(t, "GET", "/api/v1/users/"+ada.UserID, nil).Want(t, 200).Decode(t, &profile)
	require.Equal(t, wire.Profile{ID: ada.UserID, Presence: "offline", Deleted: true}, profile)
}

func TestTheExportIsADownload(t *testing.T) {
	env := testenv.Start(t)
	ada := env.Register(t, "Ada")
	upload(t, ada, "notes.txt", "content")
	res := ada.Do(t, "GET", "/api/v1/me/export", nil).Want(t, 200)
	require.Equal(t, `attachment; filename="lectern-export.json"`, res.Header.Get("Content-Disposition"))
	var export wire.Export
	res.Decode(t, &export)
	require.Equal(t, ada.Email, export.Account.Email)
	require.Equal(t, "notes.txt", export.Files[0].Name)
	require.NotContains(t, string(res.Body), "argon2id")
}

func TestRatesByClass(t *testing.T) {
	one := config.Rate{PerSecond: 0.001, Burst: 1}
	env := testenv.Start(t, func(c *config.Config) {
		c.RateLimits = true
		c.Rates.Invites, c.Rates.Searches, c.Rates.Uploads, c.Rates.Letters, c.Rates.Joins = one, one, one, one, one
	})
	ada, bob := env.Register(t, "Ada"), env.Register(t, "Bob")
	forgot := wire.ForgotPasswordRequest{Email: ada.Email}
	for _, ask := range []func(*testenv.Client) *testenv.Response{
		func(c *testenv.Client) *testenv.Response { return c.Do(t, "GET", "/api/v1/invites/ABCDEFGHJK", nil) },
		func(c *testenv.Client) *testenv.Response { return c.Do(t, "GET", "/api/v1/users?q=ada", nil) },
		func(c *testenv.Client) *testenv.Response { return c.Do(t, "POST", "/api/v1/files", "nonsense") },
	} {
		require.NotEqual(t, 429, ask(ada).Status)
		res := ask(ada).Want(t, 429)
		require.Equal(t, "rate_limited", res.Problem(t).Code)
		require.NotEmpty(t, res.Header.Get("Retry-After"))
		require.NotEqual(t, 429, ask(bob).Status, "one's own rate")
	}
	env.Anonymous().Do(t, "POST", "/api/v1/auth/forgot-password", forgot).Want(t, 204)
	env.Anonymous().Do(t, "POST", "/api/v1/auth/forgot-password", forgot).Want(t, 429)

	first, second := wstest.Connect(t, env.URL, ada.Token), wstest.Connect(t, env.URL, ada.Token)
	join := wire.MeetingJoin{MeetingID: ada.UserID}
	require.Equal(t, 404, first.CallError(t, "meeting.join", join).Status)
	require.Equal(t, 429, second.CallError(t, "meeting.join", join).Status, "all sockets of a user share it")
	first.Call(t, "clock.ping", wire.ClockPing{}, nil)
}

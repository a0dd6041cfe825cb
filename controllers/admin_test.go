package controllers_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/mail/smtptest"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws"
	"lectern/ws/wstest"
)

func TestAnAdministratorDisablesAnAccount(t *testing.T) {
	env := testenv.Start(t)
	admin, bob := env.Register(t, "Admin"), env.Register(t, "Bob")
	at := "/api/v1/admin/users/" + bob.UserID
	laptop, phone := wstest.Connect(t, env.URL, bob.Token), wstest.Connect(t, env.URL, bob.Token)
	mine := wstest.Connect(t, env.URL, admin.Token)

	var user wire.AdminUser
	admin.Do(t, "PATCH", at, wire.UpdateUserRequest{Disabled: new(true)}).Want(t, 200).Decode(t, &user)
	require.NotNil(t, user.DisabledAt)
	require.Equal(t, ws.CloseUnauthenticated, laptop.Closed(t))
	require.Equal(t, ws.CloseUnauthenticated, phone.Closed(t))
	require.Empty(t, mine.Fence(t), "others stay")
	bob.Do(t, "GET", "/api/v1/me", nil).Want(t, 401)
	bob.Do(t, "POST", "/api/v1/auth/refresh", nil).Want(t, 401)
	login := wire.LoginRequest{Email: bob.Email, Password: testenv.Password}
	require.Equal(t, "forbidden", bob.Do(t, "POST", "/api/v1/auth/login", login).Want(t, 403).Problem(t).Code)
	require.Equal(t, "unauthenticated", wstest.Dial(t, env.URL, nil).CallError(t, "auth", wire.AuthCommand{AccessToken: bob.Token}).Code)

	admin.Do(t, "PATCH", at, wire.UpdateUserRequest{Disabled: new(false)}).Want(t, 200).Decode(t, &user)
	require.Nil(t, user.DisabledAt)
	bob.Do(t, "GET", "/api/v1/me", nil).Want(t, 401) // what ended stays so
	var session wire.Session
	bob.Do(t, "POST", "/api/v1/auth/login", login).Want(t, 200).Decode(t, &session)

	admin.Do(t, "PATCH", at, wire.UpdateUserRequest{Role: new(models.RoleAdmin)}).Want(t, 200).Decode(t, &user)
	require.Equal(t, "admin", user.Role)
	bob.Token = session.AccessToken
	bob.Do(t, "GET", "/api/v1/admin/health", nil).Want(t, 200)
	bob.Do(t, "PATCH", "/api/v1/admin/users/"+admin.UserID, wire.UpdateUserRequest{Role: new(models.RoleUser)}).Want(t, 200)
	admin.Do(t, "GET", "/api/v1/admin/health", nil).Want(t, 403)

	var log wire.List[wire.AuditEvent]
	bob.Do(t, "GET", "/api/v1/admin/audit?user_id="+bob.UserID, nil).Want(t, 200).Decode(t, &log)
	var actions []string
	for _, e := range log.Items {
		if e.TargetKind == "user" && e.Action[:5] == "user." {
			actions = append(actions, e.Actor.Name+" "+e.Action)
			require.Equal(t, "127.0.0.1", e.IP)
			require.Equal(t, e.TargetID, e.Target.ID)
		}
	}
	require.Equal(t, []string{"Bob user.role_changed", "Admin user.role_changed", "Admin user.enabled", "Admin user.disabled"}, actions)
}

func TestADisabledAccountLeavesItsMeetingAtOnce(t *testing.T) {
	s := newScene(t)
	meeting := wire.Meeting{ID: s.thing(t, "meeting", "student")}
	teacher, student := wstest.Connect(t, s.env.URL, s.people["owner"].Token), wstest.Connect(t, s.env.URL, s.people["student"].Token)
	join(t, teacher, meeting)
	place := join(t, student, meeting)
	s.people["administrator"].Do(t, "PATCH", "/api/v1/admin/users/"+s.people["student"].UserID, wire.UpdateUserRequest{Disabled: new(true)}).Want(t, 200)
	var left wire.ParticipantLeft
	teacher.Expect(t, wire.EventParticipantLeft, &left)
	require.Equal(t, wire.ParticipantLeft{MeetingID: meeting.ID, ParticipantID: place.ParticipantID, Reason: "left"}, left)
}

func TestAdministratorsSeeTheInstallation(t *testing.T) {
	r := newRoom(t)
	admin := r.env.Register(t, "Late") // not the first, so made one by the first
	first := r.teacher
	first.Do(t, "PATCH", "/api/v1/admin/users/"+admin.UserID, wire.UpdateUserRequest{Role: new(models.RoleAdmin)}).Want(t, 200)
	upload(t, r.student, "a.txt", "0123456789")
	upload(t, r.student, "b.txt", "0123456789")
	upload(t, first, "c.txt", "01234")

	var users wire.List[wire.AdminUser]
	admin.Do(t, "GET", "/api/v1/admin/users?limit=1", nil).Want(t, 200).Decode(t, &users)
	require.Len(t, users.Items, 1)
	require.Equal(t, first.UserID, users.Items[0].User.ID)
	require.NotNil(t, users.NextCursor)
	admin.Do(t, "GET", "/api/v1/admin/users?q="+r.student.Email[:30], nil).Want(t, 200).Decode(t, &users)
	require.Len(t, users.Items, 1)
	student := users.Items[0]
	require.Equal(t, r.student.Email, student.Email)
	require.Equal(t, 1, student.Channels)
	require.EqualValues(t, 20, student.Bytes)
	require.NotNil(t, student.LastSeenAt)
	require.WithinDuration(t, time.Now(), time.Time(*student.LastSeenAt), time.Minute)

	var channels wire.List[wire.AdminChannel]
	res := admin.Do(t, "GET", "/api/v1/admin/channels", nil).Want(t, 200)
	res.Decode(t, &channels)
	require.Len(t, channels.Items, 1)
	require.Equal(t, first.UserID, channels.Items[0].CreatedBy.ID)
	require.False(t, channels.Items[0].Meeting)

	var use wire.StorageUse
	admin.Do(t, "GET", "/api/v1/admin/storage", nil).Want(t, 200).Decode(t, &use)
	require.EqualValues(t, 15, use.Bytes, "equal files count once")
	require.Equal(t, 3, use.Files)
	require.Equal(t, r.env.Config.UploadQuotaBytes, use.QuotaBytes)
	require.Len(t, use.Users, 2)
	require.Equal(t, r.student.UserID, use.Users[0].User.ID)
	require.EqualValues(t, 20, use.Users[0].Bytes)

	socket := wstest.Connect(t, r.env.URL, admin.Token)
	var health wire.ServerHealth
	admin.Do(t, "GET", "/api/v1/admin/health", nil).Want(t, 200).Decode(t, &health)
	require.Equal(t, "sqlite", health.Database)
	require.Equal(t, "dev", health.Version)
	require.Equal(t, 1, health.Sockets)
	require.Positive(t, health.Goroutines)
	require.Positive(t, health.MemoryBytes)
	require.Zero(t, health.Meetings)
	require.Equal(t, []string{wire.WarningNoMail, wire.WarningNoRateLimits}, health.Warnings)
	require.Empty(t, socket.Fence(t))
}

func TestAnAdministratorHandsOverALinkToSetAPassword(t *testing.T) {
	env := testenv.Start(t)
	admin, bob := env.Register(t, "Admin"), env.Register(t, "Bob")
	var issued wire.IssuedReset
	res := admin.Do(t, "POST", "/api/v1/admin/users/"+bob.UserID+"/reset-password", nil).Want(t, 200)
	res.Decode(t, &issued)
	require.False(t, issued.Mailed)
	require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
	reset := wire.ResetPasswordRequest{Token: tokenIn(t, smtptest.Letter{Text: issued.Link}, "/reset"), Password: newPassword}
	env.Anonymous().Do(t, "POST", "/api/v1/auth/reset-password", reset).Want(t, 204)
	bob.Do(t, "GET", "/api/v1/me", nil).Want(t, 401)
	another(t, env, bob, newPassword)
}

func TestAnAdministratorSendsALinkToSetAPassword(t *testing.T) {
	server := smtptest.Start(t)
	env := testenv.Start(t, withMail(server))
	admin := env.Register(t, "Admin")
	server.Next(t)
	bob := env.Register(t, "Bob")
	server.Next(t)
	res := admin.Do(t, "POST", "/api/v1/admin/users/"+bob.UserID+"/reset-password", nil).Want(t, 200)
	require.JSONEq(t, `{"mailed":true}`, string(res.Body))
	letter := server.Next(t)
	require.Equal(t, bob.Email, letter.To)
	tokenIn(t, letter, "/reset")
}

func TestBadInputForAdministrators(t *testing.T) {
	env := testenv.Start(t)
	admin := env.Register(t, "Admin")
	for _, row := range []struct {
		method, path, body string
		status             int
		field              string
	}{
		{"GET", "/users?q=%00", "", 422, "q"},
		{"GET", "/users?limit=0", "", 422, "limit"},
		{"GET", "/audit?user_id=7", "", 422, "user_id"},
		{"GET", "/audit?action=%0a", "", 200, ""}, // trimmed
		{"PATCH", "/users/7", `{}`, 404, ""},
		{"POST", "/users/7/reset-password", "", 404, ""},
		{"POST", "/users/" + models.NewID() + "/reset-password", "", 404, ""},
		{"PATCH", "/users/" + models.NewID(), `{}`, 404, ""},
		{"PATCH", "/users/" + models.NewID(), `{"role":"king"}`, 422, "role"},
		{"PATCH", "/users/" + models.NewID(), `{"disabled":"yes"}`, 400, ""},
	} {
		t.Run(row.method+" "+row.path+row.body, func(t *testing.T) {
			var body any
			if row.body != "" {
				body = row.body
			}
			res := admin.Do(t, row.method, "/api/v1/admin"+row.path, body).Want(t, row.status)
			if row.status != http.StatusOK {
				if problem := res.Problem(t); row.field != "" {
					require.Contains(t, problem.Errors, row.field)
				}
			}
		})
	}
}

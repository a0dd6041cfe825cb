package controllers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// class is a channel with one person of each role, and a stranger.
type class struct {
	env     *testenv.Env
	channel wire.Channel
	people  map[string]*testenv.Client // owner, assistant, student, stranger, anonymous
}

func newClass(t *testing.T) *class {
	t.Helper()
	env := testenv.Start(t)
	c := &class{env: env, people: map[string]*testenv.Client{"anonymous": env.Anonymous()}}
	for _, who := range []string{"owner", "assistant", "student", "stranger"} {
		c.people[who] = env.Register(t, who)
	}
	owner := c.people["owner"]
	owner.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Want(t, 201).Decode(t, &c.channel)
	for _, role := range []string{"assistant", "student"} {
		owner.Do(t, "POST", c.at("/members"), wire.AddMemberRequest{UserID: c.people[role].UserID, Role: role}).Want(t, 201)
	}
	return c
}

// at is a path in the channel.
func (c *class) at(path string) string { return "/api/v1/channels/" + c.channel.ID + path }

// who lists everybody in the order of the columns of a permission table.
var who = []string{"anonymous", "stranger", "student", "assistant", "owner"}

func TestFullChannelsAndBusyMakers(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.ChannelMaxMembers, c.UserMaxChannels = 2, 1 })
	ada, bob, eve := env.Register(t, "Ada"), env.Register(t, "Bob"), env.Register(t, "Eve")
	var channel wire.Channel
	ada.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Want(t, 201).Decode(t, &channel)
	require.Equal(t, "conflict", ada.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Optics"}).Want(t, 409).Problem(t).Code)
	members := "/api/v1/channels/" + channel.ID + "/members"
	ada.Do(t, "POST", members, wire.AddMemberRequest{UserID: bob.UserID, Role: models.RoleStudent}).Want(t, 201)
	ada.Do(t, "POST", members, wire.AddMemberRequest{UserID: eve.UserID, Role: models.RoleStudent}).Want(t, 409)
	var invite wire.Invite
	ada.Do(t, "POST", "/api/v1/channels/"+channel.ID+"/invites", wire.CreateInviteRequest{}).Want(t, 201).Decode(t, &invite)
	eve.Do(t, "POST", "/api/v1/invites/"+invite.Code+"/accept", nil).Want(t, 409)
	bob.Do(t, "POST", "/api/v1/invites/"+invite.Code+"/accept", nil).Want(t, 200)
}

func TestWhoMayDoWhatInAChannel(t *testing.T) {
	for _, row := range []struct {
		method, path string // {id} channel, {user} a fresh member, {new} a fresh user, {code} an invite, {own} oneself
		body         string
		status       [5]int // of anonymous, stranger, student, assistant, owner
	}{
		{"GET", "/channels/{id}", ``, [5]int{401, 404, 200, 200, 200}},
		{"PATCH", "/channels/{id}", `{"name":"Chemistry"}`, [5]int{401, 404, 403, 200, 200}},
		{"DELETE", "/channels/{id}", ``, [5]int{401, 404, 403, 403, 204}},
		{"GET", "/channels/{id}/members", ``, [5]int{401, 404, 200, 200, 200}},
		{"POST", "/channels/{id}/members", `{"user_id":"{new}","role":"student"}`, [5]int{401, 404, 403, 201, 201}},
		{"POST", "/channels/{id}/members", `{"user_id":"{new}","role":"assistant"}`, [5]int{401, 404, 403, 403, 201}},
		{"POST", "/channels/{id}/members", `{"user_id":"{new}","role":"owner"}`, [5]int{401, 404, 403, 403, 201}},
		{"PATCH", "/channels/{id}/members/{user}", `{"role":"assistant"}`, [5]int{401, 404, 403, 403, 200}},
		{"DELETE", "/channels/{id}/members/{user}", ``, [5]int{401, 404, 403, 204, 204}},
		{"DELETE", "/channels/{id}/members/{own}", ``, [5]int{401, 404, 204, 204, 409}},
		{"PATCH", "/channels/{id}/members/{own}", `{"role":"student"}`, [5]int{401, 404, 403, 403, 409}},
		{"GET", "/channels/{id}/invites", ``, [5]int{401, 404, 403, 200, 200}},
		{"POST", "/channels/{id}/invites", ``, [5]int{401, 404, 403, 201, 201}},
		{"GET", "/invites/{code}", ``, [5]int{401, 200, 200, 200, 200}},
		{"DELETE", "/invites/{code}", ``, [5]int{401, 404, 403, 204, 204}},
		{"POST", "/invites/{code}/accept", ``, [5]int{401, 200, 200, 200, 200}},
	} {
		t.Run(row.method+" "+row.path+" "+row.body, func(t *testing.T) {
			c := newClass(t)
			for i, name := range who {
				person, owner := c.people[name], c.people["owner"]
				own := person.UserID
				if own == "" {
					own = models.NewID()
				}
				fresh, added := c.env.Register(t, "Fresh"), c.env.Register(t, "Added")
				owner.Do(t, "POST", c.at("/members"), wire.AddMemberRequest{UserID: added.UserID, Role: "student"}).Want(t, 201)
				var invite wire.Invite
				owner.Do(t, "POST", c.at("/invites"), wire.CreateInviteRequest{}).Want(t, 201).Decode(t, &invite)
				fill := strings.NewReplacer("{id}", c.channel.ID, "{user}", added.UserID, "{new}", fresh.UserID, "{code}", invite.Code, "{own}", own)
				var body any
				if row.body != "" {
					body = fill.Replace(row.body)
				}
				res := person.Do(t, row.method, "/api/v1"+fill.Replace(row.path), body)
				require.Equal(t, row.status[i], res.Status, "%s: %s", name, res.Body)
				if res.Status >= 400 {
					res.Problem(t)
				}
			}
		})
	}
}

func TestMembersWithPresence(t *testing.T) {
	c := newClass(t)
	wstest.Connect(t, c.env.URL, c.people["owner"].Token)
	var list wire.List[wire.Member]
	c.people["student"].Do(t, "GET", c.at("/members"), nil).Decode(t, &list)
	require.Len(t, list.Items, 3)
	for i, role := range []string{"owner", "assistant", "student"} {
		require.Equal(t, role, list.Items[i].Role)
	}
	require.Equal(t, "online", list.Items[0].User.Presence)
	require.Equal(t, "offline", list.Items[1].User.Presence)
}

func TestChannelEventsReachTheRightPeople(t *testing.T) {
	c := newClass(t)
	owner := c.people["owner"]
	newcomer := c.env.Register(t, "Newcomer")
	sockets := map[string]*wstest.Conn{"newcomer": wstest.Connect(t, c.env.URL, newcomer.Token)}
	for _, name := range []string{"owner", "student", "stranger"} {
		sockets[name] = wstest.Connect(t, c.env.URL, c.people[name].Token)
	}
	for _, row := range []struct {
		by                       *testenv.Client
		method, path, body       string
		newcomer, members, owner []string
	}{
		{owner, "POST", c.at("/members"), `{"user_id":"` + newcomer.UserID + `","role":"student"}`,
			[]string{"channel.created", "channel.member_joined", "notification.created"}, []string{"channel.member_joined"}, []string{"channel.member_joined"}},
		{owner, "PATCH", c.at(""), `{"name":"Chemistry"}`,
			[]string{"channel.updated"}, []string{"channel.updated"}, []string{"channel.updated"}},
		{owner, "PATCH", c.at(""), `{}`, nil, nil, nil},
		{newcomer, "PATCH", "/api/v1/me", `{"name":"Known"}`,
			[]string{"user.updated"}, []string{"user.updated"}, []string{"user.updated"}},
		{owner, "PATCH", c.at("/members/" + newcomer.UserID), `{"role":"assistant"}`,
			[]string{"channel.member_updated"}, []string{"channel.member_updated"}, []string{"channel.member_updated"}},
		{owner, "DELETE", c.at("/members/" + newcomer.UserID), ``,
			[]string{"channel.member_left", "channel.deleted"}, []string{"channel.member_left"}, []string{"channel.member_left"}},
		{owner, "PATCH", c.at(""), `{"name":"Biology"}`, nil, []string{"channel.updated"}, []string{"channel.updated"}},
		{owner, "POST", "/api/v1/channels", `{"name":"Another"}`, nil, nil, []string{"channel.created"}},
		{owner, "DELETE", c.at(""), ``, nil, []string{"channel.deleted"}, []string{"channel.deleted"}},
	} {
		var body any
		if row.body != "" {
			body = row.body
		}
		require.Less(t, row.by.Do(t, row.method, row.path, body).Status, 300)
		for name, want := range map[string][]string{"newcomer": row.newcomer, "student": row.members, "owner": row.owner, "stranger": nil} {
			var got []string
			for _, event := range wstest.Types(sockets[name].Fence(t)) {
				if event != wire.EventPresenceChanged {
					got = append(got, event)
				}
			}
			require.Equal(t, want, got, "%s hears of %s %s %s", name, row.method, row.path, row.body)
		}
	}
}

func TestAnAssistantCannotRemoveATeacher(t *testing.T) {
	c := newClass(t)
	second := c.env.Register(t, "Second")
	c.people["owner"].Do(t, "POST", c.at("/members"), wire.AddMemberRequest{UserID: second.UserID, Role: "assistant"}).Want(t, 201)
	c.people["assistant"].Do(t, "DELETE", c.at("/members/"+second.UserID), nil).Want(t, 403)
	c.people["assistant"].Do(t, "DELETE", c.at("/members/"+c.people["owner"].UserID), nil).Want(t, 403)
	c.people["owner"].Do(t, "DELETE", c.at("/members/"+second.UserID), nil).Want(t, 204)
	second.Do(t, "GET", c.at(""), nil).Want(t, 404)
}

func TestChannelPages(t *testing.T) {
	env := testenv.Start(t)
	ada := env.Register(t, "Ada")
	var names []string
	for i := range 5 {
		names = append(names, fmt.Sprint("Channel ", i))
		ada.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: names[i]}).Want(t, 201)
	}
	var got []string
	path := "/api/v1/channels?limit=2"
	for pages := 0; ; pages++ {
		require.Less(t, pages, 4)
		var list wire.List[wire.Channel]
		ada.Do(t, "GET", path, nil).Want(t, 200).Decode(t, &list)
		for _, channel := range list.Items {
			got = append(got, channel.Name)
		}
		if list.NextCursor == nil {
			break
		}
		path = "/api/v1/channels?limit=2&after=" + *list.NextCursor
	}
	require.Equal(t, names, got)
	require.Contains(t, string(env.Register(t, "Bo").Do(t, "GET", "/api/v1/channels", nil).Body), `"items":[]`)
}

func TestARetryMakesNoSecondChannel(t *testing.T) {
	env := testenv.Start(t)
	ada, bo := env.Register(t, "Ada"), env.Register(t, "Bo")
	req := wire.CreateChannelRequest{Name: "Physics", ClientID: models.NewID()}
	var first, second wire.Channel
	ada.Do(t, "POST", "/api/v1/channels", req).Want(t, 201).Decode(t, &first)
	ada.Do(t, "POST", "/api/v1/channels", req).Want(t, 200).Decode(t, &second)
	require.Equal(t, first, second)
	bo.Do(t, "POST", "/api/v1/channels", req).Want(t, 201)
}

func TestInvites(t *testing.T) {
	c := newClass(t)
	owner, stranger := c.people["owner"], c.people["stranger"]
	var invite wire.Invite
	owner.Do(t, "POST", c.at("/invites"), `{"max_uses":1,"expires_at":"2999-01-01T00:00:00Z"}`).Want(t, 201).Decode(t, &invite)
	require.Regexp(t, `^[A-HJKM-NP-Z2-9]{10}$`, invite.Code)
	require.Equal(t, "http://"+c.env.App.Addr()+"/join/"+invite.Code, invite.URL)
	require.Equal(t, 2999, time.Time(*invite.ExpiresAt).Year())
	accept := "/api/v1/invites/" + strings.ToLower(invite.Code) + "/accept"

	owner.Do(t, "POST", accept, nil).Want(t, 200) // a member uses nothing up
	var preview wire.InvitePreview
	stranger.Do(t, "GET", "/api/v1/invites/"+invite.Code, nil).Want(t, 200).Decode(t, &preview)
	require.Equal(t, wire.InvitePreview{ChannelName: "Physics", MemberCount: 3}, preview)
	var joined wire.Channel
	stranger.Do(t, "POST", accept, nil).Want(t, 200).Decode(t, &joined)
	require.Equal(t, "student", joined.MyRole)
	require.Equal(t, 4, joined.MemberCount)
	stranger.Do(t, "POST", accept, nil).Want(t, 200)

	late := c.env.Register(t, "Late")
	require.Contains(t, late.Do(t, "POST", accept, nil).Want(t, 409).Problem(t).Detail, "used up")
	late.Do(t, "GET", "/api/v1/invites/"+invite.Code, nil).Want(t, 409)
	owner.Do(t, "DELETE", "/api/v1/invites/"+invite.Code, nil).Want(t, 204)
	for _, code := range []string{invite.Code, "ABC", "0000000000", "%00", "ABCDEFGHJK"} {
		late.Do(t, "POST", "/api/v1/invites/"+code+"/accept", nil).Want(t, 404).Problem(t)
	}
}

func TestBadInputForChannels(t *testing.T) {
	c := newClass(t)
	unknown := models.NewID()
	for _, row := range []struct {
		name, method, path, body string
		status                   int
		field                    string
	}{
		{"no JSON", "POST", "/channels", `nonsense`, 400, ""},
		{"a list", "POST", "/channels", `[]`, 400, ""},
		{"nothing", "POST", "/channels", ``, 400, ""},
		{"two objects", "POST", "/channels", `{"name":"a"}{"name":"b"}`, 400, ""},
		{"name is a number", "POST", "/channels", `{"name":7}`, 400, "name"},
		{"no name", "POST", "/channels", `{}`, 422, "name"},
		{"blank name", "POST", "/channels", `{"name":"  "}`, 422, "name"},
		{"name of 81", "POST", "/channels", `{"name":"` + strings.Repeat("物", 81) + `"}`, 422, "name"},
		{"name of two lines", "POST", "/channels", `{"name":"a\nb"}`, 422, "name"},
		{"NUL in the description", "POST", "/channels", `{"name":"a","description":"\u0000"}`, 422, "description"},
		{"long description", "POST", "/channels", `{"name":"a","description":"` + strings.Repeat("x", 1001) + `"}`, 422, "description"},
		{"client_id", "POST", "/channels", `{"name":"a","client_id":"x"}`, 422, "client_id"},
		{"over 1 MiB", "POST", "/channels", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, 413, ""},
		{"limit 0", "GET", "/channels?limit=0", ``, 422, "limit"},
		{"limit 101", "GET", "/channels?limit=101", ``, 422, "limit"},
		{"limit x", "GET", "/channels/{id}/members?limit=x", ``, 422, "limit"},
		{"cursor", "GET", "/channels?after=x", ``, 422, "after"},
		{"both cursors", "GET", "/channels?after={id}&before={id}", ``, 422, "after"},
		{"no id", "GET", "/channels/7", ``, 404, ""},
		{"unknown id", "GET", "/channels/" + unknown, ``, 404, ""},
		{"unknown route", "GET", "/nothing", ``, 404, ""},
		{"wrong method", "PUT", "/channels", `{}`, 405, ""},
		{"unknown user", "POST", "/channels/{id}/members", `{"user_id":"` + unknown + `","role":"student"}`, 422, "user_id"},
		{"no user id", "POST", "/channels/{id}/members", `{"user_id":"7","role":"student"}`, 422, "user_id"},
		{"role", "POST", "/channels/{id}/members", `{"user_id":"{student}","role":"king"}`, 422, "role"},
		{"a member already", "POST", "/channels/{id}/members", `{"user_id":"{student}","role":"student"}`, 409, ""},
		{"role of nobody", "PATCH", "/channels/{id}/members/" + unknown, `{"role":"student"}`, 404, ""},
		{"role of a stranger", "PATCH", "/channels/{id}/members/{stranger}", `{"role":"student"}`, 404, ""},
		{"role change", "PATCH", "/channels/{id}/members/{student}", `{"role":""}`, 422, "role"},
		{"no uses", "POST", "/channels/{id}/invites", `{"max_uses":0}`, 422, "max_uses"},
		{"expired", "POST", "/channels/{id}/invites", `{"expires_at":"2001-01-01T00:00:00Z"}`, 422, "expires_at"},
		{"no time", "POST", "/channels/{id}/invites", `{"expires_at":"tomorrow"}`, 400, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			fill := strings.NewReplacer("{id}", c.channel.ID, "{student}", c.people["student"].UserID, "{stranger}", c.people["stranger"].UserID)
			p := c.people["owner"].Do(t, row.method, "/api/v1"+fill.Replace(row.path), fill.Replace(row.body)).Want(t, row.status).Problem(t)
			if row.field != "" {
				require.Contains(t, p.Errors, row.field)
			}
		})
	}
	c.people["owner"].Do(t, "GET", c.at(""), nil).Want(t, 200)
}

func TestWhatWasThereBeforeJoiningIsRead(t *testing.T) {
	c := newClass(t)
	owner, added, invited := c.people["owner"], c.env.Register(t, "Added"), c.env.Register(t, "Invited")
	owner.Do(t, "POST", c.at("/posts"), wire.CreateEntryRequest{Body: "Before"}).Want(t, 201)
	owner.Do(t, "POST", c.at("/members"), wire.AddMemberRequest{UserID: added.UserID, Role: "student"}).Want(t, 201)
	var invite wire.Invite
	owner.Do(t, "POST", c.at("/invites"), wire.CreateInviteRequest{}).Want(t, 201).Decode(t, &invite)
	invited.Do(t, "POST", "/api/v1/invites/"+invite.Code+"/accept", nil).Want(t, 200)
	unread := func(person *testenv.Client) int {
		var channel wire.Channel
		person.Do(t, "GET", c.at(""), nil).Want(t, 200).Decode(t, &channel)
		require.NotNil(t, channel.LastReadID)
		return channel.UnreadCount
	}
	require.Zero(t, unread(added))
	require.Zero(t, unread(invited))
	require.Zero(t, unread(owner))
	owner.Do(t, "POST", c.at("/posts"), wire.CreateEntryRequest{Body: "After"}).Want(t, 201)
	require.Equal(t, 1, unread(added))
	require.Equal(t, 1, unread(invited))
	require.Equal(t, 1, unread(c.people["student"])-1, "who was there has two")
}

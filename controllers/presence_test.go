package controllers_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

func decoded(t *testing.T, f wstest.Frame, out any) bool {
	t.Helper()
	return json.Unmarshal(f.Data, out) == nil
}

// sees waits until a socket is told somebody's presence.
func sees(t *testing.T, conn *wstest.Conn, of *testenv.Client, presence string) {
	t.Helper()
	var changed wire.PresenceChanged
	conn.ExpectWhere(t, wire.EventPresenceChanged, func(f wstest.Frame) bool {
		return decoded(t, f, &changed) && changed.UserID == of.UserID
	})
	assert.Equal(t, presence, changed.Presence)
}

func TestPresenceIsMadeOfAllDevicesAndDoings(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		ann := p.socket(t, p.ann)
		laptop := p.socket(t, p.bob)
		sees(t, ann, p.bob, "online")
		phone := p.socket(t, p.bob)
		laptop.Call(t, "presence", wire.PresenceCommand{Away: true}, nil)
		phone.Call(t, "presence", wire.PresenceCommand{Away: true}, nil) // only now
		sees(t, ann, p.bob, "away")
		var profile wire.Profile
		p.ann.Do(t, "GET", "/api/v1/users/"+p.bob.UserID, nil).Decode(t, &profile)
		assert.Equal(t, "away", profile.Presence)
		phone.Call(t, "presence", wire.PresenceCommand{Away: false}, nil)
		sees(t, ann, p.bob, "online")

		var meeting wire.Meeting
		p.ann.Do(t, "POST", "/api/v1/channels/"+p.channel+"/meetings", nil).Want(t, 201).Decode(t, &meeting)
		laptop.Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID}, nil)
		sees(t, ann, p.bob, "in_meeting")
		p.bob.Do(t, "PATCH", "/api/v1/me/preferences", wire.UpdatePreferencesRequest{DND: new(true)}).Want(t, 200)
		sees(t, ann, p.bob, "dnd")
		laptop.Call(t, "meeting.leave", nil, nil)
		p.bob.Do(t, "PATCH", "/api/v1/me/preferences", wire.UpdatePreferencesRequest{DND: new(false)}).Want(t, 200)
		sees(t, ann, p.bob, "online")

		phone.Drop() // the other one is away
		sees(t, ann, p.bob, "away")
		laptop.Drop()
		sees(t, ann, p.bob, "offline")
	})
}

func TestPresenceReachesWhomOneOnlyWritesTo(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		p.ann.Do(t, "DELETE", "/api/v1/channels/"+p.channel+"/members/"+p.bob.UserID, nil).Want(t, 204)
		ann, carol := p.socket(t, p.ann), p.socket(t, p.carol)
		bob := p.socket(t, p.bob)
		sees(t, ann, p.bob, "online")
		p.bob.Do(t, "PATCH", "/api/v1/me", wire.UpdateMeRequest{Name: new("Robert")}).Want(t, 200)
		var profile wire.Profile
		ann.Expect(t, wire.EventUserUpdated, &profile)
		assert.Equal(t, "Robert", profile.Name)
		assert.NotContains(t, wstest.Types(carol.Fence(t)), wire.EventUserUpdated)

		p.send(t, p.bob, wire.CreateMessageRequest{Body: "Still here"}) // what was begun stays
		ann.Expect(t, wire.EventMessageCreated, nil)
		bob.Expect(t, wire.EventMessageCreated, nil)
		p.bob.Do(t, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: p.ann.UserID}).Want(t, 200)
		assert.Equal(t, models.NotifyMessage, notified(t, ann).Kind)
	})
}

func notified(t *testing.T, conn *wstest.Conn) (note wire.Notification) {
	t.Helper()
	conn.Expect(t, wire.EventNotificationCreated, &note)
	return note
}

package delivery

import (
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// TestAMeetingGoesOnAfterAPowerCut kills the server in the middle of a lesson: everybody finds the place that they had, with hand, word and
// group, under the same settings, and the attendance goes on.
func TestAMeetingGoesOnAfterAPowerCut(t *testing.T) {
	s := startServer(t, "")
	url := "http://" + s.listen
	people, places := []*testenv.Client{}, []string{}
	for _, name := range []string{"Teacher", "Ada", "Bob"} {
		people = append(people, signUp(t, url, name))
	}
	teacher, ada, bob := people[0], people[1], people[2]
	var channel wire.Channel
	teacher.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Want(t, http.StatusCreated).Decode(t, &channel)
	for _, who := range []*testenv.Client{ada, bob} {
		teacher.Do(t, "POST", "/api/v1/channels/"+channel.ID+"/members", wire.AddMemberRequest{UserID: who.UserID, Role: models.RoleStudent}).Want(t, http.StatusCreated)
	}
	var meeting wire.Meeting
	teacher.Do(t, "POST", "/api/v1/channels/"+channel.ID+"/meetings", nil).Want(t, http.StatusCreated).Decode(t, &meeting)
	conns := []*wstest.Conn{}
	for _, who := range people {
		var joined wire.MeetingJoined
		conn := wstest.Connect(t, url, who.Token)
		conn.Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID, Muted: true}, &joined)
		conns, places = append(conns, conn), append(places, joined.ParticipantID)
	}
	conns[1].Call(t, "meeting.state_update", wire.MeetingStateUpdate{HandRaised: new(true)}, nil)
	conns[0].Call(t, "meeting.call_on", wire.MeetingCallOn{ParticipantID: places[2]}, nil)
	conns[0].Call(t, "meeting.settings", wire.MeetingSettingsCommand{MicrophonesLocked: new(true), Lobby: new(true)}, nil)
	conns[0].Call(t, "meeting.breakouts_open", wire.MeetingOpenBreakouts{DurationS: 600,
		Rooms: []wire.BreakoutPlan{{Name: "A", UserIDs: []string{ada.UserID}}, {Name: "B", UserIDs: []string{bob.UserID}}}}, nil)
	back := func(i int) (joined wire.MeetingJoined) {
		t.Helper()
		wstest.Connect(t, url, people[i].Token).Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID, Muted: true, ParticipantID: places[i]}, &joined)
		require.Equal(t, places[i], joined.ParticipantID)
		return joined
	}
	before := back(0)

	s.restart(syscall.SIGKILL)
	for i := range people {
		require.NotEqual(t, 1000, conns[i].Closed(t))
		back(i)
	}
	after := back(0)
	require.Equal(t, before.Participants, after.Participants)
	require.Equal(t, before.State, after.State)
	require.Equal(t, before.Settings, after.Settings)
	require.True(t, after.Participants[2].MaySpeak)
	require.Equal(t, after.State.Breakouts.Rooms[0].ID, after.Participants[1].RoomID)

	last := wstest.Connect(t, url, teacher.Token)
	var joined wire.MeetingJoined
	last.Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID, ParticipantID: places[0], Muted: true}, &joined)
	last.Call(t, "meeting.breakouts_close", wire.MeetingCloseBreakouts{}, nil)
	last.Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID, Muted: true}, &joined)
	require.True(t, joined.Participants[1].HandRaised, "the hand of the main room is up again")
	var list wire.Attendance
	teacher.Do(t, "GET", "/api/v1/meetings/"+meeting.ID+"/attendance", nil).Want(t, http.StatusOK).Decode(t, &list)
	require.Len(t, list.Items, 3)
	for _, row := range list.Items {
		require.Len(t, row.Intervals, 1)
		require.Nil(t, row.Intervals[0].LeftAt)
	}
}

// signUp opens an account at a server.
func signUp(t *testing.T, url, name string) *testenv.Client {
	t.Helper()
	c := &testenv.Client{URL: url, HTTP: &http.Client{Timeout: 5 * patience}, Name: name, Email: models.NewID() + "@example.org"}
	var session wire.Session
	c.Do(t, "POST", "/api/v1/auth/register", wire.RegisterRequest{Email: c.Email, Password: testenv.Password, Name: name}).Want(t, http.StatusCreated).Decode(t, &session)
	c.UserID, c.Token = session.User.ID, session.AccessToken
	return c
}

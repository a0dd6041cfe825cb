package controllers_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// mustWait asks to join and is told to wait.
func mustWait(t *testing.T, conn *wstest.Conn, meeting wire.Meeting) wire.Waiting {
	t.Helper()
	refused := conn.CallError(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID})
	require.Equal(t, "waiting", refused.Code)
	require.Equal(t, http.StatusForbidden, refused.Status)
	text, err := json.Marshal(refused.Current)
	require.NoError(t, err)
	var waiting wire.Waiting
	require.NoError(t, json.Unmarshal(text, &waiting))
	return waiting
}

func TestTheLobby(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	teacher, student, classmate := c.connect(t, c.owner), c.connect(t, c.student), c.connect(t, c.classmate)
	join(t, teacher, meeting)
	teacher.Call(t, "meeting.settings", wire.MeetingSettingsCommand{Lobby: new(true)}, nil)

	require.Equal(t, wire.Waiting{MeetingID: meeting.ID, Reason: "lobby", Teachers: 1, Since: mustWait(t, student, meeting).Since}, mustWait(t, student, meeting))
	var lobby wire.Lobby
	teacher.Expect(t, wire.EventMeetingLobby, &lobby)
	require.Equal(t, c.student.UserID, lobby.Waiting[0].User.ID)
	require.Equal(t, "conflict", student.CallError(t, "meeting.react", wire.MeetingReact{Emoji: "👏"}).Code, "who waits is not in")
	teacher.Call(t, "meeting.react", wire.MeetingReact{Emoji: "👏"}, nil)
	require.NotContains(t, wstest.Types(student.Fence(t)), wire.EventMeetingReaction)

	teacher.Call(t, "meeting.admit", wire.MeetingAdmit{UserID: c.student.UserID}, nil)
	student.Expect(t, wire.EventMeetingAdmitted, nil)
	require.Empty(t, join(t, student, meeting).Lobby, "students do not see who waits")

	mustWait(t, classmate, meeting)
	require.NotContains(t, wstest.Types(student.Fence(t)), wire.EventMeetingLobby)
	assistant := c.connect(t, c.assistant)
	require.Len(t, join(t, assistant, meeting).Lobby, 1)
	var waiting wire.Waiting
	classmate.Expect(t, wire.EventMeetingWaiting, &waiting)
	require.Equal(t, 2, waiting.Teachers)
	assistant.Call(t, "meeting.deny", wire.MeetingDeny{UserID: c.classmate.UserID}, nil)
	var denied wire.MeetingDenied
	classmate.Expect(t, wire.EventMeetingDenied, &denied)
	require.Equal(t, wire.MeetingDenied{MeetingID: meeting.ID, AgainS: 60}, denied)
	require.Equal(t, "denied", classmate.CallError(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID}).Code)
}

// TestASocketThatBreaksWhileItWaits: who is not there is not let in, and finds the place in the queue again.
func TestASocketThatBreaksWhileItWaits(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	teacher, student, classmate := c.connect(t, c.owner), c.connect(t, c.student), c.connect(t, c.classmate)
	join(t, teacher, meeting)
	teacher.Call(t, "meeting.settings", wire.MeetingSettingsCommand{Lobby: new(true)}, nil)
	queue := func(want ...string) {
		t.Helper()
		teacher.ExpectWhere(t, wire.EventMeetingLobby, func(f wstest.Frame) bool {
			var lobby wire.Lobby
			users := []string{}
			if json.Unmarshal(f.Data, &lobby) == nil {
				for _, w := range lobby.Waiting {
					users = append(users, w.User.ID)
				}
			}
			slices.Sort(users) // who came in the same millisecond have no order
			return slices.Equal(users, slices.Sorted(slices.Values(want)))
		})
	}
	since := mustWait(t, student, meeting).Since
	mustWait(t, classmate, meeting)
	queue(c.student.UserID, c.classmate.UserID)
	student.Drop()
	queue(c.classmate.UserID)
	require.Equal(t, "not_found", teacher.CallError(t, "meeting.admit", wire.MeetingAdmit{UserID: c.student.UserID}).Code)

	student = c.connect(t, c.student)
	require.Equal(t, since, mustWait(t, student, meeting).Since)
	queue(c.student.UserID, c.classmate.UserID)
	teacher.Call(t, "meeting.admit", wire.MeetingAdmit{UserID: c.student.UserID}, nil)
	student.Expect(t, wire.EventMeetingAdmitted, nil)
	join(t, student, meeting)
}

func TestKnocking(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	teacher, stranger := c.connect(t, c.owner), c.connect(t, c.stranger)
	join(t, teacher, meeting)
	var door wire.MeetingDoor
	c.stranger.Do(t, "GET", "/api/v1/meetings/"+meeting.ID+"/door", nil).Decode(t, &door)
	require.Equal(t, "Physics", door.ChannelName)
	require.Equal(t, c.owner.UserID, door.Host.ID)
	require.False(t, door.Member)
	c.student.Do(t, "GET", "/api/v1/meetings/"+meeting.ID+"/door", nil).Decode(t, &door)
	require.True(t, door.Member)
	require.Equal(t, http.StatusNotFound, c.stranger.Do(t, "GET", "/api/v1/meetings/"+models.NewID()+"/door", nil).Status)
	require.Equal(t, http.StatusNotFound, c.stranger.Do(t, "GET", "/api/v1/meetings/nonsense/door", nil).Status)

	require.Equal(t, "knock", mustWait(t, stranger, meeting).Reason)
	var lobby wire.Lobby
	teacher.Expect(t, wire.EventMeetingLobby, &lobby)
	require.False(t, lobby.Waiting[0].Member)
	require.Equal(t, http.StatusNotFound, c.stranger.Do(t, "GET", "/api/v1/channels/"+c.channel.ID, nil).Status)
	require.Equal(t, http.StatusNotFound, c.stranger.Do(t, "GET", "/api/v1/meetings/"+meeting.ID, nil).Status)
	teacher.Call(t, "meeting.admit", wire.MeetingAdmit{UserID: c.stranger.UserID}, nil)
	stranger.Expect(t, wire.EventMeetingAdmitted, nil)
	require.Len(t, join(t, stranger, meeting).Participants, 2)
	c.stranger.Do(t, "GET", "/api/v1/channels/"+c.channel.ID, nil).Want(t, http.StatusOK)

	second := c.connect(t, c.env.Register(t, "Second"))
	mustWait(t, second, meeting)
	teacher.Call(t, "meeting.end", nil, nil)
	second.Expect(t, wire.EventMeetingEnded, nil)
}

func TestLookingThroughDoorsIsLimited(t *testing.T) {
	c := newLesson(t, func(cfg *config.Config) {
		cfg.RateLimits, cfg.Rates.Invites = true, config.Rate{PerSecond: 0.001, Burst: 2}
	})
	meeting := c.start(t)
	for range 2 {
		c.stranger.Do(t, "GET", "/api/v1/meetings/"+meeting.ID+"/door", nil).Want(t, http.StatusOK)
	}
	c.stranger.Do(t, "GET", "/api/v1/meetings/"+meeting.ID+"/door", nil).Want(t, http.StatusTooManyRequests)
}

func TestHandsThroughTheSocket(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	teacher, student, classmate := c.connect(t, c.owner), c.connect(t, c.student), c.connect(t, c.classmate)
	join(t, teacher, meeting)
	studentID, classmateID := join(t, student, meeting).ParticipantID, join(t, classmate, meeting).ParticipantID
	student.Call(t, "meeting.state_update", wire.MeetingStateUpdate{HandRaised: new(true)}, nil)
	var called wire.Participant
	teacher.Call(t, "meeting.call_on", wire.MeetingCallOn{}, &called)
	require.Equal(t, studentID, called.ParticipantID)
	require.True(t, called.MaySpeak)
	var told wire.MeetingCalled
	classmate.Expect(t, wire.EventMeetingCalled, &told)
	require.Equal(t, wire.MeetingCalled{MeetingID: meeting.ID, ParticipantID: studentID, ByUserID: c.owner.UserID}, told)
	require.Equal(t, "conflict", teacher.CallError(t, "meeting.call_on", wire.MeetingCallOn{}).Code)

	teacher.Call(t, "meeting.spotlight", wire.MeetingSpotlight{ParticipantID: classmateID}, nil)
	var changed wire.MeetingStateChanged
	student.Expect(t, wire.EventMeetingState, &changed)
	require.Equal(t, classmateID, changed.State.Spotlight)
	student.Call(t, "meeting.react", wire.MeetingReact{Emoji: "🎉"}, nil)
	var reaction wire.MeetingReaction
	teacher.Expect(t, wire.EventMeetingReaction, &reaction)
	require.Equal(t, wire.MeetingReaction{MeetingID: meeting.ID, ParticipantID: studentID, Emoji: "🎉"}, reaction)
	require.Contains(t, student.CallError(t, "meeting.react", wire.MeetingReact{Emoji: "x"}).Errors, "emoji")
}

// TestARestartInTheMiddleOfAMeeting stops the program as an operator does and starts it on the same data: everybody comes back with the
// place that they had.
func TestARestartInTheMiddleOfAMeeting(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	people := []*testenv.Client{c.owner, c.student, c.classmate}
	conns, places := make([]*wstest.Conn, 3), make([]string, 3)
	for i, who := range people {
		conns[i] = c.connect(t, who)
		places[i] = join(t, conns[i], meeting).ParticipantID
	}
	teacher, student := conns[0], conns[1]
	student.Call(t, "meeting.state_update", wire.MeetingStateUpdate{HandRaised: new(true)}, nil)
	teacher.Call(t, "meeting.call_on", wire.MeetingCallOn{ParticipantID: places[2]}, nil)
	teacher.Call(t, "meeting.spotlight", wire.MeetingSpotlight{ParticipantID: places[1]}, nil)
	teacher.Call(t, "meeting.settings", wire.MeetingSettingsCommand{MicrophonesLocked: new(true), Lobby: new(true)}, nil)
	outside := c.connect(t, c.assistant)
	var before wire.MeetingJoined
	outside.Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID, Muted: true}, &before)
	outside.Call(t, "meeting.leave", nil, nil)

	c.env.Restart(append(people, c.assistant)...)
	for _, conn := range conns {
		require.Equal(t, websocket.CloseServiceRestart, conn.Closed(t))
	}
	back := make([]*wstest.Conn, 3)
	for _, i := range []int{2, 0, 1} { // in another order
		back[i] = c.connect(t, people[i])
		was := before.Participants[i]
		var joined wire.MeetingJoined
		back[i].Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID, ParticipantID: places[i], Muted: was.Muted, VideoOn: was.VideoOn}, &joined)
		require.Equal(t, places[i], joined.ParticipantID)
	}
	var after wire.MeetingJoined
	c.connect(t, c.assistant).Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID, Muted: true}, &after)
	require.Equal(t, before.Participants[:3], after.Participants[:3])
	require.True(t, after.Participants[1].HandRaised)
	require.True(t, after.Participants[2].MaySpeak)
	require.Equal(t, before.State, after.State)
	require.Equal(t, before.Settings, after.Settings)

	var list wire.Attendance
	c.owner.Do(t, "GET", "/api/v1/meetings/"+meeting.ID+"/attendance", nil).Decode(t, &list)
	for _, row := range list.Items[:3] {
		require.Len(t, row.Intervals, 1, "the attendance goes on")
		require.Nil(t, row.Intervals[0].LeftAt)
	}
}

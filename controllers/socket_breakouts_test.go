package controllers_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/sfu"
	"lectern/ws/wstest"
)

// TestGroupsOverTheSocket: two pairs part, hear each other and nobody else but the broadcast, and come back.
func TestGroupsOverTheSocket(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	teacher, teacherConn, teacherID := c.enter(t, c.owner, meeting)
	helper, _, helperID := c.enter(t, c.assistant, meeting)
	ada, adaConn, adaID := c.enter(t, c.student, meeting)
	bob, _, bobID := c.enter(t, c.classmate, meeting)
	teacher.Publish(sfu.Microphone)
	helper.Publish(sfu.Camera)
	ada.Publish(sfu.Microphone)
	bob.Publish(sfu.Camera)
	ada.WaitMoreFrom(teacherID, 5)
	ada.WaitMoreFrom(bobID, 5)

	open := wire.MeetingOpenBreakouts{Rooms: []wire.BreakoutPlan{{Name: "第一組", UserIDs: []string{c.student.UserID, c.classmate.UserID}}}}
	require.Equal(t, "forbidden", adaConn.CallError(t, "meeting.breakouts_open", open).Code)
	teacherConn.Call(t, "meeting.breakouts_open", open, nil)
	var told wire.MeetingStateChanged
	adaConn.Expect(t, wire.EventMeetingState, &told)
	room := told.State.Breakouts.Rooms[0]
	require.Equal(t, "第一組", room.Name)
	wait := func(who string, roomID string) {
		t.Helper()
		adaConn.ExpectWhere(t, wire.EventParticipantUpdated, func(f wstest.Frame) bool {
			var p wire.ParticipantChanged
			return json.Unmarshal(f.Data, &p) == nil && p.ParticipantID == who && p.RoomID == roomID
		})
	}
	wait(bobID, room.ID)
	ada.WaitMoreFrom(bobID, 20)
	bob.WaitMoreFrom(adaID, 20)
	helper.WaitMoreFrom(teacherID, 20)
	teachers, students := helper.PacketsFrom(adaID)+teacher.PacketsFrom(bobID), ada.PacketsFrom(teacherID)+bob.PacketsFrom(helperID)
	ada.WaitMoreFrom(bobID, 50)
	helper.WaitMoreFrom(teacherID, 50)
	require.Equal(t, teachers, helper.PacketsFrom(adaID)+teacher.PacketsFrom(bobID), "packets came from the group")
	require.Equal(t, students, ada.PacketsFrom(teacherID)+bob.PacketsFrom(helperID), "packets came into the group")

	teacherConn.Call(t, "meeting.broadcast", wire.MeetingBroadcast{Text: "五分鐘", Voice: new(true)}, nil)
	var words wire.MeetingAnnouncement
	adaConn.Expect(t, wire.EventMeetingBroadcast, &words)
	require.Equal(t, "五分鐘", words.Text)
	ada.WaitMoreFrom(teacherID, 20)
	teacherConn.Call(t, "meeting.broadcast", wire.MeetingBroadcast{Voice: new(false)}, nil)
	teacherConn.Call(t, "meeting.move", wire.MeetingMove{ParticipantID: helperID, RoomID: room.ID}, nil)
	ada.WaitMoreFrom(helperID, 20)

	teacherConn.Call(t, "meeting.breakouts_close", wire.MeetingCloseBreakouts{}, nil)
	wait(bobID, "")
	ada.WaitMoreFrom(teacherID, 20)
	teacher.WaitMoreFrom(adaID, 20)

	var plans wire.BreakoutPlans
	c.owner.Do(t, "GET", "/api/v1/channels/"+c.channel.ID+"/breakouts", nil).Want(t, http.StatusOK).Decode(t, &plans)
	require.Equal(t, open.Rooms, plans.Rooms)
}

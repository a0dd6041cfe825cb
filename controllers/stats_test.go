package controllers_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// TestStatsOfARunningMeeting: an administrator sees what flows, and nothing of what is not running.
func TestStatsOfARunningMeeting(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	path := "/api/v1/admin/meetings/" + meeting.ID + "/stats"
	var admin *testenv.Client // whoever registered first
	for _, person := range []*testenv.Client{c.owner, c.assistant, c.student, c.classmate, c.stranger} {
		if person.Do(t, "GET", path, nil).Status == http.StatusOK {
			require.Nil(t, admin, "there is one administrator")
			admin = person
		}
	}
	require.NotNil(t, admin)
	var stats wire.MeetingStats
	admin.Do(t, "GET", path, nil).Want(t, http.StatusOK).Decode(t, &stats)
	require.Equal(t, wire.MeetingStats{MeetingID: meeting.ID, Participants: []wire.ParticipantStats{}}, stats)

	ids := map[string]string{}
	for name, client := range map[string]*testenv.Client{"teacher": c.owner, "student": c.student} {
		conn := c.connect(t, client)
		peer := sfutest.New(t, name, func(events sfu.Signals) (sfutest.Signaler, error) {
			deliver(conn, events)
			ids[name] = join(t, conn, meeting).ParticipantID
			conn.Call(t, "meeting.state_update", wire.MeetingStateUpdate{VideoOn: new(true)}, nil)
			return socketPeer{t, conn}, nil
		})
		peer.Publish(sfu.Camera)
		peer.Publish(sfu.Microphone)
	}
	await(t, "both to send and receive", func() bool {
		admin.Do(t, "GET", path, nil).Want(t, http.StatusOK).Decode(t, &stats)
		flows := 0
		for _, p := range stats.Participants {
			for _, track := range p.Publishing {
				for _, l := range track.Layers {
					if l.BPS > 0 && l.Packets > 0 && l.Codec != "" && track.Allowed {
						flows++
					}
				}
			}
			for _, track := range p.Receiving {
				if track.Packets > 0 && track.Bytes > 0 && !track.Paused {
					flows++
				}
			}
		}
		return flows == 8
	})
	require.Equal(t, "Student", statsOf(stats, ids["student"]).User.Name)
	require.Contains(t, []string{"good", "fair", "poor"}, statsOf(stats, ids["student"]).Quality) // a busy machine jitters
	require.True(t, statsOf(stats, ids["teacher"]).Connected)

	require.Equal(t, http.StatusNotFound, admin.Do(t, "GET", "/api/v1/admin/meetings/"+models.NewID()+"/stats", nil).Status)
	require.Equal(t, http.StatusNotFound, admin.Do(t, "GET", "/api/v1/admin/meetings/x/stats", nil).Status)
	c.owner.Do(t, "POST", "/api/v1/meetings/"+meeting.ID+"/end", nil).Want(t, http.StatusOK)
	require.Equal(t, http.StatusNotFound, admin.Do(t, "GET", path, nil).Status)
}

func statsOf(stats wire.MeetingStats, id string) wire.ParticipantStats {
	for _, p := range stats.Participants {
		if p.ParticipantID == id {
			return p
		}
	}
	return wire.ParticipantStats{}
}

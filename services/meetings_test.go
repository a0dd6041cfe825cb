package services_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func eachLesson(t *testing.T, test func(t *testing.T, l *lesson)) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) { test(t, newLesson(t, store)) })
}

func TestAnEmptyMeetingEndsAfterAMinute(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.clock.turn(59 * time.Second)
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		l.clock.turn(time.Hour)
		require.True(t, l.active(t), "somebody is there")
		l.meetings.Leave(t.Context(), ada)
		l.clock.turn(59 * time.Second)
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		l.meetings.Leave(t.Context(), ada)
		l.clock.turn(59 * time.Second)
		require.True(t, l.active(t), "the minute begins anew")
		l.pub.take()
		l.clock.turn(time.Second)
		require.False(t, l.active(t))
		require.Equal(t, wire.MeetingEnded{MeetingID: l.id, ChannelID: l.channelID, Reason: "empty"}, l.pub.last(t, wire.EventMeetingEnded))
		require.Equal(t, []string{l.id}, l.rooms.closed)
	})
}

func TestHowLongALostPlaceIsKept(t *testing.T) {
	cases := []struct {
		name     string
		end      services.SocketEnd
		media    []bool // what the SFU said before
		seenAgo  time.Duration
		keptFor  time.Duration
		leftWith string
	}{
		{"closed on purpose", services.SocketClosed, nil, 0, 0, "left"},
		{"broken before media", services.SocketBroke, nil, 0, 30 * time.Second, "lost"},
		{"broken, media lives", services.SocketBroke, []bool{true}, 0, 30 * time.Second, "lost"},
		{"broken, media dead", services.SocketBroke, []bool{true, false}, 0, 3 * time.Second, "lost"},
		{"silent, media dead", services.SocketSilent, []bool{true, false}, 12 * time.Second, 18 * time.Second, "lost"},
		{"silent for long", services.SocketSilent, nil, 31 * time.Second, 0, "lost"},
		{"the clock was set back since", services.SocketSilent, nil, -8 * time.Hour, 30 * time.Second, "lost"},
	}
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				l := newLesson(t, store)
				ada := newSeat()
				id := l.join(t, l.ada, ada, wire.MeetingJoin{}).ParticipantID
				for _, connected := range tc.media {
					l.rooms.peer(id).Media(connected)
				}
				l.pub.take()
				l.meetings.Closed(t.Context(), ada, tc.end, l.clock.Now().Add(-tc.seenAgo))
				if tc.keptFor > 0 {
					if len(tc.media) < 2 { // else it was shown as reconnecting already
						require.Equal(t, "reconnecting", l.pub.last(t, wire.EventParticipantUpdated).(wire.ParticipantChanged).Connection)
					}
					l.clock.turn(tc.keptFor - time.Millisecond)
					require.NotContains(t, l.pub.take(), wire.EventParticipantLeft)
					l.clock.turn(time.Millisecond)
				}
				l.clock.turn(0)
				require.Equal(t, wire.ParticipantLeft{MeetingID: l.id, ParticipantID: id, Reason: tc.leftWith}, l.pub.last(t, wire.EventParticipantLeft))
				require.Nil(t, l.rooms.peer(id))
				rows, err := l.meetings.Attendance(t.Context(), l.teacher, l.id)
				require.NoError(t, err)
				require.NotNil(t, rows.Items[0].Intervals[0].LeftAt)
			})
		}
	})
}

func TestMediaThatDiesAndLives(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		id := l.join(t, l.ada, ada, wire.MeetingJoin{}).ParticipantID
		sig := l.rooms.peer(id)
		l.pub.take()
		sig.Media(true)
		require.Empty(t, l.pub.take())
		sig.Media(false)
		require.Equal(t, "reconnecting", l.pub.last(t, wire.EventParticipantUpdated).(wire.ParticipantChanged).Connection)
		l.clock.turn(time.Hour)
		require.NotContains(t, l.pub.take(), wire.EventParticipantLeft, "the socket lives")
		sig.Media(true)
		require.Equal(t, "connected", l.pub.last(t, wire.EventParticipantUpdated).(wire.ParticipantChanged).Connection)
	})
}

func TestTakingOnesPlaceBack(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		old, fresh, stolen := newSeat(), newSeat(), newSeat()
		id := l.join(t, l.ada, old, wire.MeetingJoin{Muted: true}).ParticipantID
		oldSignals := l.rooms.peer(id)
		_, err := l.meetings.UpdateState(t.Context(), old, wire.MeetingStateUpdate{HandRaised: new(true), ScreenSharing: new(true)})
		require.NoError(t, err)
		l.pub.take()

		// The old socket is still thought alive.
		back := l.join(t, l.ada, fresh, wire.MeetingJoin{ParticipantID: id, VideoOn: true})
		require.Equal(t, id, back.ParticipantID)
		me := back.Participants[0]
		require.True(t, me.HandRaised)
		require.False(t, me.Muted)
		require.True(t, me.VideoOn)
		require.False(t, me.ScreenSharing, "new peers have no screen")
		require.Equal(t, []string{wire.EventParticipantUpdated}, l.pub.take())
		require.Empty(t, old.topics)
		require.True(t, fresh.topics[services.ParticipantTopic(id)])
		require.False(t, fresh.topics[services.MeetingTeachersTopic(l.id)])
		oldSignals.Offer("late")
		require.Empty(t, l.pub.take(), "the old peer has nothing to say any more")
		l.meetings.Closed(t.Context(), old, services.SocketClosed, l.clock.Now())
		require.Empty(t, l.pub.take(), "the old socket is nobody's")

		l.meetings.Closed(t.Context(), fresh, services.SocketBroke, l.clock.Now())
		l.clock.turn(29 * time.Second)
		l.join(t, l.ada, fresh, wire.MeetingJoin{ParticipantID: id})
		l.clock.turn(time.Hour)
		require.NotContains(t, l.pub.take(), wire.EventParticipantLeft)

		bob := l.join(t, l.bob, stolen, wire.MeetingJoin{ParticipantID: id})
		require.NotEqual(t, id, bob.ParticipantID, "another's place cannot be taken")
		rows, err := l.meetings.Attendance(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Len(t, rows.Items[0].Intervals, 1)
	})
}

func TestSignalsWaitForTheSnapshot(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		eager := &eagerRooms{l.rooms}
		l.meetings.Rooms = eager
		ada := newSeat()
		require.NoError(t, l.meetings.Join(t.Context(), l.ada, ada, wire.MeetingJoin{MeetingID: l.id}, func(wire.MeetingJoined, error) {
			require.NotContains(t, l.pub.take(), wire.EventMeetingOffer)
			require.True(t, ada.topics[services.MeetingTopic(l.id)])
		}))
		require.Equal(t, []string{wire.EventMeetingOffer}, l.pub.take())
	})
}

// eagerRooms offers before the join is answered.
type eagerRooms struct{ *roomBook }

func (r *eagerRooms) Join(_ context.Context, room, id string, out services.RoomSignals) error {
	err := r.roomBook.Join(context.Background(), room, id, out)
	out.Offer("v=0")
	return err
}

func TestWhatTheSFULetsThrough(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		id := l.join(t, l.ada, ada, wire.MeetingJoin{Muted: true, VideoOn: true}).ParticipantID
		want := func(microphone, camera, screen bool) {
			t.Helper()
			require.Equal(t, map[string]bool{"microphone": microphone, "camera": camera, "screen": screen, "screen_audio": screen}, l.rooms.allowed[id])
		}
		want(false, true, false)
		_, err := l.meetings.UpdateState(t.Context(), ada, wire.MeetingStateUpdate{Muted: new(false), VideoOn: new(false), ScreenSharing: new(true)})
		require.NoError(t, err)
		want(true, false, true)
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		require.NoError(t, l.meetings.Mute(t.Context(), l.teacher, l.teacherSeat, id))
		want(false, false, true)
		_, err = l.meetings.Settings(t.Context(), l.teacher, l.teacherSeat, wire.MeetingSettingsCommand{ScreenLocked: new(true)})
		require.NoError(t, err)
		want(false, false, false)

		l.rooms.peer(id).Tracks([]wire.Track{{MID: "0", ParticipantID: id, Source: "microphone"}})
		require.True(t, l.pub.last(t, wire.EventMeetingTracks).(wire.Tracks).Tracks[0].Muted)
	})
}

func TestSpeakersAreToldOnce(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		a := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).ParticipantID
		b := l.join(t, l.bob, newSeat(), wire.MeetingJoin{}).ParticipantID
		l.pub.take()
		for _, to := range []string{a, b, b, a} {
			l.rooms.peer(to).Speakers([]string{b})
		}
		require.Equal(t, []string{wire.EventMeetingSpeakers}, l.pub.take())
	})
}

func TestQualityIsToldToTheMeetingAndToWhoComesLater(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		seat := newSeat()
		a := l.join(t, l.ada, seat, wire.MeetingJoin{}).ParticipantID
		l.pub.take()
		l.rooms.peer(a).Quality("poor")
		poor := wire.MeetingQuality{MeetingID: l.id, Participants: []wire.ParticipantQuality{{ParticipantID: a, Quality: "poor"}}}
		require.Equal(t, poor, l.pub.last(t, wire.EventMeetingQuality))
		l.pub.take()
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		require.Equal(t, poor, l.pub.last(t, wire.EventMeetingQuality))
		l.join(t, l.ada, seat, wire.MeetingJoin{ParticipantID: a}) // new connections are good until they are not
		l.pub.take()
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		require.NotContains(t, l.pub.take(), wire.EventMeetingQuality)
	})
}

func TestCandidatesAreCounted(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.meetings.Rooms = &deafRooms{l.rooms}
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		for range 200 {
			require.NoError(t, l.meetings.Candidate(ada, "publisher", wire.Candidate{}))
		}
		requireKind(t, services.KindInvalid, l.meetings.Candidate(ada, "publisher", wire.Candidate{}))
		require.NoError(t, l.meetings.Candidate(ada, "subscriber", wire.Candidate{}))
		_, err := l.meetings.Offer(t.Context(), ada, "v=0")
		require.NoError(t, err)
		require.NoError(t, l.meetings.Candidate(ada, "publisher", wire.Candidate{}), "a new offer, new candidates")
	})
}

// deafRooms takes every description and candidate.
type deafRooms struct{ *roomBook }

func (*deafRooms) Offer(context.Context, string, string) (string, error) { return "v=0", nil }
func (*deafRooms) Candidate(string, string, wire.Candidate) error        { return nil }

func TestAMeetingSurvivesARestart(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		id := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).ParticipantID
		l.clock.turn(10 * time.Minute)
		l.clock.timers = nil // the program is killed
		l.restart(t)
		require.NotNil(t, l.interval(t, id).LeftAt)
		l.clock.turn(30 * time.Second)
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{ParticipantID: models.NewID()})
		l.clock.turn(time.Hour)
		require.True(t, l.active(t))

		l.meetings.Close(t.Context())
		require.Empty(t, l.clock.timers)
		l.restart(t)
		l.clock.turn(time.Minute)
		require.False(t, l.active(t), "nobody came back")
	})
}

// interval is what is stored of a participant.
func (l *lesson) interval(t *testing.T, id string) (row models.Attendance) {
	t.Helper()
	require.NoError(t, l.store.DB(t.Context()).First(&row, "id = ?", id).Error)
	return row
}

func TestEverybodyFindsTheirPlaceAgainAfterARestart(t *testing.T) {
	for name, stop := range map[string]func(t *testing.T, l *lesson){
		"stopped": func(t *testing.T, l *lesson) { l.meetings.Close(t.Context()) },
		"killed": func(t *testing.T, l *lesson) {
			l.clock.timers = nil
			l.meetings = nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachLesson(t, func(t *testing.T, l *lesson) {
				ada, _, adaID, bobID := inClass(t, l)
				l.settings(t, wire.MeetingSettingsCommand{MicrophonesLocked: new(true), Lobby: new(true)})
				raised := l.raise(t, ada, true)
				_, err := l.meetings.CallOn(t.Context(), l.teacher, l.teacherSeat, bobID)
				require.NoError(t, err)
				require.NoError(t, l.meetings.Spotlight(t.Context(), l.teacher, l.teacherSeat, adaID))
				l.clock.turn(10 * time.Minute)
				stop(t, l)
				l.clock.turn(5 * time.Second)
				l.restart(t)
				l.clock.turn(5 * time.Second)

				stolen := l.join(t, l.teacher, newSeat(), wire.MeetingJoin{ParticipantID: adaID})
				require.NotEqual(t, adaID, stolen.ParticipantID, "another's place cannot be taken")
				bob := l.join(t, l.bob, newSeat(), wire.MeetingJoin{ParticipantID: bobID})
				require.Equal(t, bobID, bob.ParticipantID)
				back := l.join(t, l.ada, newSeat(), wire.MeetingJoin{ParticipantID: adaID, Muted: true})
				require.Equal(t, adaID, back.ParticipantID)
				require.Equal(t, adaID, back.State.Spotlight)
				require.True(t, back.Settings.MicrophonesLocked)
				seen := map[string]wire.Participant{}
				for _, p := range back.Participants {
					seen[p.ParticipantID] = p
				}
				require.Equal(t, raised.HandRaisedAt, seen[adaID].HandRaisedAt)
				require.Equal(t, raised.JoinedAt, seen[adaID].JoinedAt)
				require.True(t, seen[bobID].MaySpeak)
				require.False(t, seen[bobID].Muted, "who has the word need not be muted")
				require.Nil(t, l.interval(t, adaID).LeftAt, "the attendance goes on")
			})
		})
	}
}

func TestAPlaceIsTakenUpOnceAfterARestart(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada, _, id, _ := inClass(t, l)
		l.raise(t, ada, true)
		l.restart(t)
		busy := &busyRooms{l.rooms}
		l.meetings.Rooms = busy
		back := newSeat()
		err := l.meetings.Join(t.Context(), l.ada, back, wire.MeetingJoin{MeetingID: l.id, ParticipantID: id}, func(wire.MeetingJoined, error) { t.Error("joined") })
		requireKind(t, services.KindUnavailable, err)
		require.NotNil(t, l.interval(t, id).LeftAt)
		l.meetings.Rooms = l.rooms
		joined := l.join(t, l.ada, back, wire.MeetingJoin{ParticipantID: id})
		require.Equal(t, id, joined.ParticipantID, "a try that failed does not lose it")
		require.True(t, joined.Participants[0].HandRaised)
		require.Nil(t, l.interval(t, id).LeftAt)

		l.meetings.Leave(t.Context(), back)
		again := l.join(t, l.ada, back, wire.MeetingJoin{ParticipantID: id})
		require.NotEqual(t, id, again.ParticipantID)
		require.False(t, again.Participants[0].HandRaised)
	})
}

// busyRooms has no room for anybody.
type busyRooms struct{ *roomBook }

func (*busyRooms) Join(context.Context, string, string, services.RoomSignals) error {
	return &services.Error{Kind: services.KindUnavailable, Message: "The server carries as many meetings as it can."}
}

func TestHowLongAPlaceIsKeptOverARestart(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		gone := newSeat()
		left := l.join(t, l.bob, gone, wire.MeetingJoin{}).ParticipantID
		l.meetings.Leave(t.Context(), gone)
		id := l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).ParticipantID
		l.clock.turn(3 * time.Minute)
		l.restart(t)
		require.NotEqual(t, left, l.join(t, l.bob, newSeat(), wire.MeetingJoin{ParticipantID: left}).ParticipantID, "it was given up long before")
		l.clock.turn(2 * time.Minute)
		require.NotEqual(t, id, l.join(t, l.ada, newSeat(), wire.MeetingJoin{ParticipantID: id}).ParticipantID)
		require.NotNil(t, l.interval(t, id).LeftAt)
	})
}

func TestAChannelDeletedEndsItsMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		l.meetings.ChannelDeleted(l.channelID)
		require.Empty(t, ada.topics)
		require.Equal(t, []string{l.id}, l.rooms.closed)
		_, _, err := l.meetings.Place(ada)
		requireKind(t, services.KindConflict, err)
	})
}

func TestTwoTeachersStartAtOnce(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		_, err := l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		ids := make(chan string, 8)
		for range cap(ids) {
			go func() {
				m, _, err := l.meetings.Start(t.Context(), l.teacher, l.channelID)
				if err != nil {
					ids <- err.Error()
					return
				}
				ids <- m.ID
			}()
		}
		first := <-ids
		for range cap(ids) - 1 {
			require.Equal(t, first, <-ids)
		}
	})
}

package services_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// meanwhile lets something happen once, while a join reads the user's profile.
type meanwhile struct {
	*heard
	happen func()
}

func (m *meanwhile) Presence(string) string {
	if happen := m.happen; happen != nil {
		m.happen = nil
		happen()
	}
	return "online"
}

func (l *lesson) member(t *testing.T, who services.Actor) *gorm.DB {
	return l.store.DB(t.Context()).Model(&models.Member{}).Where("channel_id = ? AND user_id = ?", l.channelID, who.UserID)
}

func TestWhoIsRemovedWhileJoiningStaysOut(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.meetings.Publisher = &meanwhile{l.pub, func() {
			require.NoError(t, l.member(t, l.ada).Delete(nil).Error)
			l.meetings.MemberLeft(l.channelID, l.ada.UserID)
		}}
		ada := newSeat()
		err := l.meetings.Join(t.Context(), l.ada, ada, wire.MeetingJoin{MeetingID: l.id}, func(wire.MeetingJoined, error) { t.Error("joined") })
		requireKind(t, services.KindNotFound, err)
		require.Empty(t, ada.topics)
		require.Empty(t, l.rooms.peers)
		require.Empty(t, l.pub.take())
	})
}

func TestWhoIsDemotedWhileJoiningIsAStudent(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		require.NoError(t, l.member(t, l.ada).Update("role", models.RoleAssistant).Error)
		l.meetings.Publisher = &meanwhile{l.pub, func() {
			require.NoError(t, l.member(t, l.ada).Update("role", models.RoleStudent).Error)
			l.meetings.RoleChanged(l.channelID, l.ada.UserID, models.RoleStudent)
		}}
		ada := newSeat()
		joined := l.join(t, l.ada, ada, wire.MeetingJoin{})
		require.Equal(t, models.RoleStudent, joined.Participants[0].Role)
		require.NotContains(t, ada.topics, services.MeetingTeachersTopic(l.id))
	})
}

func TestOnesOwnLostPlaceDoesNotFillTheMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		crashed := newSeat()
		id := l.join(t, l.ada, crashed, wire.MeetingJoin{}).ParticipantID
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.meetings.Closed(t.Context(), crashed, services.SocketBroke, l.clock.Now())
		second := func(who services.Actor) error {
			return l.meetings.Join(t.Context(), who, newSeat(), wire.MeetingJoin{MeetingID: l.id}, func(wire.MeetingJoined, error) {})
		}
		requireKind(t, services.KindRoomFull, second(l.bob))
		require.Equal(t, id, l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).ParticipantID)
		requireKind(t, services.KindRoomFull, second(l.ada))
	})
}

func TestAMeetingWhoseRowIsGoneIsForgotten(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		require.NoError(t, l.store.DeleteChannel(t.Context(), l.channelID))
		l.clock.turn(time.Minute)
		require.Equal(t, []string{l.id}, l.rooms.closed)
		require.Empty(t, l.pub.take(), "there is nobody to tell")
		require.Empty(t, l.clock.timers)
	})
}

func TestSettingsThatCannotBeStoredDoNotCount(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		ada := newSeat()
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		l.pub.take()
		require.NoError(t, l.store.DB(t.Context()).Callback().Update().Before("gorm:update").Register("full",
			func(db *gorm.DB) { _ = db.AddError(errors.New("the disk is full")) }))
		_, err := l.meetings.Settings(t.Context(), l.teacher, l.teacherSeat, wire.MeetingSettingsCommand{MicrophonesLocked: new(true)})
		require.Error(t, err)
		require.Empty(t, l.pub.take())
		shown, err := l.meetings.UpdateState(t.Context(), ada, wire.MeetingStateUpdate{Muted: new(false)})
		require.NoError(t, err)
		require.False(t, shown.Muted)
		require.NoError(t, l.store.DB(t.Context()).Callback().Update().Remove("full"))
	})
}

func TestAChannelThatCannotBeDeletedKeepsItsMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		audit := services.NewAudit(l.store, l.clock, testenv.Log(t))
		channels := services.NewChannels(l.store, l.pub, l.meetings, audit, roomy, l.clock)
		ada := newSeat()
		l.join(t, l.ada, ada, wire.MeetingJoin{})
		require.NoError(t, l.store.DB(t.Context()).Callback().Delete().Before("gorm:delete").Register("full",
			func(db *gorm.DB) { _ = db.AddError(errors.New("the disk is full")) }))
		require.Error(t, channels.Delete(t.Context(), l.teacher, l.channelID))
		_, _, err := l.meetings.Place(ada)
		require.NoError(t, err)

		require.NoError(t, l.store.DB(t.Context()).Callback().Delete().Remove("full"))
		require.NoError(t, channels.Delete(t.Context(), l.teacher, l.channelID))
		require.Empty(t, ada.topics)
		require.Equal(t, []string{l.id}, l.rooms.closed)
	})
}

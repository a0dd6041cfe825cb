package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// wasThere keeps that somebody was in the lesson, in seconds after its start; to is negative for who is still there.
func (l *lesson) wasThere(t *testing.T, who services.Actor, start time.Time, from, to int) {
	t.Helper()
	a := &models.Attendance{ID: models.NewID(), MeetingID: l.id, UserID: who.UserID, JoinedAt: start.Add(time.Duration(from) * time.Second)}
	if to >= 0 {
		a.LeftAt = new(start.Add(time.Duration(to) * time.Second))
	}
	require.NoError(t, l.store.AddAttendance(t.Context(), a))
}

func TestShortGapsAreNone(t *testing.T) {
	type spans [][2]int
	for name, tc := range map[string]struct {
		kept, shown spans
		seconds     int
	}{
		"one stay":                 {spans{{0, 100}}, spans{{0, 100}}, 100},
		"a gap of a minute":        {spans{{0, 100}, {160, 200}}, spans{{0, 200}}, 200},
		"a longer one":             {spans{{0, 100}, {161, 200}}, spans{{0, 100}, {161, 200}}, 139},
		"two windows":              {spans{{0, 100}, {50, 80}}, spans{{0, 100}}, 100},
		"a window within, then on": {spans{{0, 100}, {50, 120}, {130, -1}}, spans{{0, -1}}, 600},
		"still there, and before":  {spans{{0, -1}, {10, 20}}, spans{{0, -1}}, 600},
		"a restart in between":     {spans{{0, 0}, {30, 90}}, spans{{0, 90}}, 90},
	} {
		t.Run(name, func(t *testing.T) {
			eachLesson(t, func(t *testing.T, l *lesson) {
				start := l.clock.Now()
				for _, s := range tc.kept {
					l.wasThere(t, l.ada, start, s[0], s[1])
				}
				l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
				l.clock.turn(10 * time.Minute)
				list, err := l.meetings.Attendance(t.Context(), l.teacher, l.id)
				require.NoError(t, err)
				require.Equal(t, 600, list.HeldSeconds)
				row := list.Items[0]
				require.Equal(t, tc.seconds, row.Seconds)
				shown := spans{}
				for _, iv := range row.Intervals {
					s := [2]int{int(time.Time(iv.JoinedAt).Sub(start).Seconds()), -1}
					if iv.LeftAt != nil {
						s[1] = int(time.Time(*iv.LeftAt).Sub(start).Seconds())
					}
					shown = append(shown, s)
				}
				require.Equal(t, tc.shown, shown)
				own, err := l.meetings.OwnAttendance(t.Context(), l.ada, l.id)
				require.NoError(t, err)
				require.Equal(t, row, *own)
			})
		})
	}
}

func TestOwnAttendance(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		row, err := l.meetings.OwnAttendance(t.Context(), l.bob, l.id)
		require.NoError(t, err)
		require.Empty(t, row.Intervals)
		require.Zero(t, row.Seconds)
		_, err = l.meetings.OwnAttendance(t.Context(), register(t, l.store, "Stranger"), l.id)
		requireKind(t, services.KindNotFound, err)
		_, err = l.meetings.Attendance(t.Context(), l.ada, l.id)
		requireKind(t, services.KindForbidden, err)
	})
}

func TestNamesAreNoFormulasInATable(t *testing.T) {
	at := wire.At(time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC))
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(1)", "＝1+1", "＋1", "－1", "＠SUM(1)"} { // a spreadsheet in Chinese takes the wide ones too
		list := &wire.Attendance{Items: []wire.AttendanceRow{{User: wire.Profile{Name: name}, Intervals: []wire.AttendanceInterval{{JoinedAt: at}}}}}
		require.Equal(t, "'"+name, services.AttendanceRecords(list, "en", time.UTC)[1][0])
	}
}

func TestTheTableOfAttendance(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		require.NoError(t, l.store.UpdateUser(t.Context(), l.ada.UserID, map[string]any{"name": "=1+1", "student_number": "B10901001"}))
		start := l.clock.Now()
		l.wasThere(t, l.ada, start, 0, 600)
		l.wasThere(t, l.ada, start, 900, 1200)
		l.wasThere(t, l.bob, start, 60, -1)
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.clock.turn(30 * time.Minute)
		list, err := l.meetings.Attendance(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		taipei, err := time.LoadLocation("Asia/Taipei")
		require.NoError(t, err)
		lines := services.AttendanceRecords(list, "zh-TW", taipei)
		require.Equal(t, []string{"姓名", "學號", "首次進入", "最後離開", "在場分鐘", "上課分鐘", "出席率（%）", "在場時段"}, lines[0])
		require.Contains(t, lines, []string{"'=1+1", "B10901001", "2026-09-01 16:00:00", "2026-09-01 16:20:00", "15.0", "30.0", "50", "16:00:00–16:10:00, 16:15:00–16:20:00"})
		require.Contains(t, lines, []string{"Bob", "", "2026-09-01 16:01:00", "", "29.0", "30.0", "97", "16:01:00–"})
		require.Equal(t, "Name", services.AttendanceRecords(list, "en", time.UTC)[0][0])

		require.NoError(t, l.store.EraseUser(t.Context(), l.bob.UserID, l.clock.Now()))
		list, err = l.meetings.Attendance(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Contains(t, services.AttendanceRecords(list, "zh-TW", taipei), []string{"已刪除的使用者", "", "2026-09-01 16:01:00", "", "29.0", "30.0", "97", "16:01:00–"})
	})
}

func TestPastMeetings(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		l.join(t, l.bob, newSeat(), wire.MeetingJoin{})
		_, err := l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		second, _, err := l.meetings.Start(t.Context(), l.teacher, l.channelID)
		require.NoError(t, err)
		page, err := l.meetings.List(t.Context(), l.ada, l.channelID, models.Page{Limit: 1})
		require.NoError(t, err)
		require.Equal(t, second.ID, page.Items[0].ID)
		require.Equal(t, 0, page.Items[0].ParticipantCount)
		page, err = l.meetings.List(t.Context(), l.ada, l.channelID, models.Page{Limit: 1, Before: *page.NextCursor})
		require.NoError(t, err)
		require.Equal(t, l.id, page.Items[0].ID)
		require.Equal(t, 2, page.Items[0].ParticipantCount, "different people")
		require.NotNil(t, page.Items[0].EndedAt)
		require.Nil(t, page.NextCursor)
		_, err = l.meetings.List(t.Context(), register(t, l.store, "Stranger"), l.channelID, models.Page{Limit: 1})
		requireKind(t, services.KindNotFound, err)
	})
}

package services

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lectern/internal/wire"
	"lectern/models"
)

// sameStay is how long somebody may be gone without having left: bad networks do that.
const sameStay = 60 * time.Second

// Attendance tells who was in a meeting and when, in the order of first joining. For teachers.
func (s *Meetings) Attendance(ctx context.Context, actor Actor, meetingID string) (*wire.Attendance, error) {
	meeting, _, err := visibleMeeting(ctx, s.Store, actor, meetingID, ActionReview)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.Attendances(ctx, meeting.ID)
	if err != nil {
		return nil, err
	}
	shown, err := s.show(ctx, meeting)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	out := &wire.Attendance{Meeting: *shown, HeldSeconds: seconds(span{meeting.StartedAt, meeting.EndedAt}.length(now))}
	out.Items, err = s.attendanceRows(ctx, rows, now)
	return out, err
}

// OwnAttendance tells when the actor was in a meeting of a channel of theirs.
func (s *Meetings) OwnAttendance(ctx context.Context, actor Actor, meetingID string) (*wire.AttendanceRow, error) {
	meeting, _, err := visibleMeeting(ctx, s.Store, actor, meetingID, ActionRead)
	if err != nil {
		return nil, err
	}
	user, err := s.Store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.AttendancesOf(ctx, actor.UserID, meeting.ID)
	if err != nil {
		return nil, err
	}
	row := s.attendanceRow(*user, rows, s.Clock.Now())
	return &row, nil
}

// List gives a page of a channel's meetings, the newest first.
func (s *Meetings) List(ctx context.Context, actor Actor, channelID string, page models.Page) (*wire.List[wire.Meeting], error) {
	if _, err := Authorize(ctx, s.Store, actor, channelID, ActionRead); err != nil {
		return nil, err
	}
	rows, next, err := s.Store.Meetings(ctx, channelID, page)
	if err != nil {
		return nil, err
	}
	items, err := s.showAll(ctx, rows...)
	return &wire.List[wire.Meeting]{Items: items, NextCursor: next}, err
}

// attendanceRows gathers intervals, given in the order of joining, by user.
func (s *Meetings) attendanceRows(ctx context.Context, intervals []models.Attendance, now time.Time) ([]wire.AttendanceRow, error) {
	ids := []string{}
	byUser := map[string][]models.Attendance{}
	for _, a := range intervals {
		if byUser[a.UserID] == nil {
			ids = append(ids, a.UserID)
		}
		byUser[a.UserID] = append(byUser[a.UserID], a)
	}
	users, err := s.Store.Users(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]wire.AttendanceRow, len(ids))
	for i, id := range ids {
		rows[i] = s.attendanceRow(users[id], byUser[id], now)
	}
	return rows, nil
}

func (s *Meetings) attendanceRow(user models.User, intervals []models.Attendance, now time.Time) wire.AttendanceRow {
	row := wire.AttendanceRow{User: profile(user, s.Publisher), StudentNumber: user.StudentNumber, Intervals: []wire.AttendanceInterval{}}
	var total time.Duration
	for _, sp := range stays(intervals) {
		row.Intervals = append(row.Intervals, wire.AttendanceInterval{JoinedAt: wire.At(sp.from), LeftAt: wire.AtPtr(sp.to)})
		total += sp.length(now)
	}
	row.Seconds = seconds(total)
	return row
}

// span is a stretch of time; to is nil while it lasts.
type span struct {
	from time.Time
	to   *time.Time
}

func (sp span) length(now time.Time) time.Duration {
	if sp.to != nil {
		now = *sp.to
	}
	return max(0, now.Sub(sp.from))
}

func seconds(d time.Duration) int { return int(d.Seconds()) }

// stays joins a user's intervals that overlap, as two windows do, or lie at most sameStay apart.
func stays(intervals []models.Attendance) (all []span) {
	intervals = slices.Clone(intervals)
	slices.SortStableFunc(intervals, func(a, b models.Attendance) int { return a.JoinedAt.Compare(b.JoinedAt) })
	for _, a := range intervals {
		if len(all) == 0 {
			all = append(all, span{a.JoinedAt, a.LeftAt})
			continue
		}
		last := &all[len(all)-1]
		switch {
		case last.to == nil:
		case a.JoinedAt.Sub(*last.to) > sameStay:
			all = append(all, span{a.JoinedAt, a.LeftAt})
		case a.LeftAt == nil || a.LeftAt.After(*last.to):
			last.to = a.LeftAt
		}
	}
	return all
}

// attendanceHeadings are the first line of the table, by language.
var attendanceHeadings = map[string][]string{
	"zh-TW": {"姓名", "學號", "首次進入", "最後離開", "在場分鐘", "上課分鐘", "出席率（%）", "在場時段"},
	"en":    {"Name", "Student number", "First joined", "Last left", "Minutes present", "Minutes held", "Present (%)", "Times present"},
}

// deletedName stands for the name of an account that was deleted, by language.
var deletedName = map[string]string{"zh-TW": "已刪除的使用者", "en": "Deleted user"}

// nameOf is what a table calls somebody.
func nameOf(user wire.Profile, locale string) string {
	if user.Deleted {
		return inLanguage(deletedName, locale)
	}
	return user.Name
}

// AttendanceRecords is attendance as lines of a table, one per person, with times as in a zone.
func AttendanceRecords(a *wire.Attendance, locale string, zone *time.Location) [][]string {
	records := [][]string{inLanguage(attendanceHeadings, locale)}
	at := func(t *wire.Time, layout string) string {
		if t == nil {
			return ""
		}
		return time.Time(*t).In(zone).Format(layout)
	}
	for _, row := range a.Items {
		first, last := row.Intervals[0], row.Intervals[len(row.Intervals)-1]
		times := make([]string, len(row.Intervals))
		for i, iv := range row.Intervals {
			times[i] = at(&iv.JoinedAt, time.TimeOnly) + "–" + at(iv.LeftAt, time.TimeOnly)
		}
		records = append(records, []string{plainCell(nameOf(row.User, locale)), plainCell(row.StudentNumber), at(&first.JoinedAt, time.DateTime), at(last.LeftAt, time.DateTime),
			minutes(row.Seconds), minutes(a.HeldSeconds), share(row.Seconds, a.HeldSeconds), strings.Join(times, ", ")})
	}
	return records
}

// plainCell is a text that a spreadsheet does not take for a formula: that gets an apostrophe in front. The wide signs are formulas to
// a spreadsheet in Chinese or Japanese.
func plainCell(text string) string {
	if first, _ := utf8.DecodeRuneInString(text); text != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", first) {
		return "'" + text
	}
	return text
}

func minutes(seconds int) string { return fmt.Sprintf("%.1f", float64(seconds)/60) }

// share is how much of a whole a part is, in per cent.
func share(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return strconv.Itoa((100*part + whole/2) / whole)
}

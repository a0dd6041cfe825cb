package services

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"lectern/internal/wire"
)

// Attendance lists who was in a meeting and when, in the order of first joining. For teachers.
func (s *Meetings) Attendance(ctx context.Context, actor Actor, meetingID string) ([]wire.AttendanceRow, error) {
	meeting, _, err := visibleMeeting(ctx, s.Store, actor, meetingID, ActionReview)
	if err != nil {
		return nil, err
	}
	intervals, err := s.Store.Attendances(ctx, meeting.ID)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	byUser := map[string][]span{}
	for _, a := range intervals {
		if byUser[a.UserID] == nil {
			ids = append(ids, a.UserID)
		}
		byUser[a.UserID] = append(byUser[a.UserID], span{a.JoinedAt, a.LeftAt})
	}
	users, err := s.Store.Users(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]wire.AttendanceRow, 0, len(ids))
	for _, id := range ids {
		row := wire.AttendanceRow{User: profile(users[id], s.Publisher), Intervals: []wire.AttendanceInterval{}}
		for _, iv := range byUser[id] {
			row.Intervals = append(row.Intervals, wire.AttendanceInterval{JoinedAt: wire.At(iv.from), LeftAt: wire.AtPtr(iv.to)})
		}
		row.Seconds = int(present(byUser[id], s.Clock.Now()).Seconds())
		rows = append(rows, row)
	}
	return rows, nil
}

// span is when one window was in the meeting; to is nil while it still is.
type span struct {
	from time.Time
	to   *time.Time
}

// present is how long a user was there in all; two windows at the same time count once.
func present(spans []span, now time.Time) (total time.Duration) {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
	var counted time.Time
	for _, sp := range spans {
		to := now
		if sp.to != nil {
			to = *sp.to
		}
		from := sp.from
		if from.Before(counted) {
			from = counted
		}
		if to.After(from) {
			total += to.Sub(from)
			counted = to
		}
	}
	return total
}

// AttendanceRecords is the same as lines of a table: name, joined, left, seconds present in all. A name that a spreadsheet would
// take for a formula gets an apostrophe in front.
func AttendanceRecords(rows []wire.AttendanceRow) [][]string {
	const layout = "2006-01-02 15:04:05"
	records := [][]string{{"name", "joined_at_utc", "left_at_utc", "seconds_in_all"}}
	for _, row := range rows {
		name := row.User.Name
		if strings.ContainsAny(name[:min(1, len(name))], "=+-@\t\r") {
			name = "'" + name
		}
		for _, iv := range row.Intervals {
			left := ""
			if iv.LeftAt != nil {
				left = time.Time(*iv.LeftAt).UTC().Format(layout)
			}
			records = append(records, []string{name, time.Time(iv.JoinedAt).UTC().Format(layout), left, strconv.Itoa(row.Seconds)})
		}
	}
	return records
}

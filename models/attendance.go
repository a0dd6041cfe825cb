package models

import "context"

// Meetings lists a page of a channel's meetings, the newest first unless the page says otherwise.
func (s *Store) Meetings(ctx context.Context, channelID string, page Page) ([]Meeting, *string, error) {
	var rows []Meeting
	err := s.DB(ctx).Scopes(page.In("channel_id", channelID, true)).Find(&rows).Error
	rows, next := Cut(page, rows, func(m Meeting) string { return m.ID })
	return rows, next, err
}

// MeetingsByID finds meetings; ids that do not exist are missing from the answer.
func (s *Store) MeetingsByID(ctx context.Context, ids []string) (map[string]Meeting, error) {
	var rows []Meeting
	err := s.DB(ctx).Find(&rows, "id IN ?", ids).Error
	byID := make(map[string]Meeting, len(rows))
	for _, m := range rows {
		byID[m.ID] = m
	}
	return byID, err
}

// Attendees counts the different users who were in each of some meetings; a meeting that nobody was in is missing.
func (s *Store) Attendees(ctx context.Context, meetingIDs ...string) (map[string]int, error) {
	if len(meetingIDs) == 0 {
		return nil, nil
	}
	var rows []struct {
		MeetingID string
		N         int
	}
	err := s.DB(ctx).Model(&Attendance{}).Select("meeting_id, count(DISTINCT user_id) AS n").Where("meeting_id IN ?", meetingIDs).
		Group("meeting_id").Find(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.MeetingID] = r.N
	}
	return counts, err
}

// AttendancesOf lists when a user was in meetings, oldest first: in one, or in all when meetingID is empty.
func (s *Store) AttendancesOf(ctx context.Context, userID, meetingID string) ([]Attendance, error) {
	var rows []Attendance
	db := s.DB(ctx).Order("joined_at, id").Where("user_id = ?", userID)
	if meetingID != "" {
		db = db.Where("meeting_id = ?", meetingID)
	}
	return rows, db.Find(&rows).Error
}

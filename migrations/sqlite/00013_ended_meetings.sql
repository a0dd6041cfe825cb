-- +goose Up
-- Who came, and what was asked, in the moment in which a meeting ended stayed open for good.
UPDATE attendances SET left_at = (SELECT ended_at FROM meetings WHERE meetings.id = attendances.meeting_id)
WHERE left_at IS NULL AND meeting_id IN (SELECT id FROM meetings WHERE ended_at IS NOT NULL);
UPDATE polls SET closed_at = (SELECT ended_at FROM meetings WHERE meetings.id = polls.meeting_id)
WHERE closed_at IS NULL AND meeting_id IN (SELECT id FROM meetings WHERE ended_at IS NOT NULL);

-- +goose Down
-- What was closed stays closed.

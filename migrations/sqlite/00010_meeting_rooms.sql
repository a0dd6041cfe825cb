-- +goose Up
ALTER TABLE meetings ADD COLUMN state TEXT NOT NULL DEFAULT '{}';
CREATE INDEX meetings_channel ON meetings (channel_id, id);
ALTER TABLE channels ADD COLUMN meeting_memory TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN student_number TEXT NOT NULL DEFAULT '';

CREATE TABLE polls (
    id TEXT PRIMARY KEY,
    meeting_id TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES users (id),
    question TEXT NOT NULL,
    options TEXT NOT NULL,
    multiple BOOLEAN NOT NULL,
    anonymous BOOLEAN NOT NULL,
    live BOOLEAN NOT NULL,
    counts TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    closed_at DATETIME
);
CREATE INDEX polls_meeting ON polls (meeting_id, id);

-- Of an anonymous poll only that somebody has voted: choices is empty.
CREATE TABLE poll_votes (
    poll_id TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    choices TEXT NOT NULL,
    at DATETIME NOT NULL,
    PRIMARY KEY (poll_id, user_id)
);

-- +goose Down
DROP TABLE poll_votes;
DROP TABLE polls;
ALTER TABLE users DROP COLUMN student_number;
ALTER TABLE channels DROP COLUMN meeting_memory;
DROP INDEX meetings_channel;
ALTER TABLE meetings DROP COLUMN state;

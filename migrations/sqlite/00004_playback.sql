-- +goose Up
ALTER TABLE playbacks ADD COLUMN entry_id TEXT NOT NULL DEFAULT '';
ALTER TABLE playbacks ADD COLUMN until REAL;
ALTER TABLE playbacks ADD COLUMN start_by REAL;
ALTER TABLE playbacks ADD COLUMN free_browsing BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE playbacks ADD COLUMN remote TEXT NOT NULL DEFAULT '';
ALTER TABLE playbacks ADD COLUMN room_sound TEXT NOT NULL DEFAULT '';

CREATE TABLE playlists (
    channel_id TEXT PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
    v BIGINT NOT NULL,
    current_id TEXT NOT NULL,
    auto_next BOOLEAN NOT NULL
);

CREATE TABLE playlist_entries (
    id TEXT PRIMARY KEY,
    channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    item TEXT NOT NULL,
    file_id TEXT REFERENCES files (id),
    problem TEXT NOT NULL
);
CREATE INDEX playlist_entries_channel ON playlist_entries (channel_id, position);
CREATE INDEX playlist_entries_file ON playlist_entries (file_id);

CREATE TABLE playlist_commands (
    channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (channel_id, id)
);
CREATE INDEX playlist_commands_created ON playlist_commands (created_at);

CREATE TABLE markers (
    id TEXT PRIMARY KEY,
    channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    item_key TEXT NOT NULL,
    t REAL NOT NULL,
    question TEXT NOT NULL,
    choices TEXT NOT NULL
);
CREATE UNIQUE INDEX markers_place ON markers (channel_id, item_key, t);

CREATE TABLE questions (
    id TEXT PRIMARY KEY,
    meeting_id TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    marker_id TEXT NOT NULL,
    item_key TEXT NOT NULL,
    t REAL NOT NULL,
    question TEXT NOT NULL,
    choices TEXT NOT NULL,
    asked_at DATETIME NOT NULL,
    closed_at DATETIME
);
CREATE INDEX questions_meeting ON questions (meeting_id, id);

CREATE TABLE answers (
    question_id TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    choice INTEGER,
    text TEXT NOT NULL,
    at DATETIME NOT NULL,
    PRIMARY KEY (question_id, user_id)
);

-- Nobody's name stands here, and none may come: the taps are anonymous.
CREATE TABLE lost_taps (
    meeting_id TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    item_key TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (meeting_id, item_key, bucket)
);

ALTER TABLE posts ADD COLUMN meeting_id TEXT;
CREATE UNIQUE INDEX posts_meeting ON posts (meeting_id);
ALTER TABLE comments ADD COLUMN moment_key TEXT;
ALTER TABLE comments ADD COLUMN moment_t REAL;

-- +goose Down
ALTER TABLE comments DROP COLUMN moment_t;
ALTER TABLE comments DROP COLUMN moment_key;
DROP INDEX posts_meeting;
ALTER TABLE posts DROP COLUMN meeting_id;
DROP TABLE lost_taps;
DROP TABLE answers;
DROP TABLE questions;
DROP TABLE markers;
DROP TABLE playlist_commands;
DROP TABLE playlist_entries;
DROP TABLE playlists;
ALTER TABLE playbacks DROP COLUMN room_sound;
ALTER TABLE playbacks DROP COLUMN remote;
ALTER TABLE playbacks DROP COLUMN free_browsing;
ALTER TABLE playbacks DROP COLUMN start_by;
ALTER TABLE playbacks DROP COLUMN until;
ALTER TABLE playbacks DROP COLUMN entry_id;

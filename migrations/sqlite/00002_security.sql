-- +goose Up
ALTER TABLE users ADD COLUMN disabled_at DATETIME;

ALTER TABLE playbacks ADD COLUMN file_id TEXT;
UPDATE playbacks SET file_id = json_extract(item, '$.file_id') WHERE item <> '';
CREATE INDEX playbacks_file ON playbacks (file_id);

CREATE INDEX users_avatar ON users (avatar_file_id);
CREATE INDEX files_created ON files (created_at);

CREATE TABLE audit_events (
    id TEXT PRIMARY KEY,
    at DATETIME NOT NULL,
    actor_id TEXT,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    ip TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_events_actor ON audit_events (actor_id, id);
CREATE INDEX audit_events_action ON audit_events (action, id);

-- +goose Down
DROP TABLE audit_events;
DROP INDEX files_created;
DROP INDEX users_avatar;
DROP INDEX playbacks_file;
ALTER TABLE playbacks DROP COLUMN file_id;
ALTER TABLE users DROP COLUMN disabled_at;

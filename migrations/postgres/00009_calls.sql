-- +goose Up
CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    caller_id TEXT NOT NULL REFERENCES users (id),
    callee_id TEXT NOT NULL REFERENCES users (id),
    media TEXT NOT NULL CHECK (media IN ('audio', 'video')),
    client_id TEXT,
    caller_session TEXT NOT NULL,
    callee_session TEXT NOT NULL,
    reason TEXT NOT NULL,
    missed BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX calls_client ON calls (caller_id, client_id);
CREATE INDEX calls_caller ON calls (caller_id, id);
CREATE INDEX calls_callee ON calls (callee_id, id);
CREATE INDEX calls_missed ON calls (callee_id, id) WHERE missed;
CREATE INDEX calls_open ON calls (id) WHERE ended_at IS NULL;

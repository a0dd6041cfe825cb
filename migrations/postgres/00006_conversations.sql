-- +goose Up
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    first_id TEXT NOT NULL REFERENCES users (id), -- of the two, the one whose id sorts first
    second_id TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX conversations_pair ON conversations (first_id, second_id);
CREATE INDEX conversations_second ON conversations (second_id);

CREATE TABLE conversation_members (
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    last_read_id TEXT,
    last_delivered_id TEXT,
    muted BOOLEAN NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX conversation_members_user ON conversation_members (user_id);

-- A deleted message keeps its row without what it said, so that its client_id is used up for ever.
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES users (id),
    body TEXT NOT NULL,
    reply_to_id TEXT,
    call_id TEXT,
    client_id TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    edited_at TIMESTAMPTZ,
    deleted_at TIMESTAMPTZ
);
CREATE INDEX messages_conversation ON messages (conversation_id, id);
CREATE UNIQUE INDEX messages_client ON messages (author_id, client_id);
CREATE UNIQUE INDEX messages_call ON messages (call_id);

-- Each scope numbers its changes; room is left on the pages for the one column that always changes.
CREATE TABLE scopes (
    scope TEXT PRIMARY KEY,
    seq BIGINT NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE changes (
    scope TEXT NOT NULL REFERENCES scopes (scope) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    type TEXT NOT NULL,
    entity_kind TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (scope, seq)
);
CREATE INDEX changes_at ON changes (at);

ALTER TABLE reactions DROP CONSTRAINT reactions_entry_kind_check;
ALTER TABLE reactions ADD CONSTRAINT reactions_entry_kind_check CHECK (entry_kind IN ('post', 'comment', 'message'));

ALTER TABLE attachments DROP CONSTRAINT attachments_entry_kind_check;
ALTER TABLE attachments ADD CONSTRAINT attachments_entry_kind_check CHECK (entry_kind IN ('post', 'comment', 'message'));
ALTER TABLE attachments ALTER COLUMN channel_id DROP NOT NULL;
ALTER TABLE attachments ADD COLUMN conversation_id TEXT REFERENCES conversations (id) ON DELETE CASCADE;

-- +goose Down
DELETE FROM attachments WHERE entry_kind = 'message';
DELETE FROM reactions WHERE entry_kind = 'message';
ALTER TABLE attachments DROP COLUMN conversation_id;
ALTER TABLE attachments ALTER COLUMN channel_id SET NOT NULL;
ALTER TABLE attachments DROP CONSTRAINT attachments_entry_kind_check;
ALTER TABLE attachments ADD CONSTRAINT attachments_entry_kind_check CHECK (entry_kind IN ('post', 'comment'));
ALTER TABLE reactions DROP CONSTRAINT reactions_entry_kind_check;
ALTER TABLE reactions ADD CONSTRAINT reactions_entry_kind_check CHECK (entry_kind IN ('post', 'comment'));
DROP TABLE changes;
DROP TABLE scopes;
DROP TABLE messages;
DROP TABLE conversation_members;
DROP TABLE conversations;

-- +goose Up
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    first_id TEXT NOT NULL REFERENCES users (id), -- of the two, the one whose id sorts first
    second_id TEXT NOT NULL REFERENCES users (id),
    created_at DATETIME NOT NULL
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
    created_at DATETIME NOT NULL,
    edited_at DATETIME,
    deleted_at DATETIME
);
CREATE INDEX messages_conversation ON messages (conversation_id, id);
CREATE UNIQUE INDEX messages_client ON messages (author_id, client_id);
CREATE UNIQUE INDEX messages_call ON messages (call_id);

CREATE TABLE scopes (
    scope TEXT PRIMARY KEY,
    seq BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE changes (
    scope TEXT NOT NULL REFERENCES scopes (scope) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    type TEXT NOT NULL,
    entity_kind TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    at DATETIME NOT NULL,
    PRIMARY KEY (scope, seq)
) WITHOUT ROWID;
CREATE INDEX changes_at ON changes (at);

CREATE TABLE new_reactions (
    entry_kind TEXT NOT NULL CHECK (entry_kind IN ('post', 'comment', 'message')),
    entry_id TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    emoji TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (entry_kind, entry_id, user_id, emoji)
);
INSERT INTO new_reactions SELECT entry_kind, entry_id, user_id, emoji, created_at FROM reactions;
DROP TABLE reactions;
ALTER TABLE new_reactions RENAME TO reactions;

CREATE TABLE new_attachments (
    entry_kind TEXT NOT NULL CHECK (entry_kind IN ('post', 'comment', 'message')),
    entry_id TEXT NOT NULL,
    file_id TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    channel_id TEXT REFERENCES channels (id) ON DELETE CASCADE,
    conversation_id TEXT REFERENCES conversations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (entry_kind, entry_id, file_id)
);
INSERT INTO new_attachments (entry_kind, entry_id, file_id, channel_id, position)
    SELECT entry_kind, entry_id, file_id, channel_id, position FROM attachments;
DROP TABLE attachments;
ALTER TABLE new_attachments RENAME TO attachments;
CREATE INDEX attachments_file ON attachments (file_id);

-- +goose Down
CREATE TABLE new_attachments (
    entry_kind TEXT NOT NULL CHECK (entry_kind IN ('post', 'comment')),
    entry_id TEXT NOT NULL,
    file_id TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (entry_kind, entry_id, file_id)
);
INSERT INTO new_attachments SELECT entry_kind, entry_id, file_id, channel_id, position FROM attachments WHERE entry_kind <> 'message';
DROP TABLE attachments;
ALTER TABLE new_attachments RENAME TO attachments;
CREATE INDEX attachments_file ON attachments (file_id);

CREATE TABLE new_reactions (
    entry_kind TEXT NOT NULL CHECK (entry_kind IN ('post', 'comment')),
    entry_id TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    emoji TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (entry_kind, entry_id, user_id, emoji)
);
INSERT INTO new_reactions SELECT entry_kind, entry_id, user_id, emoji, created_at FROM reactions WHERE entry_kind <> 'message';
DROP TABLE reactions;
ALTER TABLE new_reactions RENAME TO reactions;

DROP TABLE changes;
DROP TABLE scopes;
DROP TABLE messages;
DROP TABLE conversation_members;
DROP TABLE conversations;

-- +goose Up

-- What may have changed and is not in the index yet. Triggers write it in the transaction of the change; the newest is worked
-- off first.
CREATE TABLE search_queue (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL
);

-- One row for each entry, and one for each file that hangs on it. "at" orders by time: milliseconds since 1970 and 12 bits
-- more, as the first 60 of a UUIDv7.
CREATE TABLE search_docs (
    at INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    file_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE UNIQUE INDEX search_docs_entry ON search_docs (entry_id, file_id);
CREATE INDEX search_docs_scope ON search_docs (scope, at);

-- The words are made by Lectern: everything that is not ASCII belongs to a word.
CREATE VIRTUAL TABLE search_words USING fts5 (
    words, content = 'search_docs', content_rowid = 'at', columnsize = 0, tokenize = 'ascii', prefix = '1 2'
);

-- +goose StatementBegin
CREATE TRIGGER search_docs_inserted AFTER INSERT ON search_docs BEGIN
    INSERT INTO search_words (rowid, words) VALUES (new.at, new.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_docs_deleted AFTER DELETE ON search_docs BEGIN
    INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.at, old.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_docs_updated AFTER UPDATE OF words ON search_docs BEGIN
    INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.at, old.words);
    INSERT INTO search_words (rowid, words) VALUES (new.at, new.words);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER search_post_inserted AFTER INSERT ON posts BEGIN
    INSERT INTO search_queue (kind, id) VALUES ('post', new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_post_updated AFTER UPDATE OF body ON posts BEGIN
    INSERT INTO search_queue (kind, id) VALUES ('post', new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_post_deleted AFTER DELETE ON posts BEGIN
    INSERT INTO search_queue (kind, id) VALUES ('post', old.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_comment_inserted AFTER INSERT ON comments BEGIN
    INSERT INTO search_queue (kind, id) VALUES ('comment', new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_comment_updated AFTER UPDATE OF body ON comments BEGIN
    INSERT INTO search_queue (kind, id) VALUES ('comment', new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_comment_deleted AFTER DELETE ON comments BEGIN
    INSERT INTO search_queue (kind, id) VALUES ('comment', old.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_message_inserted AFTER INSERT ON messages BEGIN
    INSERT INTO search_queue (kind, id) VALUES ('message', new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_message_updated AFTER UPDATE OF body, deleted_at ON messages BEGIN
    INSERT INTO search_queue (kind, id) VALUES ('message', new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_message_deleted AFTER DELETE ON messages BEGIN
    INSERT INTO search_queue (kind, id) VALUES ('message', old.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_file_inserted AFTER INSERT ON attachments BEGIN
    INSERT INTO search_queue (kind, id) VALUES (new.entry_kind, new.entry_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_file_deleted AFTER DELETE ON attachments BEGIN
    INSERT INTO search_queue (kind, id) VALUES (old.entry_kind, old.entry_id);
END;
-- +goose StatementEnd

-- Everything that is there already, the newest to be worked off first.
INSERT INTO search_queue (kind, id) SELECT kind, id FROM
    (SELECT 'post' AS kind, id FROM posts UNION ALL SELECT 'comment', id FROM comments UNION ALL SELECT 'message', id FROM messages)
    ORDER BY id;

-- The files of a channel or a conversation, newest first.
CREATE INDEX attachments_channel ON attachments (channel_id, entry_id);
CREATE INDEX attachments_conversation ON attachments (conversation_id, entry_id);

-- Uploads under way. The bytes lie in a file of their own; received and digest (the state of SHA-256) say how many of them count.
-- A finished one names its file until it expires.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    voice BOOLEAN NOT NULL,
    duration REAL,
    received BIGINT NOT NULL,
    digest BLOB NOT NULL,
    file_id TEXT REFERENCES files (id) ON DELETE SET NULL,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL
);
CREATE INDEX uploads_owner ON uploads (owner_id);
CREATE INDEX uploads_expires ON uploads (expires_at);
CREATE INDEX uploads_file ON uploads (file_id);

ALTER TABLE files ADD COLUMN voice BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE files DROP COLUMN voice;
DROP TABLE uploads;
DROP INDEX attachments_conversation;
DROP INDEX attachments_channel;
DROP TRIGGER search_file_deleted;
DROP TRIGGER search_file_inserted;
DROP TRIGGER search_message_deleted;
DROP TRIGGER search_message_updated;
DROP TRIGGER search_message_inserted;
DROP TRIGGER search_comment_deleted;
DROP TRIGGER search_comment_updated;
DROP TRIGGER search_comment_inserted;
DROP TRIGGER search_post_deleted;
DROP TRIGGER search_post_updated;
DROP TRIGGER search_post_inserted;
DROP TABLE search_words;
DROP TABLE search_docs;
DROP TABLE search_queue;

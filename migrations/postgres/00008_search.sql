-- +goose Up

-- What may have changed and is not in the index yet. Triggers write it in the transaction of the change; the newest is worked
-- off first.
CREATE TABLE search_queue (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL
);

-- One row for each entry, and one for each file that hangs on it. "at" orders by time: milliseconds since 1970 and 12 bits
-- more, as the first 60 of a UUIDv7.
CREATE TABLE search_docs (
    at BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    file_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    words TSVECTOR NOT NULL
);
CREATE UNIQUE INDEX search_docs_entry ON search_docs (entry_id, file_id);
CREATE INDEX search_docs_scope ON search_docs (scope, at);
CREATE INDEX search_docs_words ON search_docs USING GIN (words) WITH (fastupdate = off); -- else each search reads a long list of what is new

-- +goose StatementBegin
CREATE FUNCTION search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO search_queue (kind, id) VALUES (TG_ARGV[0], OLD.id);
    ELSE
        INSERT INTO search_queue (kind, id) VALUES (TG_ARGV[0], NEW.id);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION search_file_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO search_queue (kind, id) VALUES (OLD.entry_kind, OLD.entry_id);
    ELSE
        INSERT INTO search_queue (kind, id) VALUES (NEW.entry_kind, NEW.entry_id);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER search_post AFTER INSERT OR DELETE OR UPDATE OF body ON posts FOR EACH ROW EXECUTE FUNCTION search_changed('post');
CREATE TRIGGER search_comment AFTER INSERT OR DELETE OR UPDATE OF body ON comments FOR EACH ROW EXECUTE FUNCTION search_changed('comment');
CREATE TRIGGER search_message AFTER INSERT OR DELETE OR UPDATE OF body, deleted_at ON messages FOR EACH ROW EXECUTE FUNCTION search_changed('message');
CREATE TRIGGER search_file AFTER INSERT OR DELETE ON attachments FOR EACH ROW EXECUTE FUNCTION search_file_changed();

-- Everything that is there already, the newest to be worked off first.
INSERT INTO search_queue (kind, id) SELECT kind, id FROM
    (SELECT 'post' AS kind, id FROM posts UNION ALL SELECT 'comment', id FROM comments UNION ALL SELECT 'message', id FROM messages) AS entries
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
    duration DOUBLE PRECISION,
    received BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    file_id TEXT REFERENCES files (id) ON DELETE SET NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
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
DROP TRIGGER search_file ON attachments;
DROP TRIGGER search_message ON messages;
DROP TRIGGER search_comment ON comments;
DROP TRIGGER search_post ON posts;
DROP FUNCTION search_file_changed();
DROP FUNCTION search_changed();
DROP TABLE search_docs;
DROP TABLE search_queue;

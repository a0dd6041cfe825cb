-- +goose Up
ALTER TABLE channels ADD COLUMN posting TEXT NOT NULL DEFAULT 'everyone' CHECK (posting IN ('everyone', 'teachers'));
ALTER TABLE channels ADD COLUMN archived_at TIMESTAMPTZ;
ALTER TABLE members ADD COLUMN level TEXT NOT NULL DEFAULT 'mentions' CHECK (level IN ('all', 'mentions', 'none'));
ALTER TABLE members ADD COLUMN favourite BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE members ADD COLUMN position INTEGER NOT NULL DEFAULT 0;

CREATE INDEX posts_pinned ON posts (channel_id, id) WHERE pinned;

-- What a notification is about is its entity: the id of an entry, a meeting, a call. One tells of it once.
CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    actor_id TEXT NOT NULL REFERENCES users (id),
    channel_id TEXT REFERENCES channels (id) ON DELETE CASCADE,
    post_id TEXT REFERENCES posts (id) ON DELETE CASCADE,
    comment_id TEXT REFERENCES comments (id) ON DELETE CASCADE,
    conversation_id TEXT,
    message_id TEXT,
    call_id TEXT,
    meeting_id TEXT,
    silent BOOLEAN NOT NULL,
    read_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX notifications_once ON notifications (user_id, entity_id, kind);
CREATE INDEX notifications_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, channel_id) WHERE read_at IS NULL;
CREATE INDEX notifications_mentions ON notifications (user_id, channel_id, entity_id) WHERE kind IN ('mention', 'mention_all');
CREATE INDEX notifications_channel ON notifications (channel_id);
CREATE INDEX notifications_post ON notifications (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX notifications_comment ON notifications (comment_id) WHERE comment_id IS NOT NULL;
CREATE INDEX notifications_message ON notifications (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX notifications_created ON notifications (created_at);

CREATE TABLE preferences (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    read_receipts BOOLEAN NOT NULL,
    dnd BOOLEAN NOT NULL,
    dnd_until TIMESTAMPTZ,
    sounds BOOLEAN NOT NULL,
    push BOOLEAN NOT NULL
);
CREATE INDEX preferences_dnd ON preferences (dnd_until) WHERE dnd;

-- A device hears of its user while the session lives that subscribed it.
CREATE TABLE push_subscriptions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    endpoint TEXT NOT NULL UNIQUE,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id);
CREATE INDEX push_subscriptions_session ON push_subscriptions (session_id);

CREATE TABLE push_queue (
    subscription_id TEXT NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
    notification_id TEXT NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
    attempts INTEGER NOT NULL,
    next_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (subscription_id, notification_id)
);
CREATE INDEX push_queue_next ON push_queue (next_at);
CREATE INDEX push_queue_notification ON push_queue (notification_id);

CREATE TABLE scheduled_posts (
    id TEXT PRIMARY KEY,
    channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    body TEXT NOT NULL,
    client_id TEXT,
    publish_at TIMESTAMPTZ NOT NULL,
    problem TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX scheduled_posts_client ON scheduled_posts (author_id, client_id);
CREATE INDEX scheduled_posts_channel ON scheduled_posts (channel_id, author_id, id);
CREATE INDEX scheduled_posts_due ON scheduled_posts (publish_at) WHERE problem = '';

CREATE TABLE scheduled_files (
    scheduled_id TEXT NOT NULL REFERENCES scheduled_posts (id) ON DELETE CASCADE,
    file_id TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (scheduled_id, file_id)
);
CREATE INDEX scheduled_files_file ON scheduled_files (file_id);

-- +goose Down
DROP TABLE scheduled_files;
DROP TABLE scheduled_posts;
DROP TABLE push_queue;
DROP TABLE push_subscriptions;
DROP TABLE preferences;
DROP TABLE notifications;
DROP INDEX posts_pinned;
ALTER TABLE members DROP COLUMN position;
ALTER TABLE members DROP COLUMN favourite;
ALTER TABLE members DROP COLUMN level;
ALTER TABLE channels DROP COLUMN archived_at;
ALTER TABLE channels DROP COLUMN posting;

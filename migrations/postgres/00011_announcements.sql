-- +goose Up
-- What is to be told to the members of a channel, some at a time: those up to after_user_id have been told already.
CREATE TABLE announcements (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    actor_id TEXT NOT NULL REFERENCES users (id),
    channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    post_id TEXT REFERENCES posts (id) ON DELETE CASCADE,
    comment_id TEXT REFERENCES comments (id) ON DELETE CASCADE,
    meeting_id TEXT,
    edited BOOLEAN NOT NULL,
    told TEXT NOT NULL,
    after_user_id TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX announcements_channel ON announcements (channel_id);
CREATE INDEX announcements_post ON announcements (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX announcements_comment ON announcements (comment_id) WHERE comment_id IS NOT NULL;

-- +goose Down
DROP TABLE announcements;

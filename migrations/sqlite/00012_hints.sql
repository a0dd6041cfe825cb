-- +goose Up
-- What somebody new has been told already: words of the client's, with blanks between.
ALTER TABLE preferences ADD COLUMN hints_seen TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE preferences DROP COLUMN hints_seen;

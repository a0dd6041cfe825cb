-- +goose Up
ALTER TABLE playbacks ADD COLUMN loaded_v BIGINT NOT NULL DEFAULT 0;
ALTER TABLE playbacks ADD COLUMN fresh BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE playbacks DROP COLUMN fresh;
ALTER TABLE playbacks DROP COLUMN loaded_v;

-- When the owner of a session last proved who they are: at sign-in, or again on the way.

ALTER TABLE identity_session ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;

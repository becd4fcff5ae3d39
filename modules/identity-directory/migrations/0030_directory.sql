-- What the list of accounts is sorted and filtered by, and whose preferences have been changed since.

CREATE INDEX identity_user_username ON identity_user (username_folded, id);
CREATE INDEX identity_user_updated ON identity_user (updated_at, id);
CREATE INDEX identity_user_role_order ON identity_user (role, id);
CREATE INDEX identity_user_locked ON identity_user (locked_until) WHERE locked_until IS NOT NULL;

ALTER TABLE identity_preference ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- A grant may hold within a scope alone; grants are listed by grantor, and found when they are over.

ALTER TABLE identity_user_permission ADD COLUMN scope TEXT;
CREATE INDEX identity_user_permission_grantor ON identity_user_permission (granted_by);
CREATE INDEX identity_user_permission_expiry ON identity_user_permission (expires_at);
CREATE INDEX identity_user_permission_created ON identity_user_permission (created_at, id);

-- Invitations: who may make an account, in which role.

CREATE TABLE identity_invitation (
    id           TEXT   NOT NULL PRIMARY KEY,
    email        TEXT   NOT NULL,
    email_folded TEXT   NOT NULL,
    role         TEXT   NOT NULL REFERENCES identity_role (name),
    language     TEXT   NOT NULL,
    token_hash   TEXT   NOT NULL UNIQUE,
    invited_by   TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    search_text  TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    accepted_at  BIGINT,
    accepted_by  TEXT   REFERENCES identity_user (id) ON DELETE SET NULL,
    revoked_at   BIGINT
);
CREATE INDEX identity_invitation_email ON identity_invitation (email_folded);
CREATE INDEX identity_invitation_role ON identity_invitation (role);
CREATE INDEX identity_invitation_inviter ON identity_invitation (invited_by, created_at, id);
CREATE INDEX identity_invitation_acceptor ON identity_invitation (accepted_by);
CREATE INDEX identity_invitation_created ON identity_invitation (created_at, id);
CREATE INDEX identity_invitation_expiry ON identity_invitation (expires_at);

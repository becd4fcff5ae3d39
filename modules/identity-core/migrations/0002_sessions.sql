-- Who is signed in, and who was refused.

-- A session is also the family of its refresh tokens.
CREATE TABLE identity_session (
    id           TEXT   NOT NULL PRIMARY KEY,
    user_id      TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    address      TEXT,
    user_agent   TEXT,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    -- Moves with each refresh, never past ends_at.
    expires_at   BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    revoked_at   BIGINT
);
CREATE INDEX identity_session_user ON identity_session (user_id);
CREATE INDEX identity_session_expiry ON identity_session (expires_at);

CREATE TABLE identity_refresh_token (
    id         TEXT   NOT NULL PRIMARY KEY,
    session_id TEXT   NOT NULL REFERENCES identity_session (id) ON DELETE CASCADE,
    user_id    TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    token_hash TEXT   NOT NULL UNIQUE,
    parent_id  TEXT,
    child_id   TEXT,
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX identity_refresh_token_session ON identity_refresh_token (session_id);
CREATE INDEX identity_refresh_token_user ON identity_refresh_token (user_id);

-- Refused sign-ins by a keyed hash of what was typed, whether or not such an account exists.
CREATE TABLE identity_sign_in_failure (
    identifier_hash TEXT   NOT NULL PRIMARY KEY,
    attempts        BIGINT NOT NULL,
    window_started  BIGINT NOT NULL,
    locked_until    BIGINT
);
CREATE INDEX identity_sign_in_failure_window ON identity_sign_in_failure (window_started);

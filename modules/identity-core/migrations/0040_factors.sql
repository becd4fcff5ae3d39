-- What proves who one is besides the password.

-- Authenticator applications and addresses that codes are mailed to.
CREATE TABLE identity_factor (
    id           TEXT   NOT NULL PRIMARY KEY,
    user_id      TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    kind         TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    -- The seed of an authenticator application, sealed.
    secret       TEXT,
    -- The step of the last code that was taken: each counts once.
    last_step    BIGINT NOT NULL,
    -- When it was first verified; until then it protects nothing.
    confirmed_at BIGINT,
    last_used_at BIGINT,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX identity_factor_user ON identity_factor (user_id);

CREATE TABLE identity_passkey (
    id            TEXT   NOT NULL PRIMARY KEY,
    user_id       TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    credential_id TEXT   NOT NULL UNIQUE,
    -- The public key and what else is checked of it, as JSON.
    credential    TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    last_used_at  BIGINT,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL
);
CREATE INDEX identity_passkey_user ON identity_passkey (user_id);

CREATE TABLE identity_recovery_code (
    id         TEXT   NOT NULL PRIMARY KEY,
    user_id    TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    code_hash  TEXT   NOT NULL,
    used_at    BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, code_hash)
);

-- The code that was last mailed to an account.
CREATE TABLE identity_mailed_code (
    user_id    TEXT   NOT NULL PRIMARY KEY REFERENCES identity_user (id) ON DELETE CASCADE,
    code_hash  TEXT   NOT NULL,
    attempts   BIGINT NOT NULL,
    sent_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_mailed_code_expiry ON identity_mailed_code (expires_at);

-- What waits for an answer: a second factor, a passkey.
CREATE TABLE identity_challenge (
    id         TEXT   NOT NULL PRIMARY KEY,
    token_hash TEXT   NOT NULL UNIQUE,
    kind       TEXT   NOT NULL,
    -- None while nobody has said who they are.
    user_id    TEXT   REFERENCES identity_user (id) ON DELETE CASCADE,
    -- What refusals are counted under.
    counted_as TEXT,
    -- What the verification of a passkey needs, as JSON.
    state      TEXT,
    attempts   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_challenge_user ON identity_challenge (user_id);
CREATE INDEX identity_challenge_expiry ON identity_challenge (expires_at);

-- Until when an account of a role that needs a factor may be without one.
CREATE TABLE identity_factor_duty (
    user_id TEXT    NOT NULL PRIMARY KEY REFERENCES identity_user (id) ON DELETE CASCADE,
    due_at  BIGINT  NOT NULL,
    -- The account has a factor.
    met     BOOLEAN NOT NULL
);

-- Links in mails: what people ask for without saying who they are, and what the links open.

-- What was asked for. It is done aside, so that the answer tells nobody whether an account exists; what is done
-- stays for an hour, to be counted.
CREATE TABLE identity_mail_request (
    id           TEXT   NOT NULL PRIMARY KEY,
    kind         TEXT   NOT NULL,
    -- A keyed hash of the address that was typed, whether or not an account has it.
    address_hash TEXT   NOT NULL,
    -- The request itself; none once it is done.
    sealed       TEXT,
    created_at   BIGINT NOT NULL
);
CREATE INDEX identity_mail_request_address ON identity_mail_request (address_hash, created_at);
CREATE INDEX identity_mail_request_created ON identity_mail_request (created_at, id);

-- A token in a mail to an account. It goes when it is used.
CREATE TABLE identity_mailed_token (
    id            TEXT   NOT NULL PRIMARY KEY,
    user_id       TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    -- confirm, change, reset
    kind          TEXT   NOT NULL,
    token_hash    TEXT   NOT NULL UNIQUE,
    -- The address it was mailed to: whoever shows it, reads there.
    email         TEXT   NOT NULL,
    -- A hash of the password's hash: another password, and the token is worth nothing.
    password_mark TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);
CREATE INDEX identity_mailed_token_user ON identity_mailed_token (user_id, kind);
CREATE INDEX identity_mailed_token_expiry ON identity_mailed_token (expires_at);

-- A registration that becomes an account when its address is confirmed.
CREATE TABLE identity_pending_registration (
    id            TEXT   NOT NULL PRIMARY KEY,
    email         TEXT   NOT NULL,
    email_folded  TEXT   NOT NULL,
    username      TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    first_name    TEXT,
    last_name     TEXT,
    language      TEXT   NOT NULL,
    token_hash    TEXT   NOT NULL UNIQUE,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);
CREATE INDEX identity_pending_registration_email ON identity_pending_registration (email_folded, created_at);
CREATE INDEX identity_pending_registration_expiry ON identity_pending_registration (expires_at);

-- Keys for programs. Only hashes of the secrets are here.

CREATE TABLE identity_api_key (
    id             TEXT   NOT NULL PRIMARY KEY,
    user_id        TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    name           TEXT   NOT NULL,
    -- The readable beginning of the present secret, by which people tell keys apart.
    prefix         TEXT   NOT NULL,
    secret_hash    TEXT   NOT NULL UNIQUE,
    -- The secret before the last rotation, which works on for a while.
    previous_hash  TEXT   UNIQUE,
    previous_until BIGINT,
    -- Names of permissions, and networks, each as a JSON array.
    scopes         TEXT   NOT NULL,
    networks       TEXT   NOT NULL,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    rotated_at     BIGINT NOT NULL,
    -- The end that the owner chose.
    expires_at     BIGINT,
    warned_at      BIGINT,
    last_used_at   BIGINT,
    last_address   TEXT,
    -- When its end was told; it is shown for a while, and works no more.
    retired_at     BIGINT
);
CREATE INDEX identity_api_key_user ON identity_api_key (user_id, created_at, id);
CREATE INDEX identity_api_key_created ON identity_api_key (created_at, id);
CREATE INDEX identity_api_key_age ON identity_api_key (rotated_at);
CREATE INDEX identity_api_key_expiry ON identity_api_key (expires_at);

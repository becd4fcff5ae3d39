-- Where an account was used before: a sign-in from elsewhere is told to its owner. Only hashes.

CREATE TABLE identity_known_device (
    user_id       TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    device_hash   TEXT   NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at  BIGINT NOT NULL,
    PRIMARY KEY (user_id, device_hash)
);
CREATE INDEX identity_known_device_seen ON identity_known_device (last_seen_at);

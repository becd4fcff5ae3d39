-- The keys that sign access tokens. A new one is announced before it signs, an old one stays until the tokens that
-- it signed are over.

CREATE TABLE identity_signing_key (
    id             TEXT   NOT NULL PRIMARY KEY,
    -- In URL-safe base64.
    public_key     TEXT   NOT NULL,
    -- Sealed.
    private_key    TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    signs_from     BIGINT NOT NULL,
    -- None for the key in force and the one that is announced.
    verifies_until BIGINT
);

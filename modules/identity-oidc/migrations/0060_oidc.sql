-- Accounts of elsewhere, and what is on its way back from there.

CREATE TABLE identity_oidc_link (
    id           TEXT   NOT NULL PRIMARY KEY,
    user_id      TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    issuer       TEXT   NOT NULL,
    -- What the issuer calls the account, for ever.
    subject      TEXT   NOT NULL,
    -- The address the issuer told last; for its owner to see, never to decide by.
    email        TEXT,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX identity_oidc_link_user ON identity_oidc_link (user_id);

-- What came back once, and is not taken a second time.
CREATE TABLE identity_oidc_return (
    state_hash TEXT   NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_oidc_return_expiry ON identity_oidc_return (expires_at);

-- Sign-ins that the provider has answered and the app has not yet taken.
CREATE TABLE identity_oidc_ticket (
    ticket_hash TEXT   NOT NULL PRIMARY KEY,
    user_id     TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    -- The browser that may take it, by what it was sent away with.
    state_hash  TEXT   NOT NULL,
    -- The app that may take it, by what it alone can prove; then the browser does not matter.
    challenge   TEXT,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX identity_oidc_ticket_expiry ON identity_oidc_ticket (expires_at);
CREATE INDEX identity_oidc_ticket_user ON identity_oidc_ticket (user_id);

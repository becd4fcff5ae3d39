-- Sessions by cookie: the hash by which such a session is found. None for a session by tokens.

ALTER TABLE identity_session ADD COLUMN cookie_hash TEXT;
CREATE UNIQUE INDEX identity_session_cookie ON identity_session (cookie_hash);

-- What could not be delivered is kept for an operator, and what may be told only once is remembered.

-- Why the last attempt failed, without the words of the mail or an address.
ALTER TABLE mail_message ADD COLUMN last_error TEXT;
-- When it was given up; none while it is still tried. One that was given up is due at the end of time.
ALTER TABLE mail_message ADD COLUMN dead_at BIGINT;
CREATE INDEX mail_message_dead ON mail_message (dead_at, id);

CREATE TABLE mail_once (
    key        TEXT   NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL
);
CREATE INDEX mail_once_created ON mail_once (created_at);

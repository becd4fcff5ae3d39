-- The mail that is to be sent. What it says is sealed: it may hold links that open an account.

CREATE TABLE mail_message (
    id         TEXT   NOT NULL PRIMARY KEY,
    -- Which sentences it is made of: `password-reset`.
    template   TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it is tried (again).
    due_at     BIGINT NOT NULL,
    attempts   BIGINT NOT NULL
);
CREATE INDEX mail_message_due ON mail_message (due_at, id);

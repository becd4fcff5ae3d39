-- Announcements, who they are for, and who has confirmed having read them.

CREATE TABLE intranet_announcement (
    id                   TEXT    NOT NULL PRIMARY KEY,
    title                TEXT    NOT NULL,
    content              TEXT    NOT NULL,
    kind                 TEXT    NOT NULL,
    author_id            TEXT    NOT NULL,
    author_name          TEXT    NOT NULL,
    image_url            TEXT,
    icon                 TEXT,
    is_important         BOOLEAN NOT NULL,
    is_pinned            BOOLEAN NOT NULL,
    must_acknowledge     BOOLEAN NOT NULL,
    for_everyone         BOOLEAN NOT NULL,
    audience_roles       TEXT    NOT NULL,
    audience_departments TEXT    NOT NULL,
    published_at         BIGINT  NOT NULL,
    expires_at           BIGINT,
    phase                TEXT    NOT NULL,
    search_text          TEXT    NOT NULL,
    version              BIGINT  NOT NULL,
    created_at           BIGINT  NOT NULL,
    updated_at           BIGINT  NOT NULL
);

-- The list's own order, with all that decides who sees what: a count reads this index alone.
CREATE INDEX intranet_announcement_order
    ON intranet_announcement (is_pinned, published_at, id, expires_at, for_everyone, author_id);
CREATE INDEX intranet_announcement_created ON intranet_announcement (created_at, id);
CREATE INDEX intranet_announcement_author ON intranet_announcement (author_id);
-- What the clock has yet to move.
CREATE INDEX intranet_announcement_due ON intranet_announcement (published_at) WHERE phase = 'scheduled';
CREATE INDEX intranet_announcement_ending ON intranet_announcement (expires_at) WHERE phase = 'published';

-- The lists of the row, one line each, so that a reader's announcements are found by index.
CREATE TABLE intranet_announcement_audience (
    announcement_id TEXT NOT NULL REFERENCES intranet_announcement (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL,
    name            TEXT NOT NULL,
    PRIMARY KEY (announcement_id, kind, name)
);

CREATE TABLE intranet_announcement_read (
    announcement_id TEXT   NOT NULL REFERENCES intranet_announcement (id) ON DELETE CASCADE,
    reader_id       TEXT   NOT NULL,
    read_at         BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, reader_id)
);
CREATE INDEX intranet_announcement_read_reader ON intranet_announcement_read (reader_id);

-- One row per domain event, written in the transaction of the change it tells of.
--
-- SQLite has one writer: the row's key, given at insert, is the order of commit. PostgreSQL commits out of
-- order: a row is numbered after its commit, and readers see numbered rows only.

--@sqlite
CREATE TABLE outbox_event (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    address TEXT,
    audience TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

--@postgres
CREATE TABLE outbox_event (
    sequence BIGINT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    address TEXT,
    audience TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Partial, so that an insert (still without a number) never touches the pages that readers have locked against
-- change under serializable isolation.
CREATE UNIQUE INDEX outbox_event_sequence ON outbox_event (sequence) WHERE sequence IS NOT NULL;
CREATE INDEX outbox_event_waiting ON outbox_event (id) WHERE sequence IS NULL;

--@all
-- How far each durable listener has come; on PostgreSQL also the last number given, under the name "#sequencer".
CREATE TABLE outbox_position (
    name TEXT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- A text that everybody knows, sealed: whoever cannot open it has other keys than this database.

CREATE TABLE sealing_check (
    id     TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL
);

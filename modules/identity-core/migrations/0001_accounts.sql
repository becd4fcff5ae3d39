-- Roles, accounts, and what each may do.

-- What the modules check, as they declared it at the last start.
CREATE TABLE identity_permission (
    name        TEXT NOT NULL PRIMARY KEY,
    description TEXT NOT NULL
);

CREATE TABLE identity_role (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    description TEXT    NOT NULL,
    built_in    BOOLEAN NOT NULL,
    version     BIGINT  NOT NULL
);

CREATE TABLE identity_role_permission (
    role       TEXT NOT NULL REFERENCES identity_role (name) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role, permission)
);

-- The pairs that were ever given by default: what an administrator takes away stays away.
CREATE TABLE identity_role_default (
    role         TEXT   NOT NULL,
    permission   TEXT   NOT NULL,
    installed_at BIGINT NOT NULL,
    PRIMARY KEY (role, permission)
);

-- The sentences of the built-in roles are translated; the text here is for those who read the table.
INSERT INTO identity_role (id, name, description, built_in, version) VALUES
    ('01900000-0000-7000-8000-000000000001', 'admin', 'May do everything.', TRUE, 1),
    ('01900000-0000-7000-8000-000000000002', 'moderator', 'Keeps order among what people write.', TRUE, 1),
    ('01900000-0000-7000-8000-000000000003', 'manager', 'Leads a department and writes to the company.', TRUE, 1),
    ('01900000-0000-7000-8000-000000000004', 'teacher', 'Makes courses and follows those who take them.', TRUE, 1),
    ('01900000-0000-7000-8000-000000000005', 'employee', 'Works here.', TRUE, 1),
    ('01900000-0000-7000-8000-000000000006', 'student', 'Takes courses.', TRUE, 1),
    ('01900000-0000-7000-8000-000000000007', 'user', 'Has an account.', TRUE, 1);

CREATE TABLE identity_user (
    id                  TEXT    NOT NULL PRIMARY KEY,
    username            TEXT    NOT NULL,
    username_folded     TEXT    NOT NULL UNIQUE,
    email               TEXT,
    email_folded        TEXT    UNIQUE,
    -- None for an account that signs in by other means.
    password_hash       TEXT,
    password_one_time   BOOLEAN NOT NULL,
    password_changed_at BIGINT,
    name                TEXT    NOT NULL,
    first_name          TEXT,
    last_name           TEXT,
    role                TEXT    NOT NULL REFERENCES identity_role (name),
    avatar              TEXT,
    employee_id         TEXT    UNIQUE,
    department          TEXT,
    position            TEXT,
    phone               TEXT,
    language            TEXT,
    is_active           BOOLEAN NOT NULL,
    email_verified_at   BIGINT,
    -- What the administrators see of refused sign-ins; identity_sign_in_failure decides.
    failed_attempts     BIGINT  NOT NULL,
    locked_until        BIGINT,
    search_text         TEXT    NOT NULL,
    version             BIGINT  NOT NULL,
    created_at          BIGINT  NOT NULL,
    updated_at          BIGINT  NOT NULL,
    deleted_at          BIGINT
);
CREATE INDEX identity_user_role ON identity_user (role);
CREATE INDEX identity_user_department ON identity_user (department);
CREATE INDEX identity_user_name ON identity_user (name, id);
CREATE INDEX identity_user_created ON identity_user (created_at, id);

CREATE TABLE identity_preference (
    user_id       TEXT    NOT NULL PRIMARY KEY REFERENCES identity_user (id) ON DELETE CASCADE,
    notifications BOOLEAN NOT NULL,
    dark_mode     BOOLEAN NOT NULL,
    learning_goal BIGINT  NOT NULL
);

-- Permissions granted to one account, besides those of its role.
CREATE TABLE identity_user_permission (
    id         TEXT   NOT NULL PRIMARY KEY,
    user_id    TEXT   NOT NULL REFERENCES identity_user (id) ON DELETE CASCADE,
    permission TEXT   NOT NULL,
    granted_by TEXT   REFERENCES identity_user (id),
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, permission)
);

//! The table that says which migrations were applied.

use socle_kernel::{Result, Timestamp, ToValue};

use crate::conn::Conn;
use crate::dialect::Dialect;
use crate::migrate::set::Migration;

/// A migration that was applied.
#[derive(Debug, Clone, socle_db_macros::Row)]
pub(crate) struct Entry {
    pub(crate) module: String,
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) checksum: String,
    pub(crate) applied_at: Timestamp,
}

/// Takes the lock that lets one process migrate at a time, until the transaction ends.
///
/// SQLite needs none: the transaction has the file for itself.
pub(crate) fn lock(conn: &mut Conn) -> Result<()> {
    match conn.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => {
            conn.batch("SELECT pg_advisory_xact_lock(hashtextextended('socle migrations', 0))")
        }
    }
}

/// Makes the table when there is none.
pub(crate) fn create(conn: &mut Conn) -> Result<()> {
    conn.batch(
        "CREATE TABLE IF NOT EXISTS schema_migration (
             module TEXT NOT NULL,
             version BIGINT NOT NULL,
             name TEXT NOT NULL,
             checksum TEXT NOT NULL,
             applied_at BIGINT NOT NULL,
             PRIMARY KEY (module, version)
         )",
    )
}

/// What was applied; nothing when the table does not exist yet.
pub(crate) fn entries(conn: &mut Conn) -> Result<Vec<Entry>> {
    let exists: bool = match conn.dialect() {
        Dialect::Sqlite => {
            conn.scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration')", &[])?
        }
        Dialect::Postgres => conn.scalar("SELECT to_regclass('schema_migration') IS NOT NULL", &[])?,
    };
    if !exists {
        return Ok(Vec::new());
    }
    conn.all(
        "SELECT module, version, name, checksum, applied_at FROM schema_migration ORDER BY module, version",
        &[],
    )
}

/// Writes down that a migration was applied.
pub(crate) fn add(conn: &mut Conn, migration: &Migration, now: Timestamp) -> Result<()> {
    let params: [&dyn ToValue; 5] =
        [&migration.module, &migration.version, &migration.name, &migration.checksum, &now];
    conn.exec_one(
        "INSERT INTO schema_migration (module, version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        &params,
    )
}

/// A foreign key that points nowhere after a migration, if there is one. PostgreSQL has checked by itself.
pub(crate) fn dangling(conn: &mut Conn) -> Result<Option<String>> {
    match conn.dialect() {
        Dialect::Sqlite => conn.opt_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1", &[]),
        Dialect::Postgres => Ok(None),
    }
}

//! Applying migrations, one transaction per file.

use socle_kernel::{Clock, Error, Result, Trouble};

use crate::conn::{Conn, Session};
use crate::control::Control;
use crate::dialect::Dialect;
use crate::migrate::compare::{self, MigrationStatus, PlannedMigration};
use crate::migrate::ledger::{self, Entry};
use crate::migrate::set::{Migration, MigrationSet, migrations};
use crate::postgres::address::{Address, Role as ServerRole};
use crate::postgres::session::PostgresSession;
use crate::settings::{Settings, Target};
use crate::shared::Shared;
use crate::sqlite::open::{self, Role};
use crate::sqlite::session::SqliteSession;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// The migrations applied, in order; empty when nothing was missing.
    pub applied: Vec<AppliedMigration>,
}

/// A migration that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedMigration {
    /// The module.
    pub module: String,
    /// The number.
    pub version: i64,
    /// The name.
    pub name: String,
}

/// Applies what is missing.
pub(crate) fn up(settings: &Settings, sets: &[MigrationSet], clock: &Clock) -> Result<MigrationReport> {
    let migrations = migrations(sets)?;
    aside(settings, |conn| {
        let mut report = MigrationReport::default();
        // Most starts find nothing to do, and find it out without keeping anybody waiting.
        if compare::pending(&migrations, &ledger::entries(conn)?)?.is_empty() {
            return Ok(report);
        }
        while let Some(migration) = apply_next(conn, &migrations, clock)? {
            tracing::info!("applied the migration {} {}", migration.module, migration.name);
            report.applied.push(AppliedMigration {
                module: migration.module.to_owned(),
                version: migration.version,
                name: migration.name.to_owned(),
            });
        }
        Ok(report)
    })
}

/// How everything stands. Nothing is made or changed: a database that does not exist has everything pending.
pub fn migration_status(settings: &Settings, sets: &[MigrationSet]) -> Result<Vec<MigrationStatus>> {
    let migrations = migrations(sets)?;
    look(settings, |_, entries| Ok(compare::statuses(&migrations, entries)))
}

/// What `Db::migrate` would apply, as SQL. Nothing is made or changed.
pub fn migration_plan(settings: &Settings, sets: &[MigrationSet]) -> Result<Vec<PlannedMigration>> {
    let migrations = migrations(sets)?;
    look(settings, |dialect, entries| {
        let pending = compare::pending(&migrations, entries)?;
        let planned = pending.into_iter().map(|migration| {
            Ok(PlannedMigration {
                module: migration.module.to_owned(),
                version: migration.version,
                name: migration.name.to_owned(),
                sql: migration.sql(dialect)?,
            })
        });
        planned.collect()
    })
}

/// Applies the first migration that is missing, if any. What is missing is found out under the lock: another
/// process may have been at it meanwhile.
fn apply_next<'a>(
    conn: &mut Conn,
    migrations: &'a [Migration],
    clock: &Clock,
) -> Result<Option<&'a Migration>> {
    conn.control(Control::Begin).map_err(|failure| failure.error)?;
    let outcome = ledger::lock(conn)
        .and_then(|()| ledger::create(conn))
        .and_then(|()| compare::pending(migrations, &ledger::entries(conn)?))
        .and_then(|pending| match pending.first() {
            Some(migration) => apply(conn, migration, clock).map(|()| Some(*migration)),
            None => Ok(None),
        });
    let end = if outcome.is_ok() { Control::Commit } else { Control::Rollback };
    let ended = conn.control(end).map_err(|failure| failure.error);
    outcome.and_then(|migration| ended.map(|()| migration))
}

fn apply(conn: &mut Conn, migration: &Migration, clock: &Clock) -> Result<()> {
    let describe = |error: Error| {
        let text = format!("the migration {} {} failed: {error}", migration.module, migration.name);
        let trouble = Trouble::new("migration-failed", text).arg("module", migration.module);
        Error::from(trouble.arg("name", migration.name).arg("reason", error.to_string()))
    };
    let sql = migration.sql(conn.dialect())?;
    conn.batch(&sql).map_err(describe)?;
    if let Some(table) = ledger::dangling(conn)? {
        return Err(describe(Error::internal(format!("foreign keys of {table} point nowhere"))));
    }
    ledger::add(conn, migration, clock.now())
}

/// Tells `work` what is applied, and changes nothing: where there is no file yet, nothing is applied.
fn look<T: Send>(settings: &Settings, work: impl FnOnce(Dialect, &[Entry]) -> Result<T> + Send) -> Result<T> {
    if !settings.is_there()? {
        return work(Target::of(&settings.url)?.dialect(), &[]);
    }
    crate::aside::run(|| {
        let mut conn = connect(settings, Role::Inspector)?;
        let entries = ledger::entries(&mut conn)?;
        work(conn.dialect(), &entries)
    })
}

/// Does `work` on a connection of its own.
fn aside<T: Send>(settings: &Settings, work: impl FnOnce(&mut Conn) -> Result<T> + Send) -> Result<T> {
    crate::aside::run(|| work(&mut connect(settings, Role::Migrator)?))
}

fn connect(settings: &Settings, role: Role) -> Result<Conn> {
    let target = Target::of(&settings.url)?;
    let shared = Shared::new(target.dialect(), false);
    let session = match target {
        Target::Sqlite(path) => Session::Sqlite(SqliteSession::new(open::connect(&path, role)?)),
        Target::Postgres => {
            let client = Address::parse(&settings.url)?.connect(ServerRole::Migrator)?;
            Session::Postgres(Box::new(PostgresSession::new(client)))
        }
    };
    Ok(Conn::new(session, shared))
}

//! What this program brings along against what the database has.

use socle_kernel::{Result, Timestamp, Trouble};

use crate::migrate::ledger::Entry;
use crate::migrate::set::Migration;

/// A migration and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// The module.
    pub module: String,
    /// The number.
    pub version: i64,
    /// The name.
    pub name: String,
    /// How it stands.
    pub state: MigrationState,
}

/// How a migration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    /// Applied, then.
    Applied(Timestamp),
    /// Not applied yet.
    Pending,
    /// Applied, but the file is another one now.
    Changed,
    /// Applied by a newer program: this one does not know it.
    Unknown,
    /// Not applied, although a later one of its module is.
    Skipped,
    /// Of a module that is switched off.
    Off(Timestamp),
}

/// A migration that would be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedMigration {
    /// The module.
    pub module: String,
    /// The number.
    pub version: i64,
    /// The name.
    pub name: String,
    /// The statements, for this engine.
    pub sql: String,
}

/// How everything stands: what this program brings along, in order, then what only the database knows.
pub(crate) fn statuses(migrations: &[Migration], entries: &[Entry]) -> Vec<MigrationStatus> {
    let brought = migrations.iter().map(|migration| MigrationStatus {
        module: migration.module.to_owned(),
        version: migration.version,
        name: migration.name.to_owned(),
        state: state(migration, entries),
    });
    let is_brought = |entry: &Entry| {
        migrations
            .iter()
            .any(|migration| migration.module == entry.module && migration.version == entry.version)
    };
    let others = entries.iter().filter(|entry| !is_brought(entry)).map(|entry| {
        let is_on = migrations.iter().any(|migration| migration.module == entry.module);
        let state = if is_on { MigrationState::Unknown } else { MigrationState::Off(entry.applied_at) };
        MigrationStatus {
            module: entry.module.clone(),
            version: entry.version,
            name: entry.name.clone(),
            state,
        }
    });
    brought.chain(others).collect()
}

/// What is missing, in order; an error when the two do not belong together.
pub(crate) fn pending<'a>(migrations: &'a [Migration], entries: &[Entry]) -> Result<Vec<&'a Migration>> {
    for status in statuses(migrations, entries) {
        refuse(&status, migrations, entries)?;
    }
    Ok(migrations.iter().filter(|migration| entry(migration, entries).is_none()).collect())
}

fn state(migration: &Migration, entries: &[Entry]) -> MigrationState {
    match entry(migration, entries) {
        Some(entry) if entry.checksum == migration.checksum => MigrationState::Applied(entry.applied_at),
        Some(_) => MigrationState::Changed,
        None => {
            let is_later =
                |entry: &&Entry| entry.module == migration.module && entry.version > migration.version;
            let is_skipped = entries.iter().any(|entry| is_later(&entry));
            if is_skipped { MigrationState::Skipped } else { MigrationState::Pending }
        }
    }
}

fn entry<'a>(migration: &Migration, entries: &'a [Entry]) -> Option<&'a Entry> {
    entries.iter().find(|entry| entry.module == migration.module && entry.version == migration.version)
}

fn refuse(status: &MigrationStatus, migrations: &[Migration], entries: &[Entry]) -> Result<()> {
    let MigrationStatus { module, version, name, state } = status;
    let trouble = match state {
        MigrationState::Applied(_) | MigrationState::Pending | MigrationState::Off(_) => return Ok(()),
        MigrationState::Unknown => {
            let text = format!(
                "the database has the migration {module} {version} ({name}), which this program does not know: \
                 it was migrated by a newer one"
            );
            Trouble::new("migration-unknown", text)
        }
        MigrationState::Skipped => {
            let text = format!(
                "the migration {module} {version} ({name}) is not applied, but a later one of {module} is: \
                 give it the next number"
            );
            Trouble::new("migration-skipped", text)
        }
        MigrationState::Changed => {
            let is_it = |of: &str, number: i64| of == module && number == *version;
            let applied = entries.iter().find(|entry| is_it(&entry.module, entry.version));
            let brought = migrations.iter().find(|migration| is_it(migration.module, migration.version));
            let text = format!(
                "the migration {module} {version} ({name}) has changed since it was applied: its checksum was \
                 {}… and is {}… now; nothing was applied: undo the change and write a new migration",
                prefix(applied.map_or("", |entry| &entry.checksum)),
                prefix(brought.map_or("", |migration| &migration.checksum)),
            );
            Trouble::new("migration-changed", text)
        }
    };
    Err(trouble.arg("module", module.as_str()).arg("name", name.as_str()).into())
}

fn prefix(checksum: &str) -> &str {
    checksum.get(..12).unwrap_or(checksum)
}

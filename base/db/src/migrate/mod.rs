//! Migrations: numbered files of SQL per module, forward only, applied once.

mod compare;
mod ledger;
mod run;
mod set;

pub use compare::{MigrationState, MigrationStatus, PlannedMigration};
pub use run::{AppliedMigration, MigrationReport};
pub(crate) use run::{plan, status, up};
pub(crate) use set::fingerprint;
pub use set::{MigrationFile, MigrationSet};

//! Migrations: numbered files of SQL per module, forward only, applied once.

mod compare;
mod ledger;
mod run;
mod set;

pub use compare::{MigrationState, MigrationStatus, PlannedMigration};
pub(crate) use run::up;
pub use run::{AppliedMigration, MigrationReport, migration_plan, migration_status};
#[cfg(feature = "throwaway")]
pub(crate) use set::fingerprint;
pub use set::{MigrationFile, MigrationSet};

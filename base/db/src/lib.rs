//! SQLite and PostgreSQL behind one vocabulary of plain SQL and synchronous closures.
//!
//! [`Db::read`] and [`Db::write`] run a closure with a connection or a transaction; nothing can be awaited
//! inside. SQL is one plain text for both engines; [`Row`] maps structs, [`List`] builds lists.

// The derived code names the crate by this name, here as elsewhere.
extern crate self as socle_db;

mod aside;
mod collation;
mod conn;
mod constraint;
mod control;
mod cursor;
mod db;
mod dialect;
mod failure;
mod find;
mod job;
mod lead;
mod list;
mod migrate;
mod params;
mod placeholders;
mod postgres;
mod probe;
mod queue;
mod reader;
mod row;
#[cfg(feature = "throwaway")]
mod schema;
mod sealed;
mod settings;
mod shared;
mod snapshot;
mod sqlite;
#[cfg(feature = "throwaway")]
pub mod throwaway;
mod tx;

pub use conn::Conn;
pub use constraint::{ConstraintKind, ConstraintViolation, OnConstraint};
pub use db::Db;
pub use dialect::Dialect;
pub use lead::Lead;
pub use list::{List, SortColumn};
pub use migrate::{
    AppliedMigration, MigrationFile, MigrationReport, MigrationSet, MigrationState, MigrationStatus,
    PlannedMigration, migration_plan, migration_status,
};
pub use row::{Row, RowReader};
/// For derived code.
#[doc(hidden)]
pub use row::{joined, width};
pub use sealed::{SealedColumn, SealedText};
pub use settings::{Settings, check_address};
pub use socle_db_macros::Row;
/// For derived code.
#[doc(hidden)]
pub use socle_kernel as kernel;
pub use tx::Tx;

/// The text itself: marks it as SQL for readers and tools.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $text
    };
}

/// The migration files of a crate, by their paths from its root, in order.
///
/// `migrations!("migrations/0001_announcements.sql", "migrations/0002_pinned.sql")`
#[macro_export]
macro_rules! migrations {
    ($($path:literal),* $(,)?) => {
        &[$($crate::MigrationFile {
            name: $path,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path)),
        }),*]
    };
}

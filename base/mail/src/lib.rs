//! Mail: queued in the transaction of the change it tells of, so that it is sent exactly when the change happened.

mod mail;
mod mailer;
mod store;
#[cfg(test)]
mod tests;

pub use mail::{Argument, Mail};
pub use mailer::Mailer;
use socle_db::{MigrationFile, MigrationSet, SealedColumn, sealed_column};

/// The tables of the queue.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    module: "mail",
    files: &[MigrationFile { name: "0001_queue", sql: include_str!("../migrations/0001_queue.sql") }],
};

/// What is sealed in them.
pub const SEALED: &[SealedColumn] = &[sealed_column!("mail_message", "sealed", "id")];

//! Mail: queued in the transaction of the change it tells of, so that it is sent exactly when the change happened.
//!
//! [`Mailer`] queues, [`Delivery`] sends what is queued on every node, [`Post`] makes words and MIME of a mail and hands
//! them to a folder or to an SMTP server.

mod address;
mod delivery;
mod folder;
mod layout;
mod letterhead;
mod mail;
mod mailer;
mod message;
mod pace;
mod post;
mod queued;
mod refusal;
mod sender;
mod server;
mod settings;
mod smtp;
mod store;
#[cfg(test)]
mod tests;

pub use delivery::Delivery;
pub use letterhead::{Letterhead, Written};
pub use mail::{Argument, Mail};
pub use mailer::Mailer;
pub use post::{Delivered, Post};
pub use queued::Queued;
pub use refusal::Refusal;
pub use settings::{SETTINGS, troubles};
use socle_db::{MigrationFile, MigrationSet, SealedColumn, sealed_column};

/// The English sentences that every mail has.
pub const ENGLISH: &str = include_str!("../i18n/en.ftl");
/// The French sentences that every mail has.
pub const FRENCH: &str = include_str!("../i18n/fr.ftl");
/// The French of what the settings say in English.
pub const FRENCH_TEXTS: &str = include_str!("../i18n/fr.toml");

/// The tables of the queue.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    module: "mail",
    files: &[
        MigrationFile { name: "0001_queue", sql: include_str!("../migrations/0001_queue.sql") },
        MigrationFile { name: "0002_delivery", sql: include_str!("../migrations/0002_delivery.sql") },
    ],
};

/// What is sealed in them.
pub const SEALED: &[SealedColumn] = &[sealed_column!("mail_message", "sealed", "id")];

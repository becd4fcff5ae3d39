//! The outbox: domain events, written in the transaction of the change they tell of and delivered in order.
//!
//! A room writes a [`Letter`] with [`Emit::emit`]; it exists exactly when the change does. [`Events`] delivers
//! it: live to any number of [`Feed`]s, each of which may begin at any place of the past, and to durable
//! [`Listener`]s, which are told everything at least once.
//!
//! On SQLite the order is that of insertion. On PostgreSQL transactions commit out of order, so events are
//! numbered after their commit; a reader that resumes after number N has seen everything up to N for good.

mod emit;
mod events;
mod feed;
mod forget;
mod letter;
mod listener;
mod patience;
mod reader;
mod recorded;
mod sequencer;
mod shared;
mod store;
#[cfg(test)]
mod tests;

pub use emit::Emit;
pub use events::Events;
pub use feed::Feed;
pub use forget::{acts_of, forget};
pub use letter::{Audience, Letter};
pub use listener::{BoxFuture, Listener};
pub use recorded::{Event, Payload, Recorded};
use socle_db::{MigrationFile, MigrationSet};

/// The tables of the outbox.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    module: "outbox",
    files: &[MigrationFile { name: "0001_outbox", sql: include_str!("../migrations/0001_outbox.sql") }],
};

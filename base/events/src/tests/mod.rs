//! The outbox on a real database: SQLite or PostgreSQL, as `SOCLE_TEST_DATABASE` says.

mod feeds;
mod listeners;
mod nodes;
mod world;

//! What the database room promises, on both engines.
//!
//! The SQLite half always runs; the PostgreSQL half when `SOCLE_TEST_POSTGRES` names a server.

#[cfg(test)]
mod cluster;
#[cfg(test)]
mod constraints;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod queues;
#[cfg(test)]
mod replica;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod server;
#[cfg(test)]
mod sqlite;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod transactions;
#[cfg(test)]
mod vocabulary;

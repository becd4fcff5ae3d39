//! The bare server: Socle's SQL over the same drivers, behind axum and nothing else.
//!
//! No authentication, no limits, no metrics, no events, no envelope: what these cost is what `cargo xtask bench`
//! measures, and this is the other side of its ratios. It serves a database that Socle has made.

mod announcement;
mod database;
mod passwords;
mod postgres;
mod server;
mod sqlite;
#[cfg(test)]
mod tests;

use clap::{Parser, Subcommand};

/// The bare server Socle is measured against.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a database that Socle has made
    Serve {
        /// `sqlite:<path>` or `postgres://…`
        #[arg(long)]
        database: String,
        /// On 127.0.0.1
        #[arg(long)]
        port: u16,
    },
    /// Print how long one password hash takes alone, in milliseconds
    HashTime,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve { database, port } => server::serve(&database, port),
        Command::HashTime => passwords::print_time(),
    }
}

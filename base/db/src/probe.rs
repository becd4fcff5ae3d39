//! Questions about the database itself: is it there, what is it, what time does it think it is.

use socle_kernel::{Result, Timestamp};

use crate::db::Db;
use crate::dialect::Dialect;

/// One row, whatever the tables.
const ALIVE: &str = "SELECT CAST(1 AS BIGINT)";

impl Db {
    /// Does the database answer?
    pub async fn ping(&self) -> Result<()> {
        self.read(|conn| conn.scalar::<i64>(ALIVE, &[]).map(|_| ())).await
    }

    /// As [`Db::ping`], for commands.
    pub fn ping_blocking(&self) -> Result<()> {
        self.read_blocking(|conn| conn.scalar::<i64>(ALIVE, &[]).map(|_| ()))
    }

    /// The engine and its version, for people.
    pub fn describe(&self) -> String {
        let (name, sql) = match self.dialect() {
            Dialect::Sqlite => ("SQLite", "SELECT sqlite_version()"),
            Dialect::Postgres => ("PostgreSQL", "SELECT current_setting('server_version')"),
        };
        let version = self.read_blocking(move |conn| conn.scalar::<String>(sql, &[]));
        let version = version.unwrap_or_default();
        // Debian's builds add where they come from: "15.19 (Debian …)".
        format!("{name} {}", version.split(' ').next().unwrap_or_default()).trim_end().to_owned()
    }

    /// The time of the database's own machine; none where that is this one.
    pub fn server_time(&self) -> Result<Option<Timestamp>> {
        const NOW: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
        match self.dialect() {
            Dialect::Sqlite => Ok(None),
            Dialect::Postgres => self.read_blocking(|conn| conn.scalar(NOW, &[])).map(Some),
        }
    }
}

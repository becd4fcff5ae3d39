//! What the database room is told when it opens.

use std::path::PathBuf;

use socle_kernel::{Result, Secret, Trouble};

use crate::dialect::Dialect;
use crate::postgres::address::Address;

/// Where the database is and how much it may use.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite:<path>` or `postgres://…`.
    pub url: Secret<String>,
    /// A streaming replica of the PostgreSQL server, for reads.
    pub read_url: Option<Secret<String>>,
    /// Run short SQLite reads on the thread that asks. Off suits a database larger than memory.
    pub inline_reads: bool,
    /// Connections (PostgreSQL) or threads (SQLite) for reads.
    pub readers: usize,
    /// Connections for writes on PostgreSQL; SQLite has one writer.
    pub writers: usize,
    /// Calls that may wait, in each queue, before new ones are refused.
    pub queue: usize,
    /// Keep the texts that are prepared, for `Db::statements_seen`.
    pub record_statements: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: Secret::new(String::new()),
            read_url: None,
            inline_reads: true,
            readers: 8,
            writers: 8,
            queue: 1024,
            record_statements: false,
        }
    }
}

impl Settings {
    /// Is there something to open? A SQLite file that does not exist would be made; of a PostgreSQL server only
    /// the server can tell.
    pub fn is_there(&self) -> Result<bool> {
        Ok(match Target::of(&self.url)? {
            Target::Sqlite(path) => path.exists(),
            Target::Postgres => true,
        })
    }

    /// The default settings for this database.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: Secret::new(url.into()), ..Self::default() }
    }
}

/// Is this an address that could be opened? Nothing is connected.
pub fn check_address(url: &Secret<String>) -> Result<()> {
    match Target::of(url)? {
        Target::Sqlite(_) => Ok(()),
        Target::Postgres => Address::parse(url).map(drop),
    }
}

/// The database an address names.
pub(crate) enum Target {
    Sqlite(PathBuf),
    Postgres,
}

impl Target {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres => Dialect::Postgres,
        }
    }

    /// Reads the address; its text may hold a password and is never repeated in the error.
    pub(crate) fn of(url: &Secret<String>) -> Result<Self> {
        let url = url.expose();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres);
        }
        let Some(rest) = url.strip_prefix("sqlite:") else {
            let text = "the address of a database begins with sqlite: or postgres://";
            return Err(Trouble::new("database-scheme", text).into());
        };
        let path = rest.strip_prefix("//").unwrap_or(rest);
        if path.is_empty() || path.starts_with(":memory:") {
            let text = "a SQLite database needs the path of a file: sqlite:<path>";
            return Err(Trouble::new("database-path", text).into());
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Result<Target> {
        Target::of(&Secret::new(url.to_owned()))
    }

    #[test]
    fn an_address_names_an_engine_and_a_bad_one_is_not_repeated() {
        assert!(
            matches!(target("sqlite:data/a.db"), Ok(Target::Sqlite(path)) if path.as_os_str() == "data/a.db")
        );
        assert!(matches!(target("sqlite:///a.db"), Ok(Target::Sqlite(path)) if path.as_os_str() == "/a.db"));
        assert!(matches!(target("postgres://u@h/d"), Ok(Target::Postgres)));
        for bad in ["mysql://u:hunter2@h/d", "sqlite:", "sqlite::memory:", ""] {
            let Err(error) = target(bad) else { panic!("{bad} was accepted") };
            assert!(!error.to_string().contains("hunter2"));
        }
    }
}

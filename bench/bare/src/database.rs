//! Either engine.

use anyhow::{Context, Result, bail};

use crate::announcement::Announcement;
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;

/// The database, by its URL.
pub(crate) enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Database {
    /// `sqlite:<path>` or `postgres://…`.
    pub(crate) fn open(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Sqlite::open(path).map(Self::Sqlite).with_context(|| format!("cannot open {path}"));
        }
        if url.starts_with("postgres://") {
            return Postgres::open(url).map(Self::Postgres);
        }
        bail!("a database is `sqlite:<path>` or `postgres://…`")
    }

    /// One announcement.
    pub(crate) async fn find(&self, id: String) -> Result<Option<Announcement>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.find(&id),
            Self::Postgres(postgres) => postgres.find(id).await,
        }
    }

    /// A page, and how many there are in all.
    pub(crate) async fn list(&self, limit: i64, offset: i64) -> Result<(Vec<Announcement>, i64)> {
        match self {
            Self::Sqlite(sqlite) => sqlite.list(limit, offset),
            Self::Postgres(postgres) => postgres.list(limit, offset).await,
        }
    }

    /// Writes one; it is on the disk when this returns.
    pub(crate) async fn insert(&self, row: Announcement) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.insert(row).await,
            Self::Postgres(postgres) => postgres.insert(row).await,
        }
    }

    /// The stored password of an account.
    pub(crate) async fn password(&self, email: String) -> Result<Option<String>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.password(&email),
            Self::Postgres(postgres) => postgres.password(email).await,
        }
    }
}

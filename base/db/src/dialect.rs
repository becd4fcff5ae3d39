//! Which engine speaks.

/// The engine behind a connection. Asking for it is the only escape from the common vocabulary of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The embedded engine.
    Sqlite,
    /// The server.
    Postgres,
}

impl Dialect {
    /// Its name in logs, metrics and the marks of migration files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

//! What can go wrong below the vocabulary, and the errors it becomes.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use socle_kernel::{Error, codes};

/// When to come back after a refusal.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What a failed statement means for the transaction it stood in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Poison {
    /// It is void up to the next savepoint.
    Statement,
    /// It is void as a whole; the same closure may succeed when run again.
    Serialization,
    /// The server describes a prepared statement differently than before; run again with a fresh one.
    StalePlan,
    /// The connection is gone.
    Lost,
}

/// A failed statement.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) poison: Poison,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, poison: Poison::Statement }
    }
}

/// An engine's own error, with the statement it speaks of.
#[derive(Debug)]
pub(crate) struct StatementError {
    /// The five-character code of the SQL standard, where the engine gives one.
    pub(crate) state: Option<String>,
    sql: String,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl StatementError {
    pub(crate) fn new(
        sql: &str,
        state: Option<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let sql: String = sql.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
        Self { state, sql, source: source.into() }
    }
}
impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in `{}`", self.sql)
    }
}
impl std::error::Error for StatementError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// Not now: come back in a second.
pub(crate) fn unavailable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(codes::SERVICE_UNAVAILABLE).retry_after(RETRY_AFTER).because(why)
}

/// A closure panicked.
pub(crate) fn panicked(payload: &(dyn Any + Send)) -> Error {
    let message = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a message".to_owned());
    Error::internal(format!("a database closure panicked: {message}"))
}

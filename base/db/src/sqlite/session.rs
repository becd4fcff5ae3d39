//! One connection to a SQLite file, and how its statements run.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::{CachedStatement, Connection, ErrorCode};
use socle_kernel::Error;

use crate::constraint::ConstraintViolation;
use crate::control::Control;
use crate::failure::{Failure, Poison, StatementError, unavailable};
use crate::params::Params;
use crate::row::{RowReader, Source};
use crate::sqlite::constraint;
use crate::sqlite::open::Privilege;
use crate::sqlite::value::Bound;

/// A connection and its privilege.
pub(crate) struct SqliteSession {
    connection: Connection,
    privilege: Privilege,
}

impl SqliteSession {
    pub(crate) fn new((connection, privilege): (Connection, Privilege)) -> Self {
        Self { connection, privilege }
    }

    /// Counts, after each commit, the pages that wait in the log.
    pub(crate) fn count_pages(&mut self, pages: Arc<AtomicI64>) -> Result<(), Failure> {
        let hook = move |_: &mut rusqlite::hooks::Wal, waiting: i32| {
            pages.store(waiting.into(), Ordering::Relaxed);
            Ok(())
        };
        let outcome = self.connection.wal_hook(Some(hook));
        outcome.map_err(|error| self.failure(error.into(), "wal_hook", Params::NONE))
    }

    /// Runs a statement; `each` is given every row until it answers false.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: Params<'_>,
        mut each: impl FnMut(&mut RowReader<'_>) -> socle_kernel::Result<bool>,
    ) -> Result<(), Failure> {
        let outcome = self.connection.prepare_cached(sql).map_err(Stop::from).and_then(|mut statement| {
            bind(&mut statement, params)?;
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                if !each(&mut RowReader::new(Source::Sqlite(row)))? {
                    break;
                }
            }
            Ok(())
        });
        outcome.map_err(|stop| self.failure(stop, sql, params))
    }

    /// Runs a statement that gives no rows; how many rows it touched.
    pub(crate) fn execute(&mut self, sql: &str, params: Params<'_>) -> Result<u64, Failure> {
        let outcome = self.connection.prepare_cached(sql).map_err(Stop::from).and_then(|mut statement| {
            bind(&mut statement, params)?;
            Ok(statement.raw_execute()? as u64)
        });
        outcome.map_err(|stop| self.failure(stop, sql, params))
    }

    /// Prepares a text without running it.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), Failure> {
        let outcome = self.connection.prepare_cached(sql).map(|_| ());
        outcome.map_err(|error| self.failure(error.into(), sql, Params::NONE))
    }

    /// Opens, ends or leaves a transaction.
    pub(crate) fn control(&mut self, control: Control) -> Result<(), Failure> {
        // The remark keeps these texts apart from any a store could write: the cache of prepared statements
        // would otherwise give a store the one that was prepared with privilege.
        let sql = match control {
            Control::Begin => "BEGIN IMMEDIATE /* room */",
            Control::BeginSnapshot => "BEGIN /* room */",
            Control::Commit => "COMMIT /* room */",
            Control::Rollback => "ROLLBACK /* room */",
            Control::Mark => "SAVEPOINT mark /* room */",
            Control::Keep => "RELEASE mark /* room */",
            Control::BackToMark => "ROLLBACK TO mark /* room */",
            Control::Undo => {
                self.control(Control::BackToMark)?;
                return self.control(Control::Keep);
            }
        };
        self.privilege.store(true, Ordering::Relaxed);
        let outcome = self.execute(sql, Params::NONE).map(|_| ());
        self.privilege.store(false, Ordering::Relaxed);
        outcome
    }

    /// Runs several statements of the room's own: settings, migrations.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        self.privilege.store(true, Ordering::Relaxed);
        let outcome = self.connection.execute_batch(sql);
        self.privilege.store(false, Ordering::Relaxed);
        outcome.map_err(|error| self.failure(error.into(), sql, Params::NONE))
    }

    /// Runs a statement of the room's own whose rows tell nothing new.
    pub(crate) fn query_privileged(&mut self, sql: &'static str) -> Result<(), Failure> {
        self.privilege.store(true, Ordering::Relaxed);
        let outcome = self.query(sql, Params::NONE, |_| Ok(true));
        self.privilege.store(false, Ordering::Relaxed);
        outcome
    }

    /// How many rows this connection has inserted, changed or deleted, undone or not.
    pub(crate) fn changes(&self) -> u64 {
        self.connection.total_changes()
    }

    /// Is a transaction open? SQLite closes one by itself when the disk fails.
    pub(crate) fn is_in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    fn failure(&self, stop: Stop, sql: &str, params: Params<'_>) -> Failure {
        let error = match stop {
            Stop::Ours(error) => error,
            Stop::Engine(error) => self.error(error, sql, params),
        };
        Failure { error, poison: Poison::Statement }
    }

    fn error(&self, error: rusqlite::Error, sql: &str, params: Params<'_>) -> Error {
        if let rusqlite::Error::SqliteFailure(failure, message) = &error {
            let message = message.as_deref().unwrap_or_default();
            if let Some(violation) =
                constraint::violation(&self.connection, failure.extended_code, message, sql, params)
            {
                return ConstraintViolation::into_error(violation);
            }
            if matches!(failure.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) {
                return unavailable(StatementError::new(sql, None, error));
            }
        }
        Error::internal(StatementError::new(sql, None, error))
    }
}

/// Why a statement stopped.
enum Stop {
    Ours(Error),
    Engine(rusqlite::Error),
}
impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}
impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
    }
}

fn bind(statement: &mut CachedStatement<'_>, params: Params<'_>) -> Result<(), Stop> {
    if statement.parameter_count() != params.len() {
        let (places, values) = (statement.parameter_count(), params.len());
        return Err(
            Error::internal(format!("a statement with {places} places was given {values} values")).into()
        );
    }
    for (at, value) in params.values().enumerate() {
        statement.raw_bind_parameter(at + 1, Bound(&*value?))?;
    }
    Ok(())
}

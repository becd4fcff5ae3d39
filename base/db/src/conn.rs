//! A connection, and the vocabulary a store speaks to it.

use std::collections::HashMap;
use std::sync::Arc;

use socle_kernel::{Error, FromValue, Result, ToValue};

use crate::control::Control;
use crate::dialect::Dialect;
use crate::failure::{Failure, Poison};
use crate::params::Params;
use crate::postgres::session::PostgresSession;
use crate::row::{Row, RowReader};
use crate::shared::Shared;
use crate::sqlite::session::SqliteSession;

/// A connection to the database. Values are bound to the places `?1`, `?2`, … of the text.
pub struct Conn {
    session: Session,
    shared: Arc<Shared>,
    is_in_transaction: bool,
    poison: Option<Poison>,
    /// The texts made of static parts, by where those parts stand.
    texts: HashMap<TextKey, Arc<str>>,
}

/// What a text is made of. Static parts are the same when they stand at the same place and are as long: nothing is
/// hashed but numbers.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct TextKey {
    first: (usize, usize),
    second: (usize, usize),
    build: usize,
}

impl TextKey {
    /// Of a table and columns, written by `build`.
    fn of_table(
        table: &'static str,
        columns: &'static [&'static str],
        build: fn(&str, &[&str]) -> String,
    ) -> Self {
        Self {
            first: (table.as_ptr() as usize, table.len()),
            second: (columns.as_ptr() as usize, columns.len()),
            build: build as usize,
        }
    }

    /// Of a text and two numbers, written by `build`.
    pub(crate) fn of_numbers(
        sql: &'static str,
        numbers: (usize, usize),
        build: fn(&str, usize, usize) -> String,
    ) -> Self {
        Self { first: (sql.as_ptr() as usize, sql.len()), second: numbers, build: build as usize }
    }
}

pub(crate) enum Session {
    Sqlite(SqliteSession),
    Postgres(Box<PostgresSession>),
}

impl Conn {
    pub(crate) fn new(session: Session, shared: Arc<Shared>) -> Self {
        Self { session, shared, is_in_transaction: false, poison: None, texts: HashMap::new() }
    }

    /// Which engine this is: the only escape from the common vocabulary.
    pub fn dialect(&self) -> Dialect {
        self.shared.dialect
    }

    /// What was attached to the database with this type.
    pub fn attachment<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.shared.attachment()
    }

    /// The first row, if there is one.
    pub fn opt<T: Row>(&mut self, sql: &'static str, params: &[&dyn ToValue]) -> Result<Option<T>> {
        self.first(sql, Params::Dyn(params), read_row)
    }

    /// The first row; its absence is a bug.
    pub fn one<T: Row>(&mut self, sql: &'static str, params: &[&dyn ToValue]) -> Result<T> {
        self.opt(sql, params)?.ok_or_else(|| no_row(sql))
    }

    /// All rows.
    pub fn all<T: Row>(&mut self, sql: &'static str, params: &[&dyn ToValue]) -> Result<Vec<T>> {
        self.rows(sql, Params::Dyn(params), read_row)
    }

    /// The first value of the first row; its absence is a bug. An `Option` reads NULL as `None`.
    pub fn scalar<T: FromValue>(&mut self, sql: &'static str, params: &[&dyn ToValue]) -> Result<T> {
        self.opt_scalar(sql, params)?.ok_or_else(|| no_row(sql))
    }

    /// The first value of the first row, if there is one.
    pub fn opt_scalar<T: FromValue>(
        &mut self,
        sql: &'static str,
        params: &[&dyn ToValue],
    ) -> Result<Option<T>> {
        self.first(sql, Params::Dyn(params), read_value)
    }

    /// The first value of every row.
    pub fn scalars<T: FromValue>(&mut self, sql: &'static str, params: &[&dyn ToValue]) -> Result<Vec<T>> {
        self.rows(sql, Params::Dyn(params), read_value)
    }

    /// Runs a statement; how many rows it touched.
    pub fn exec(&mut self, sql: &'static str, params: &[&dyn ToValue]) -> Result<u64> {
        self.execute(sql, Params::Dyn(params))
    }

    /// Runs a statement that must touch exactly one row.
    pub fn exec_one(&mut self, sql: &'static str, params: &[&dyn ToValue]) -> Result<()> {
        let touched = self.exec(sql, params)?;
        exactly_one(touched, sql)
    }

    pub(crate) fn rows<T>(
        &mut self,
        sql: &str,
        params: Params<'_>,
        mut read: impl FnMut(&mut RowReader<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.query(sql, params, |row| {
            rows.push(read(row)?);
            Ok(true)
        })?;
        Ok(rows)
    }

    pub(crate) fn first<T>(
        &mut self,
        sql: &str,
        params: Params<'_>,
        mut read: impl FnMut(&mut RowReader<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut first = None;
        self.query(sql, params, |row| {
            first = Some(read(row)?);
            Ok(false)
        })?;
        Ok(first)
    }

    /// Gives `each` every row until it answers false.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: Params<'_>,
        each: impl FnMut(&mut RowReader<'_>) -> Result<bool>,
    ) -> Result<()> {
        self.admit(sql)?;
        let outcome = match &mut self.session {
            Session::Sqlite(session) => session.query(sql, params, each),
            Session::Postgres(session) => session.query(sql, params, each),
        };
        outcome.map_err(|failure| self.fail(failure))
    }

    pub(crate) fn execute(&mut self, sql: &str, params: Params<'_>) -> Result<u64> {
        self.admit(sql)?;
        let outcome = match &mut self.session {
            Session::Sqlite(session) => session.execute(sql, params),
            Session::Postgres(session) => session.execute(sql, params),
        };
        outcome.map_err(|failure| self.fail(failure))
    }

    pub(crate) fn prepare(&mut self, sql: &str) -> Result<()> {
        let outcome = match &mut self.session {
            Session::Sqlite(session) => session.prepare(sql),
            Session::Postgres(session) => session.prepare(sql),
        };
        outcome.map_err(|failure| self.fail(failure))
    }

    /// Runs several statements of the room's own.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        let outcome = match &mut self.session {
            Session::Sqlite(session) => session.batch(sql),
            Session::Postgres(session) => session.batch(sql),
        };
        outcome.map_err(|failure| self.fail(failure))
    }

    /// Opens, ends or leaves a transaction.
    pub(crate) fn control(&mut self, control: Control) -> Result<(), Failure> {
        let outcome = match &mut self.session {
            Session::Sqlite(session) => session.control(control),
            Session::Postgres(session) => session.control(control),
        };
        if let Err(failure) = outcome {
            self.poison = Some(failure.poison);
            return Err(failure);
        }
        match control {
            Control::Begin | Control::BeginSnapshot => {
                self.is_in_transaction = true;
                self.poison = None;
            }
            Control::Commit | Control::Rollback => self.is_in_transaction = false,
            Control::Mark | Control::Keep | Control::Undo | Control::BackToMark => {}
        }
        Ok(())
    }

    /// What went wrong last; forgotten when asked.
    pub(crate) fn take_poison(&mut self) -> Option<Poison> {
        self.poison.take()
    }

    pub(crate) fn poison(&self) -> Option<Poison> {
        self.poison
    }

    pub(crate) fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// The text for a table and the columns of a row, built once per connection.
    pub(crate) fn text(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        build: fn(&str, &[&str]) -> String,
    ) -> Arc<str> {
        self.text_of(TextKey::of_table(table, columns, build), || build(table, columns))
    }

    /// The text of this key, built once per connection. Keys are made of what stands in the program: their number
    /// is bounded.
    pub(crate) fn text_of(&mut self, key: TextKey, build: impl FnOnce() -> String) -> Arc<str> {
        self.texts.entry(key).or_insert_with(|| build().into()).clone()
    }

    /// After a failure in a transaction nothing more may be done in it: PostgreSQL refuses, so SQLite does too.
    fn admit(&mut self, sql: &str) -> Result<()> {
        if self.shared.records_statements {
            self.shared.saw(sql);
        }
        if self.is_in_transaction && self.poison.is_some() {
            return Err(Error::internal(
                "a statement after a failed one, in the same transaction and outside attempt",
            ));
        }
        Ok(())
    }

    fn fail(&mut self, failure: Failure) -> Error {
        self.poison = Some(failure.poison);
        failure.error
    }
}

/// The error of an UPDATE or DELETE by key that did not find its row, or found several.
pub(crate) fn exactly_one(touched: u64, sql: &str) -> Result<()> {
    if touched == 1 {
        return Ok(());
    }
    Err(Error::internal(format!("{touched} rows were touched, not one, by {sql}")))
}

pub(crate) fn read_row<T: Row>(row: &mut RowReader<'_>) -> Result<T> {
    row.check(T::COLUMNS)?;
    T::from_row(row)
}

pub(crate) fn read_value<T: FromValue>(row: &mut RowReader<'_>) -> Result<T> {
    row.next()
}

fn no_row(sql: &str) -> Error {
    Error::internal(format!("no row where one must be: {sql}"))
}

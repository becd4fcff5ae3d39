//! One connection to a PostgreSQL server, and how its statements run.

use std::borrow::Cow;
use std::collections::HashMap;

use postgres::types::{ToSql, Type};
use postgres::{Client, Statement};
use socle_kernel::{Error, Result, Value};

use crate::control::Control;
use crate::failure::Failure;
use crate::params::Params;
use crate::placeholders;
use crate::postgres::failure::failure;
use crate::postgres::value::{Sent, fits, natural_type};
use crate::row::{RowReader, Source};

/// Prepared statements kept: more than all stores together have.
const STATEMENTS: usize = 512;

/// A connection and its prepared statements.
pub(crate) struct PostgresSession {
    client: Client,
    statements: HashMap<Box<str>, Statement>,
}

impl PostgresSession {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, statements: HashMap::new() }
    }

    /// Runs a statement; `each` is given every row until it answers false.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: Params<'_>,
        mut each: impl FnMut(&mut RowReader<'_>) -> Result<bool>,
    ) -> Result<(), Failure> {
        let values = params.values().collect::<Result<Vec<_>>>()?;
        let statement = self.statement(sql, &values)?;
        let sent: Vec<Sent<'_>> = values.into_iter().map(Sent).collect();
        let rows = self.client.query(&statement, &references(&sent)).map_err(|error| failure(error, sql))?;
        for row in &rows {
            if !each(&mut RowReader::new(Source::Postgres(row)))? {
                break;
            }
        }
        Ok(())
    }

    /// Runs a statement; how many rows it touched.
    pub(crate) fn execute(&mut self, sql: &str, params: Params<'_>) -> Result<u64, Failure> {
        let values = params.values().collect::<Result<Vec<_>>>()?;
        let statement = self.statement(sql, &values)?;
        let sent: Vec<Sent<'_>> = values.into_iter().map(Sent).collect();
        self.client.execute(&statement, &references(&sent)).map_err(|error| failure(error, sql))
    }

    /// Prepares a text without running it.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), Failure> {
        let (text, _) = admit(sql)?;
        self.client.prepare(&text).map(|_| ()).map_err(|error| failure(error, sql))
    }

    /// Opens, ends or leaves a transaction.
    pub(crate) fn control(&mut self, control: Control) -> Result<(), Failure> {
        self.batch(match control {
            // Serializable, as the session says.
            Control::Begin => "BEGIN",
            Control::BeginSnapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Control::Commit => "COMMIT",
            Control::Rollback => "ROLLBACK",
            Control::Mark => "SAVEPOINT mark",
            Control::Keep => "RELEASE SAVEPOINT mark",
            Control::BackToMark => "ROLLBACK TO SAVEPOINT mark",
            Control::Undo => "ROLLBACK TO SAVEPOINT mark; RELEASE SAVEPOINT mark",
        })
    }

    /// Runs several statements of the room's own.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        self.client.batch_execute(sql).map_err(|error| failure(error, sql))
    }

    /// Forgets what is prepared: the tables have changed.
    pub(crate) fn forget_statements(&mut self) {
        self.statements.clear();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// The prepared statement for a text, of types that these values fit.
    ///
    /// A parameter's type is declared by its first value that is not NULL: left to the server, `?1` in
    /// `INSERT … SELECT ?1` would be a text and in `?1 + 1` a number of 32 bits.
    fn statement(&mut self, sql: &str, values: &[Cow<'_, Value>]) -> Result<Statement, Failure> {
        if let Some(statement) = self.statements.get(sql)
            && accepts(statement, values)
        {
            return Ok(statement.clone());
        }
        let (text, places) = admit(sql)?;
        if places != values.len() {
            let given = values.len();
            return Err(Error::internal(format!(
                "a statement with {places} places was given {given} values"
            ))
            .into());
        }
        let types: Vec<Type> = values.iter().map(|value| natural_type(value)).collect();
        let statement = self.client.prepare_typed(&text, &types).map_err(|error| failure(error, sql))?;
        if !accepts(&statement, values) {
            return Err(Error::internal(format!("the values do not fit the places of {sql}")).into());
        }
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.into(), statement.clone());
        Ok(statement)
    }
}

fn accepts(statement: &Statement, values: &[Cow<'_, Value>]) -> bool {
    let types = statement.params();
    types.len() == values.len() && types.iter().zip(values).all(|(expected, value)| fits(value, expected))
}

/// The text in the server's spelling and the number of its places, unless it meddles with the transaction.
fn admit(sql: &str) -> Result<(String, usize), Failure> {
    if placeholders::controls_transaction(sql) {
        return Err(Error::internal(format!("transactions are the room's own affair: {sql}")).into());
    }
    Ok(placeholders::dollars(sql))
}

fn references<'a>(sent: &'a [Sent<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    sent.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

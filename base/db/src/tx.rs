//! A transaction, and what is written in it.

use std::ops::{Deref, DerefMut};

use socle_kernel::{Error, Result, ToValue, Value};

use crate::conn::{Conn, exactly_one};
use crate::control::Control;
use crate::failure::Poison;
use crate::params::Params;
use crate::row::Row;

/// A transaction: a connection that may also write. It is committed by the room when the closure ends well.
///
/// After a failed statement everything else in it fails too, and it is undone as a whole; what may fail stands
/// in [`Tx::attempt`].
pub struct Tx<'conn> {
    conn: &'conn mut Conn,
    wakes: bool,
}

impl Deref for Tx<'_> {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.conn
    }
}
impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

impl<'conn> Tx<'conn> {
    pub(crate) fn new(conn: &'conn mut Conn) -> Self {
        Self { conn, wakes: false }
    }

    /// Inserts a row.
    pub fn insert<T: Row>(&mut self, table: &'static str, row: &T) -> Result<()> {
        let sql = self.conn.text(table, T::COLUMNS, insert_text);
        let touched = self.conn.execute(&sql, Params::Values(&row.values()))?;
        exactly_one(touched, &sql)
    }

    /// Replaces the row with the same `id`, which must exist.
    pub fn update<T: Row>(&mut self, table: &'static str, row: &T) -> Result<()> {
        let id = T::COLUMNS.iter().position(|column| *column == "id");
        let mut values = row.values();
        let Some(id) = id.filter(|id| *id < values.len()) else {
            return Err(Error::internal(format!("a row of {table} has no id to update it by")));
        };
        let id = values.remove(id);
        values.push(id);
        let sql = self.conn.text(table, T::COLUMNS, update_text);
        let touched = self.conn.execute(&sql, Params::Values(&values))?;
        exactly_one(touched, &sql)
    }

    /// Deletes the row with this `id`; was there one?
    pub fn delete_by_id(&mut self, table: &'static str, id: impl ToValue) -> Result<bool> {
        let sql = self.conn.text(table, &[], delete_text);
        let id: [Value; 1] = [id.to_value()];
        Ok(self.conn.execute(&sql, Params::Values(&id))? > 0)
    }

    /// Does something that may fail: when it does, only its own effects are undone and the transaction goes on.
    pub fn attempt<T>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        if self.conn.poison().is_some() {
            return Err(Error::internal("an attempt after a failed statement, in the same transaction"));
        }
        self.conn.control(Control::Mark).map_err(|failure| failure.error)?;
        let mut inner = Tx::new(self.conn);
        let outcome = work(&mut inner).and_then(|value| inner.refuse_when_poisoned().map(|()| value));
        let wakes = inner.wakes;
        let end = match self.conn.poison() {
            // A savepoint does not mend these: the transaction as a whole is void.
            Some(Poison::Serialization | Poison::StalePlan | Poison::Lost) => return outcome,
            Some(Poison::Statement) => Control::Undo,
            None if outcome.is_err() => Control::Undo,
            None => Control::Keep,
        };
        self.conn.control(end).map_err(|failure| failure.error)?;
        self.conn.take_poison();
        self.wakes |= wakes && outcome.is_ok();
        outcome
    }

    /// Those who listen to commits (`Db::on_commit`) are called once this transaction is committed.
    pub fn wake(&mut self) {
        self.wakes = true;
    }

    pub(crate) fn wakes(&self) -> bool {
        self.wakes
    }

    /// A closure that swallowed a failure must not be committed.
    pub(crate) fn refuse_when_poisoned(&self) -> Result<()> {
        match self.conn.poison() {
            None => Ok(()),
            Some(_) => Err(Error::internal("a transaction went on after a failed statement outside attempt")),
        }
    }
}

fn insert_text(table: &str, columns: &[&str]) -> String {
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
    format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "))
}

fn update_text(table: &str, columns: &[&str]) -> String {
    let columns = columns.iter().filter(|column| **column != "id");
    let changes: Vec<String> =
        columns.zip(1..).map(|(column, place)| format!("{column} = ?{place}")).collect();
    format!("UPDATE {table} SET {} WHERE id = ?{}", changes.join(", "), changes.len() + 1)
}

fn delete_text(table: &str, _: &[&str]) -> String {
    format!("DELETE FROM {table} WHERE id = ?1")
}

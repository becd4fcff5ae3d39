//! Rows and the structs they become.

use socle_kernel::{Error, FromValue, Result, Value};

use crate::postgres;
use crate::sqlite;

/// A struct that is read from and written to a row; derived.
pub trait Row: Sized {
    /// The columns, in the order of the fields.
    const COLUMNS: &'static [&'static str];

    /// Reads the struct: the next values of the row, in the order of [`Row::COLUMNS`].
    fn from_row(row: &mut RowReader<'_>) -> Result<Self>;

    /// The values, in the order of [`Row::COLUMNS`].
    fn values(&self) -> Vec<Value>;
}

/// How many names there are in all.
#[doc(hidden)]
pub const fn width(parts: &[&[&str]]) -> usize {
    let (mut rest, mut width) = (parts, 0);
    while let Some((part, others)) = rest.split_first() {
        width += part.len();
        rest = others;
    }
    width
}

/// All the names, part after part; `N` is their [`width`].
#[doc(hidden)]
#[expect(clippy::indexing_slicing, reason = "computed by the compiler, which refuses an index out of bounds")]
pub const fn joined<const N: usize>(parts: &[&'static [&'static str]]) -> [&'static str; N] {
    let mut names = [""; N];
    let (mut rest, mut next) = (parts, 0);
    while let Some((part, others)) = rest.split_first() {
        let mut part: &[&'static str] = part;
        while let Some((name, more)) = part.split_first() {
            names[next] = *name;
            next += 1;
            part = more;
        }
        rest = others;
    }
    names
}

/// A row being read from left to right.
pub struct RowReader<'row> {
    source: Source<'row>,
    next: usize,
}

#[derive(Clone, Copy)]
pub(crate) enum Source<'row> {
    Sqlite(&'row rusqlite::Row<'row>),
    Postgres(&'row ::postgres::Row),
}

impl<'row> RowReader<'row> {
    pub(crate) fn new(source: Source<'row>) -> Self {
        Self { source, next: 0 }
    }

    /// The next value.
    #[expect(
        clippy::should_implement_trait,
        reason = "each call has its own type, which an iterator cannot have"
    )]
    pub fn next<T: FromValue>(&mut self) -> Result<T> {
        let at = self.next;
        self.next += 1;
        let value = self.value(at)?;
        T::from_value(value).map_err(|error| Error::from(error).arg("column", self.column(at)))
    }

    /// The value of the column at this place, from 0.
    pub(crate) fn value(&self, at: usize) -> Result<Value> {
        match self.source {
            Source::Sqlite(row) => sqlite::value::decode(row, at),
            Source::Postgres(row) => postgres::value::decode(row, at),
        }
    }

    fn column(&self, at: usize) -> String {
        let name = match self.source {
            Source::Sqlite(row) => row.as_ref().column_name(at).ok(),
            Source::Postgres(row) => row.columns().get(at).map(::postgres::Column::name),
        };
        name.unwrap_or_default().to_owned()
    }

    fn width(&self) -> usize {
        match self.source {
            Source::Sqlite(row) => row.as_ref().column_count(),
            Source::Postgres(row) => row.len(),
        }
    }

    /// Are these the first columns of the row? The number is always checked; the names only in debug builds,
    /// where the tests run: it would cost as much as reading the row.
    pub(crate) fn check(&self, columns: &[&str]) -> Result<()> {
        let names_differ = || columns.iter().enumerate().any(|(at, column)| self.column(at) != *column);
        if self.width() < columns.len() || (cfg!(debug_assertions) && names_differ()) {
            let found: Vec<String> = (0..self.width()).map(|at| self.column(at)).collect();
            return Err(Error::internal(format!(
                "the columns read are {}, the struct has {}",
                found.join(", "),
                columns.join(", ")
            )));
        }
        Ok(())
    }
}

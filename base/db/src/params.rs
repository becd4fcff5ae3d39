//! The values a statement is given.

use std::borrow::Cow;

use socle_kernel::{Error, Result, ToValue, Value, codes};

/// The values of one statement, in the order of their numbers.
#[derive(Clone, Copy)]
pub(crate) enum Params<'a> {
    /// As a store writes them.
    Dyn(&'a [&'a dyn ToValue]),
    /// As a row or a list holds them.
    Values(&'a [Value]),
}

impl<'a> Params<'a> {
    pub(crate) const NONE: Params<'static> = Params::Values(&[]);

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Dyn(params) => params.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// Each value in its stored form. A text with a NUL is refused: PostgreSQL cannot store one, and SQLite
    /// would cut it in some functions.
    pub(crate) fn values(self) -> impl Iterator<Item = Result<Cow<'a, Value>>> {
        (0..self.len()).filter_map(move |at| {
            let value = match self {
                Self::Dyn(params) => Cow::Owned(params.get(at)?.to_value()),
                Self::Values(values) => Cow::Borrowed(values.get(at)?),
            };
            Some(match &*value {
                Value::Text(text) if text.as_bytes().contains(&0) => {
                    Err(Error::invalid_field("", codes::BAD_CHARACTERS))
                }
                _ => Ok(value),
            })
        })
    }
}

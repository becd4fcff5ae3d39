//! A constraint that was violated, named alike on both engines.

use std::fmt;

use socle_kernel::{Error, Result, codes};

/// Which sort of constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintKind {
    /// UNIQUE or PRIMARY KEY.
    Unique,
    /// FOREIGN KEY.
    ForeignKey,
    /// CHECK.
    Check,
    /// NOT NULL.
    NotNull,
}

/// A violated constraint: the cause inside an [`Error`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstraintViolation {
    /// Which sort.
    pub kind: ConstraintKind,
    /// Its name: `table_pkey`, `table_column_key`, `table_column_fkey`, `table_column_check`,
    /// `table_column_not_null`, or the name it was given. Empty when SQLite does not tell which foreign key
    /// a hand-written statement broke.
    pub name: String,
}

impl fmt::Display for ConstraintViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.name.is_empty() { "of a foreign key" } else { &self.name };
        write!(f, "the constraint {name} is violated")
    }
}
impl std::error::Error for ConstraintViolation {}

impl ConstraintViolation {
    /// The error nobody has handled yet: somebody else's change stands in the way (409), or a bug (500).
    pub(crate) fn into_error(self) -> Error {
        match self.kind {
            ConstraintKind::Unique | ConstraintKind::ForeignKey => Error::new(codes::CONFLICT).because(self),
            ConstraintKind::Check | ConstraintKind::NotNull => Error::internal(self),
        }
    }

    fn is(&self, kind: ConstraintKind, name: &str) -> bool {
        self.kind == kind && (self.name == name || self.name.is_empty())
    }
}

/// Turns the violation of a known constraint into the error the caller should see.
pub trait OnConstraint: Sized {
    /// When the UNIQUE constraint or primary key of this name was violated: `error()` instead.
    #[must_use]
    fn on_unique(self, name: &str, error: impl FnOnce() -> Error) -> Self;

    /// When the foreign key of this name was violated: `error()` instead.
    #[must_use]
    fn on_foreign_key(self, name: &str, error: impl FnOnce() -> Error) -> Self;
}

impl<T> OnConstraint for Result<T> {
    fn on_unique(self, name: &str, error: impl FnOnce() -> Error) -> Self {
        replace(self, ConstraintKind::Unique, name, error)
    }

    fn on_foreign_key(self, name: &str, error: impl FnOnce() -> Error) -> Self {
        replace(self, ConstraintKind::ForeignKey, name, error)
    }
}

fn replace<T>(
    result: Result<T>,
    kind: ConstraintKind,
    name: &str,
    error: impl FnOnce() -> Error,
) -> Result<T> {
    result.map_err(|failure| match failure.cause::<ConstraintViolation>() {
        Some(violation) if violation.is(kind, name) => error(),
        _ => failure,
    })
}

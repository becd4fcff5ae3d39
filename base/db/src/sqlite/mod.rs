//! The embedded engine: one writer that commits in groups, many readers.

pub(crate) mod checkpoint;
pub(crate) mod constraint;
pub(crate) mod engine;
pub(crate) mod open;
pub(crate) mod session;
pub(crate) mod value;
pub(crate) mod writer;

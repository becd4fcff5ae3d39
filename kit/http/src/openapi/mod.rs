//! The OpenAPI 3.1 document, built from what handlers say of themselves.

mod document;
mod operation;
mod translate;

pub use document::{Document, Info};
pub use operation::Operation;
pub(crate) use operation::{Access, ParameterPlace};

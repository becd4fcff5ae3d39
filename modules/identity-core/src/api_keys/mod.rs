//! API keys: the text of a key, the row, and how a key is found; the rest is the wing's that administers them.

pub mod format;
pub mod model;
pub mod store;

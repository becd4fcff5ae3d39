//! What every wing asks of roles; the rest is the wing's that administers them.

pub mod rules;
pub mod store;

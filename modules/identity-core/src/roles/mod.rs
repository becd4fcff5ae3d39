//! What every wing asks of roles and grants; the rest is the wing's that administers them.

pub mod model;
pub mod rules;
pub mod store;

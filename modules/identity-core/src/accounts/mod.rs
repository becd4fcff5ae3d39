//! Accounts: the row, its rules, its SQL, and how it is shown.

pub mod api;
pub mod model;
pub mod rules;
pub mod store;

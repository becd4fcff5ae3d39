//! Accounts: the row, its rules, its SQL, and how it is shown.

pub mod api;
pub mod model;
pub mod one_time;
pub mod rules;
pub mod store;

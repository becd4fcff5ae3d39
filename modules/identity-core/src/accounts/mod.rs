//! Accounts: the row, its rules, its SQL, and how it is shown.

pub mod address_change;
pub mod api;
pub mod first_proof;
pub mod judge;
pub mod model;
pub mod one_time;
pub mod rules;
pub mod store;

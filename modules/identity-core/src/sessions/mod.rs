//! Sessions: the rows, their rules and SQL, and what begins, refreshes and ends them.

pub mod api;
pub mod csrf;
pub mod attempts;
pub mod ending;
pub mod model;
pub mod service;
pub mod store;

//! Sessions: the rows, their rules and SQL, and what begins, refreshes and ends them.

pub mod api;
pub mod attempts;
pub mod csrf;
pub mod ending;
pub mod model;
pub mod service;
pub mod store;

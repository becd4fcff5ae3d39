//! What people prefer: language, notifications, colours, a goal.

pub(crate) mod api;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod store;

#[cfg(test)]
mod tests;

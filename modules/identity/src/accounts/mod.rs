//! Accounts: making one's own, one's own profile, one's own password.

pub(crate) mod api;
pub(crate) mod model;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod service;
pub(crate) mod store;

#[cfg(test)]
mod tests;

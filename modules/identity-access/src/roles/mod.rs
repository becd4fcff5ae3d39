//! Roles and permissions, as data.

pub(crate) mod api;
pub(crate) mod install;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod store;

#[cfg(test)]
mod tests;

//! Permissions granted to one account, besides those of its role (R4-208).

pub(crate) mod api;
pub(crate) mod permissions;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod store;

#[cfg(test)]
mod tests;

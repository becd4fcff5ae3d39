//! Everybody's accounts: the list, making and changing them, and tables of them.

pub(crate) mod api;
pub(crate) mod columns;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod model;
pub(crate) mod permissions;
pub(crate) mod rights;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod store;

#[cfg(test)]
mod tests;

//! Addresses: confirming them, and having another one.

pub(crate) mod api;
pub(crate) mod model;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod store;
#[cfg(test)]
mod tests;

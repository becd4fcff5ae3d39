//! How good a password is, said while it is typed.

pub(crate) mod api;
pub(crate) mod routes;
pub(crate) mod service;
#[cfg(test)]
mod tests;

//! Signing in, staying signed in, signing out.

pub(crate) mod api;
pub(crate) mod model;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod sign_in;
pub(crate) mod store;

#[cfg(test)]
mod tests;

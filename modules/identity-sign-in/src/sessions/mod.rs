//! Signing in and out, and refreshing.

pub(crate) mod api;
pub(crate) mod routes;
pub(crate) mod sign_in;

#[cfg(test)]
mod tests;

//! One's own account: making it, the profile, the password.

pub(crate) mod api;
pub(crate) mod routes;
pub(crate) mod service;

#[cfg(test)]
mod tests;

//! Signing in and out, refreshing, and the sessions one has.

pub(crate) mod api;
mod device;
pub(crate) mod routes;
pub(crate) mod sign_in;

#[cfg(test)]
mod family_tests;
#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod tests;

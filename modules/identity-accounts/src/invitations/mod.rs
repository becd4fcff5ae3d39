//! Invitations: an address may make an account, in a role that the inviter gives.

pub(crate) mod api;
pub(crate) mod model;
pub(crate) mod permissions;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod store;
#[cfg(test)]
mod tests;

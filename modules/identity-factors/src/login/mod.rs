//! The second step of a sign-in.

pub(crate) mod api;
pub(crate) mod routes;
pub(crate) mod service;

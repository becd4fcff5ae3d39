//! Proving anew who one is, in the middle of a session.

pub(crate) mod api;
pub(crate) mod routes;
pub(crate) mod service;

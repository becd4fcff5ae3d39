//! Factors that a code is typed for, and recovery codes.

pub(crate) mod api;
pub(crate) mod routes;
pub(crate) mod service;

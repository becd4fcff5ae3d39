//! The live stream: every event its reader may see, as it happens, and from any place of the past.

mod api;
mod model;
mod routes;
mod service;
#[cfg(test)]
mod tests;

pub(crate) use routes::routes;
pub(crate) use service::{ERRORS, SETTINGS};

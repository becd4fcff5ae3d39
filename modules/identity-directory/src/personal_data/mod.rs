//! What is held about a person, in all rooms: handed out on demand, and forgotten on demand.

pub(crate) mod api;
pub(crate) mod document;
pub(crate) mod listener;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod shares;
pub(crate) mod store;

#[cfg(test)]
mod tables_tests;
#[cfg(test)]
mod tests;

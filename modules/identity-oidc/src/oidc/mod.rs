//! Accounts of elsewhere: going there, coming back, and whose account it is here.

pub(crate) mod api;
mod errand;
mod model;
pub(crate) mod personal;
pub(crate) mod routes;
pub(crate) mod service;
mod store;
#[cfg(test)]
mod tests;
mod whose;

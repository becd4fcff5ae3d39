//! Roles and permissions, as data.

pub(crate) mod api;
pub(crate) mod install;
pub(crate) mod model;
pub(crate) mod permissions;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod store;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod writing_tests;

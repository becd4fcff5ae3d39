//! A forgotten password: asking for another one, and choosing it.

pub(crate) mod api;
pub(crate) mod routes;
pub(crate) mod service;
#[cfg(test)]
mod tests;

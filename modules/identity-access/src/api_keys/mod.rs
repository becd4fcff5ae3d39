//! Keys for programs: made and looked after in person (R0-13…R0-17).

pub(crate) mod api;
pub(crate) mod personal;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod service;
pub(crate) mod settings;
pub(crate) mod store;
pub(crate) mod upkeep;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod upkeep_tests;

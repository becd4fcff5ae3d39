//! Settings: defaults, profile, file, environment, flags, each value with its source.
//!
//! The crate knows no module. Whoever reads a setting declares it ([`Setting`]); the declarations make a
//! [`Specification`]; [`Values::load`] merges the [`Sources`] under it and reports every problem at once.
//! From the weakest to the strongest: default, profile, alias variables (`NODE_ENV`), file, `.env`,
//! environment, flag. An empty text counts as unset everywhere.

mod base;
mod document;
mod dotenv;
mod gather;
mod parse;
mod problem;
mod render;
mod setting;
mod specification;
mod values;

#[cfg(test)]
mod tests;

pub use base::BASE;
pub use gather::Sources;
pub use ipnet::IpNet;
pub use parse::Quota;
pub use problem::{Problem, Source};
pub use render::{Shown, default_toml, env_example, show};
pub use setting::{Setting, SettingKind};
pub use specification::Specification;
pub use values::Values;

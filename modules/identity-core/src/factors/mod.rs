//! Second factors: their rows, their rules, their SQL, and whether a code is right.

pub mod api;
pub mod duty;
pub mod model;
pub mod personal;
pub mod service;
pub mod store;
pub mod totp;

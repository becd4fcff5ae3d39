//! Logs, metrics and health: what an operator sees of a running server.

pub mod health;
pub mod logs;
pub mod metrics;

mod line;

pub use health::{Component, Health, Importance, Report, Status};
pub use logs::LogFormat;
pub use metrics::Metrics;

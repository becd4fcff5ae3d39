//! Requests for a mail by people who need not say who they are: put down and counted, answered alike, done aside.

pub(crate) mod model;
pub(crate) mod queue;
pub(crate) mod store;

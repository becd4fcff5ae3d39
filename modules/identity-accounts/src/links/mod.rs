//! Tokens in mails: made, found again, and the addresses that carry them.

pub(crate) mod address;
pub(crate) mod model;
pub(crate) mod personal;
pub(crate) mod store;

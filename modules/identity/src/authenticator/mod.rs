//! Who is this? What is presented, then the session and the account behind it.
//!
//! Each means has a file: `bearer`, `cookie`, `api_key`. The `service` asks them in their order.

mod api_key;
mod bearer;
mod cookie;
mod presence;
mod refusals;
mod service;
mod store;

#[cfg(test)]
mod cookie_tests;
#[cfg(test)]
mod tests;

pub use service::authenticator;

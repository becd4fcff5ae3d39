//! Who is this? The bearer's token, then the session and the account behind it.

mod presence;
mod service;
mod store;

#[cfg(test)]
mod tests;

pub use service::authenticator;

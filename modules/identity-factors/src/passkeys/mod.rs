//! Passkeys (WebAuthn): making them, and signing in with nothing else.

pub(crate) mod api;
pub(crate) mod routes;
pub(crate) mod service;

//! A whole application over a throw-away database, with actors and event assertions.
//!
//! Requests go through the real edge: what a test sees is what a client sees. Only the question "who is this?"
//! is answered by the test itself, so that a module is tested without the room that answers it in earnest. That
//! room brings its own answer ([`TestAppBuilder::authenticator`]).
#![expect(clippy::expect_used, clippy::panic, reason = "a broken test setup must fail the test, loudly")]

mod actors;
mod app;
mod request;

pub use actors::{ActorBuilder, SignedInActor};
pub use app::{TestApp, TestAppBuilder};
pub use request::{TestRequest, TestResponse};
pub use socle_db::throwaway::Throwaway;

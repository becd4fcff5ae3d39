//! Letters between rooms and the few questions they may ask: plain data, one file per writing room.

pub mod access;
pub mod identity;
pub mod intranet;
pub mod invitations;
mod people;

pub use people::{BoxFuture, Group, PEOPLE_MAX, People, Person};

//! Letters between rooms and the few questions they may ask: plain data, one file per writing room.

pub mod access;
mod changes;
pub mod identity;
pub mod intranet;
pub mod invitations;
mod people;

pub use changes::changes_access;
pub use people::{BoxFuture, Group, PEOPLE_MAX, People, Person};

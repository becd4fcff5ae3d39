//! What everybody speaks of: identifiers, time, randomness, errors, pages, permissions, actors.
//!
//! This crate imports nothing of ours and does no I/O. Time and randomness are values handed around
//! ([`Clock`], [`Random`], [`Ids`]), so that a test can choose them.

mod actor;
mod error;
mod id;
mod page;
mod permission;
mod random;
mod rfc3339;
mod secret;
mod text;
mod time;
mod trouble;
mod value;

pub use actor::{Actor, ActorKind, User, UserId};
pub use error::{Arg, Code, Error, FieldError, Kind, MOST_FIELDS, OrNotFound, Result, codes};
pub use id::{Id, Ids, InvalidId};
pub use page::{Direction, MAX_LIMIT, MAX_OFFSET, Page, Position, Slice, Sort};
pub use permission::{Permission, PermissionSet, scoped};
pub use random::Random;
pub use secret::Secret;
pub use text::{Line, Text, fold, is_blank, is_control, trimmed};
pub use time::{Clock, Timestamp};
pub use trouble::Trouble;
pub use value::{FromValue, ToValue, Value, ValueError};
/// Re-exported so that `text_enum!` works in crates that do not name serde or schemars themselves.
#[doc(hidden)]
pub use {schemars, serde};

//! The arguments of a handler: each refuses or yields, and describes what it asks.

mod body;
mod headers;
mod listing;
mod path;
mod policy;

pub use body::{Body, CsvBody, Merge, OptionalBody};
pub use headers::{IfMatch, LastEventId, RequiredIfMatch};
pub(crate) use listing::pairs;
pub use listing::{Listing, NoFilter, Query};
pub use path::Path;
pub use policy::{
    CallerOf, FreshProof, Public, Require, RequireProved, RequiredPermission, SignedIn, Visitor,
};

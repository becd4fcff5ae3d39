//! Routes, extractors, replies, dialects, errors and OpenAPI: the only crate that names axum.
//!
//! A request passes through [`server::Edge`] (identity of the request, guard, caller), reaches a handler
//! whose arguments refuse or yield (`extract`), and its reply is rendered in the dialect of its path
//! (`reply`). What an argument checks it also describes in the OpenAPI document (`openapi`).

mod browser;
mod context;
mod cookies;
mod describe;
mod dialect;
mod docs;
mod door;
mod extract;
mod openapi;
mod patch;
mod ports;
mod problem;
mod reply;
mod routes;
mod schema;
mod server;
mod well_known;

/// The messages of this crate: one locale per language.
pub const ENGLISH: &str = include_str!("../i18n/en.ftl");
/// The messages of this crate, in French.
pub const FRENCH: &str = include_str!("../i18n/fr.ftl");

/// The French of what this crate says in English in the API document.
pub const FRENCH_TEXTS: &str = include_str!("../i18n/fr.toml");

pub use axum::extract::State;
pub use browser::{RequestCookies, Returned, SeeOther};
pub use context::{Context, RequestId};
pub use cookies::{Cookie, WithCookies, cookie_of};
pub use describe::{DescribeInput, DescribeReply, Described};
pub use dialect::Dialect;
pub use docs::Write as WriteDocument;
pub use extract::{
    Body, CallerOf, CsvBody, FreshProof, IfMatch, LastEventId, Listing, Merge, NoFilter, OptionalBody, Path,
    Public, Query, Require, RequireProved, RequiredIfMatch, RequiredPermission, SignedIn, Visitor,
};
pub use http::{HeaderMap, HeaderValue};
pub use openapi::{Document, Info, Operation};
pub use ports::{Admission, Authenticator, BoxFuture, Caller, Gate, Means, Origin, Refusal, Scope, Who};
pub use problem::{Refused, status_of};
pub use reply::{
    Accepted, Created, CsvMedia, Download, DownloadMedia, Either, EventStream, JsonMedia, Many, NoContent,
    One, Plain, Raw, StreamItem,
};
pub use routes::{Policy, RouteCard, Routes};
pub use schema::{check_value, parse_strict};
pub use server::{
    Edge, EdgeParts, EdgeSettings, Exchange, ExchangeBody, ListenSettings, Server, Shutdown, TrustedProxies,
};
#[doc(hidden)]
pub use socle_kernel::Permission;
pub use well_known::WellKnown;

/// What a handler returns: a reply, or an error on its way to the edge.
pub type Answer<T> = Result<T, Refused>;

/// Declares the type-level name of a permission, for `Require<…>`.
///
/// `permission!(pub(crate) ManageThings = MANAGE_THINGS);` makes `ManageThings` stand for the constant `MANAGE_THINGS`.
#[macro_export]
macro_rules! permission {
    ($(#[$meta:meta])* $vis:vis $name:ident = $constant:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        $vis struct $name;
        impl $crate::RequiredPermission for $name {
            const PERMISSION: $crate::Permission = $constant;
            fn proof() -> Self {
                Self
            }
        }
    };
}

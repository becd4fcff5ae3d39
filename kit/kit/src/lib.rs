//! The single door of a module: what it says of itself ([`Module`]), what it is handed ([`Kit`]), and the
//! vocabulary of the floors below, re-exported.

pub mod assembly;
mod demo;
mod module;
mod personal;
pub mod sealing;

pub use demo::{Demo, DemoPerson};
pub use module::{Kit, Listener, Module, Periodic};
pub use personal::{Erasure, PORTION, Personal, PersonalData, Portion};

/// Settings, their sources and kinds.
pub use socle_config as config;
/// Letters and questions between rooms.
pub use socle_contracts as contracts;
/// Passwords, tokens, keyed hashes.
pub use socle_crypto as crypto;
/// The database.
pub use socle_db as db;
/// The outbox.
pub use socle_events as events;
/// Routes, extractors, replies.
pub use socle_http as http;
/// Languages and sentences.
pub use socle_i18n as i18n;
/// Identifiers, time, errors, pages, permissions, actors.
pub use socle_kernel as kernel;
/// Mail.
pub use socle_mail as mail;
/// Logs, metrics and health.
pub use socle_observe as observe;

/// What nearly every file of a module names.
pub mod prelude {
    pub use socle_db::{Conn, Db, OnConstraint, Row, Tx};
    pub use socle_events::Emit;
    pub use socle_http::{
        Answer, Body, Created, FreshProof, IfMatch, Listing, Many, Merge, NoContent, One, OptionalBody, Path,
        Public, Query, Require, RequireProved, RequiredIfMatch, Routes, SignedIn, State, Visitor,
    };
    pub use socle_kernel::{
        Actor, Code, Error, FieldError, Id, Kind, Line, OrNotFound, Page, Permission, Result, Slice, Text,
        Timestamp, User, UserId, codes,
    };

    pub use crate::{Kit, Module};
}

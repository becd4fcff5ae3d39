//! What is known of a request before its handler runs.

use std::sync::{Arc, OnceLock};

use http::Extensions;
use socle_i18n::{Catalogue, Language};
use socle_kernel::{Actor, Error, Result, Timestamp};

use crate::dialect::Dialect;
use crate::door::Door;
use crate::ports::{Admission, Caller, Gate, Origin, Who};

/// The identifier of a request: given by the client (when well formed) or made here; on every answer and
/// log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

/// What the edge knows of a request. One per request, shared by reference.
#[derive(Clone)]
pub struct Context(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) id: RequestId,
    pub(crate) dialect: Dialect,
    pub(crate) language: Language,
    pub(crate) origin: Origin,
    pub(crate) who: Who,
    /// Who acts when there is no caller.
    pub(crate) nobody: Actor,
    pub(crate) gate: Arc<dyn Gate>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) received: Timestamp,
    pub(crate) body_limit: usize,
    pub(crate) body_timeout: std::time::Duration,
    /// The door of the route that answers; set when it is reached.
    pub(crate) door: OnceLock<Arc<Door>>,
    /// The state of the route's own limit, for the RateLimit fields.
    pub(crate) counted: OnceLock<Admission>,
}

impl Context {
    /// The context that the edge put into the request.
    pub fn of(extensions: &Extensions) -> Result<&Self> {
        extensions
            .get::<Self>()
            .ok_or_else(|| Error::internal("a request reached a handler without its context"))
    }

    /// The request's identifier.
    pub fn id(&self) -> &RequestId {
        &self.0.id
    }

    /// The dialect of the request's path.
    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// The reader's language.
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// Where the request came from.
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// Who acts: the caller, or the anonymous actor.
    pub fn actor(&self) -> &Actor {
        match &self.0.who {
            Who::Known(caller) => &caller.actor,
            Who::Anonymous | Who::Refused(_) => &self.0.nobody,
        }
    }

    /// When the request arrived.
    pub fn received(&self) -> Timestamp {
        self.0.received
    }

    /// The caller, when credentials were presented and are valid.
    pub fn caller(&self) -> Option<&Caller> {
        match &self.0.who {
            Who::Known(caller) => Some(caller),
            Who::Anonymous | Who::Refused(_) => None,
        }
    }

    /// The caller, or why there is none (`UNAUTHORIZED`, or the refusal of what was presented). One who is confined
    /// is refused everywhere but where the confined may go.
    pub(crate) fn signed_in(&self) -> Result<&Caller> {
        match &self.0.who {
            Who::Known(caller) => match caller.confined {
                Some(why) if !self.0.door.get().is_some_and(|door| door.for_confined) => Err(Error::new(why)),
                Some(_) | None => Ok(caller),
            },
            Who::Anonymous => Err(Error::new(socle_kernel::codes::UNAUTHORIZED)),
            Who::Refused(code) => Err(Error::new(*code)),
        }
    }
}

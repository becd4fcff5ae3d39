//! The two ports of the edge: who is this, and may this request pass. Rooms implement them.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use socle_i18n::Language;
use socle_kernel::{Actor, Code, Result, Timestamp};

/// A future whose type is hidden: what a port can be asked for.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, after the trusted-proxy rules.
    pub address: IpAddr,
    /// Did the client speak TLS (to us, or to a trusted proxy that says so)?
    pub secure: bool,
    /// The client's name for itself, cut to 256 characters.
    pub user_agent: Option<Arc<str>>,
}

/// How a caller proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A bearer token.
    Bearer,
    /// A session cookie.
    Cookie,
    /// An API key.
    ApiKey,
}

/// A caller whose credentials are valid.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who acts, with what they may do.
    pub actor: Actor,
    /// The session the credentials belong to, in its text form; the key itself when it is an API key.
    pub session: Arc<str>,
    /// The credentials presented.
    pub means: Means,
    /// Until when the last proof of who they are (a password, a second factor) counts as fresh; none when there
    /// was none, as for API keys.
    pub proved_until: Option<Timestamp>,
    /// The language of their preference.
    pub language: Option<Language>,
    /// Why the caller may reach no more than the routes open to the confined (`Routes::for_confined`); none when
    /// nothing holds them back.
    pub confined: Option<Code>,
}

/// The answer to "who is this?".
#[derive(Debug, Clone)]
pub enum Who {
    /// No credentials were presented.
    Anonymous,
    /// Valid ones were.
    Known(Caller),
    /// Credentials were presented and are not valid; a route that needs a caller answers with this code.
    Refused(Code),
}

/// Who is this? Implemented by identity.
pub trait Authenticator: Send + Sync {
    /// Reads the credentials of a request. An error is a failure to find out (the database is away), never
    /// a refusal.
    fn authenticate<'a>(&'a self, headers: &'a HeaderMap, origin: &'a Origin) -> BoxFuture<'a, Result<Who>>;

    /// May this caller, known by a cookie, write? A browser sends cookies along whoever had it make the request: the
    /// headers must show that it was a page of ours. Else the code of the answer.
    fn admit_write(&self, caller: &Caller, headers: &HeaderMap) -> Result<(), Code> {
        let (_, _) = (caller, headers);
        Ok(())
    }
}

/// The state of a limit after a request was counted: what the RateLimit header fields say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// The policy's name.
    pub policy: &'static str,
    /// Requests per window.
    pub quota: u32,
    /// The window.
    pub window: Duration,
    /// Requests left now.
    pub remaining: u32,
    /// Until the quota is whole again.
    pub reset: Duration,
}

/// Whom a limit is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody at one address.
    Address,
    /// One account, wherever it calls from.
    Account,
    /// One API key, wherever it calls from.
    ApiKey,
}

/// A request that may not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Why: the code of the answer.
    pub code: Code,
    /// Who is refused: each has its own sentence.
    pub scope: Scope,
    /// When to come back; none when never.
    pub retry_after: Option<Duration>,
    /// The limit that was reached, if one was.
    pub limit: Option<Admission>,
}

/// May this request pass? Implemented by the guard.
pub trait Gate: Send + Sync {
    /// Before anything else: is this address welcome at all?
    fn admit(&self, address: IpAddr) -> Result<(), Refusal>;

    /// Counts a request against a named policy; `None` when the policy is off. Anonymous callers are
    /// counted by address (IPv6 by /64), known ones by account.
    fn count(
        &self,
        policy: &'static str,
        origin: &Origin,
        actor: &Actor,
    ) -> Result<Option<Admission>, Refusal>;

    /// Counts a request made with an API key, named by its identifier: each key has its own share (R0-09).
    fn count_key(&self, policy: &'static str, key: &str) -> Result<Option<Admission>, Refusal>;
}

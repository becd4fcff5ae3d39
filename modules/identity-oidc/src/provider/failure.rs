//! What can go wrong with a provider; the reasons are for the log alone.

use std::time::Duration;

use socle_kit::kernel::{Error, Result, Timestamp};

use crate::errors::{OIDC_PROVIDER_FAILED, OIDC_REFUSED};

/// The provider is away or answers nonsense: not the caller's fault.
pub(super) fn failed(reason: impl Into<String>) -> Error {
    Error::new(OIDC_PROVIDER_FAILED).because(reason.into())
}

/// What the provider says is not to be believed.
pub(super) fn refused(reason: impl Into<String>) -> Error {
    Error::new(OIDC_REFUSED).because(reason.into())
}

/// How long a provider that failed is left in peace. Those who come meanwhile are told at once: else each would wait
/// until the answer to all before has not come.
const REST: Duration = Duration::from_secs(10);

/// When the provider failed the last time.
#[derive(Default)]
pub(super) struct LastFailure(Option<Timestamp>);

impl LastFailure {
    /// Refuses to ask a provider that has just failed.
    pub(super) fn check(&self, now: Timestamp) -> Result<()> {
        let is_fresh = self.0.is_some_and(|at| now < at.plus(REST));
        if is_fresh { Err(failed("it failed a moment ago")) } else { Ok(()) }
    }

    /// Remembers whether the provider has answered.
    pub(super) fn note<T>(&mut self, answer: Result<T>, now: Timestamp) -> Result<T> {
        self.0 = answer.is_err().then_some(now);
        answer
    }
}

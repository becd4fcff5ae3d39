//! What can go wrong with a provider; the reasons are for the log alone.

use socle_kit::kernel::Error;

use crate::errors::{OIDC_PROVIDER_FAILED, OIDC_REFUSED};

/// The provider is away or answers nonsense: not the caller's fault.
pub(super) fn failed(reason: impl Into<String>) -> Error {
    Error::new(OIDC_PROVIDER_FAILED).because(reason.into())
}

/// What the provider says is not to be believed.
pub(super) fn refused(reason: impl Into<String>) -> Error {
    Error::new(OIDC_REFUSED).because(reason.into())
}

//! The wire shapes of the second step of a sign-in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::kernel::{Error, FieldError, Result, Secret, Timestamp, codes};

use crate::relying_party::Wire;
use socle_identity_core::sessions::api::SessionWish;

/// The challenge that a sign-in answered with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OpenChallenge {
    /// The `challenge` of the sign-in.
    #[schemars(length(min = 1, max = 128))]
    pub(crate) challenge: Secret<String>,
}

/// The answer to a challenge: a code or a passkey.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"challenge": "mssLT_GJ…", "code": "123456"}))]
pub(crate) struct FactorAnswer {
    /// The `challenge` of the sign-in.
    #[schemars(length(min = 1, max = 128))]
    pub(crate) challenge: Secret<String>,
    /// A code: of an application, mailed, or a recovery code.
    #[serde(default)]
    #[schemars(length(min = 6, max = 64))]
    pub(crate) code: Option<Secret<String>>,
    /// What the browser gave for a passkey.
    #[serde(default)]
    pub(crate) credential: Option<Wire>,
    /// By what to be known from now on: `tokens`, or `cookie` for pages in a browser.
    #[serde(default)]
    pub(crate) session: SessionWish,
}

/// A code or a passkey.
pub(crate) enum Presented {
    Code(Secret<String>),
    Passkey(Wire),
}

/// Exactly one of the two.
pub(crate) fn presented(code: Option<Secret<String>>, credential: Option<Wire>) -> Result<Presented> {
    match (code, credential) {
        (Some(code), None) => Ok(Presented::Code(code)),
        (None, Some(credential)) => Ok(Presented::Passkey(credential)),
        (None, None) => {
            Err(Error::invalid(vec![FieldError::new("code", codes::REQUIRED).arg("instead", "credential")]))
        }
        (Some(_), Some(_)) => {
            Err(Error::invalid(vec![FieldError::new("credential", codes::EXCLUSIVE).arg("other", "code")]))
        }
    }
}

/// A code was mailed.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MailedView {
    /// Until when it is taken.
    pub(crate) expires_at: Timestamp,
}

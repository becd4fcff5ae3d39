//! The wire shapes of accounts of elsewhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_identity_core::sessions::api::SessionWish;
use socle_kit::kernel::{Secret, Timestamp};

use super::model::Link;

/// Whether people may sign in with an account of elsewhere, and with whose.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProviderView {
    /// Is a provider set?
    pub(crate) enabled: bool,
    /// What people call it: the text of the button.
    pub(crate) name: Option<String>,
}

/// How somebody begins.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Start {
    /// Of an app outside the browser: SHA-256 of a random text, in URL-safe base64 (RFC 7636, `S256`).
    #[serde(default)]
    #[schemars(length(min = 43, max = 43), regex(pattern = "^[A-Za-z0-9_-]*$"))]
    pub(crate) challenge: Option<String>,
}

/// How somebody ends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Completion {
    /// What the page found in its address.
    #[schemars(length(min = 1, max = 128))]
    pub(crate) ticket: Secret<String>,
    /// The text whose `challenge` the app began with.
    #[serde(default)]
    #[schemars(length(min = 43, max = 128))]
    pub(crate) verifier: Option<Secret<String>>,
    /// By what to be known from now on: `tokens`, or `cookie` for pages in a browser.
    #[serde(default)]
    pub(crate) session: SessionWish,
}

/// Where a browser is to be sent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DepartureView {
    /// The address at the provider.
    pub(crate) url: String,
}

/// An account of elsewhere that opens this one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkView {
    /// The provider, as it names itself.
    issuer: String,
    /// The address the provider told last.
    email: Option<String>,
    linked_at: Timestamp,
    last_used_at: Timestamp,
}

impl From<Link> for LinkView {
    fn from(link: Link) -> Self {
        Self {
            issuer: link.issuer,
            email: link.email,
            linked_at: link.created_at,
            last_used_at: link.last_used_at,
        }
    }
}

//! The wire shapes of passkeys.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_identity_core::factors::model::Passkey;
use socle_kit::kernel::{Id, Line, Secret, Timestamp};

use crate::relying_party::Wire;
use socle_identity_core::sessions::api::SessionWish;

/// A passkey of one's own account.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasskeyView {
    pub(crate) id: Id<Passkey>,
    /// What the owner calls it.
    name: String,
    last_used_at: Option<Timestamp>,
    created_at: Timestamp,
    #[serde(skip)]
    pub(crate) version: i64,
    /// Recovery codes, each of which counts once: they come with the first factor, and are shown this once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recovery_codes: Vec<String>,
}

impl PasskeyView {
    pub(crate) fn with_codes(mut self, codes: &[Secret<String>]) -> Self {
        self.recovery_codes = codes.iter().map(|code| code.expose().clone()).collect();
        self
    }
}

impl From<Passkey> for PasskeyView {
    fn from(passkey: Passkey) -> Self {
        Self {
            id: passkey.id,
            name: passkey.name,
            last_used_at: passkey.last_used_at,
            created_at: passkey.created_at,
            version: passkey.version,
            recovery_codes: Vec::new(),
        }
    }
}

/// The passkeys of one's own account.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasskeysView {
    /// All of them, the oldest first.
    pub(crate) passkeys: Vec<PasskeyView>,
}

/// What a browser is asked for.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasskeyOptionsView {
    /// To be sent back with what the browser gives.
    pub(crate) challenge: String,
    /// The argument of `navigator.credentials`.
    pub(crate) public_key: Wire,
}

/// The body of a new passkey.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewPasskey {
    /// The `challenge` that came with the options.
    #[schemars(length(min = 1, max = 128))]
    pub(crate) challenge: Secret<String>,
    /// What `navigator.credentials.create` gave, as JSON.
    pub(crate) credential: Wire,
    /// What the owner calls it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub(crate) name: Option<Line>,
}

/// The body that names a passkey.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"name": "The key on my desk"}))]
pub(crate) struct PasskeyInput {
    /// What the owner calls it.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) name: Line,
}

/// The body of a sign-in with a passkey.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasskeySignIn {
    /// The `challenge` that came with the options.
    #[schemars(length(min = 1, max = 128))]
    pub(crate) challenge: Secret<String>,
    /// What `navigator.credentials.get` gave, as JSON.
    pub(crate) credential: Wire,
    /// By what to be known from now on: `tokens`, or `cookie` for pages in a browser.
    #[serde(default)]
    pub(crate) session: SessionWish,
}

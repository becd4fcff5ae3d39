//! The wire shapes of API keys. The key itself is in the answer to its making and its rotation, and nowhere else.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::prelude::*;

use socle_identity_core::api_keys::model::ApiKey;

/// An API key as its owner writes it: the body of `POST`, and what a `PATCH` is applied to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ApiKeyInput {
    /// What its owner calls it.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) name: Line,
    /// The names of the permissions it may use: only such as its owner holds, now and whenever it is used.
    #[serde(default)]
    #[schemars(length(max = 200), inner(length(min = 1, max = 201)))]
    pub(crate) scopes: Vec<String>,
    /// The addresses and networks it may be used from, `192.0.2.0/24`; from anywhere when there are none.
    #[serde(default)]
    #[schemars(length(max = 20), inner(length(min = 1, max = 50)))]
    pub(crate) networks: Vec<String>,
    /// When it ends; at the age the server allows when left out.
    #[serde(default)]
    pub(crate) expires_at: Option<Timestamp>,
}

impl From<&ApiKey> for ApiKeyInput {
    fn from(key: &ApiKey) -> Self {
        Self {
            name: Line::parse(&key.name).unwrap_or_default(),
            scopes: key.scopes.clone(),
            networks: key.networks.clone(),
            expires_at: key.expires_at,
        }
    }
}

socle_kit::kernel::text_enum! {
    /// Does a key work?
    pub(crate) enum KeyStatus {
        /// It does.
        Active = "active",
        /// It has ended.
        Expired = "expired",
    }
}

/// An API key, without the key.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeyView {
    pub(crate) id: Id<ApiKey>,
    /// Its owner.
    pub(crate) user_id: UserId,
    pub(crate) name: String,
    /// The readable beginning of the key.
    pub(crate) prefix: String,
    pub(crate) status: KeyStatus,
    /// The names of the permissions it may use, as far as its owner holds them.
    pub(crate) scopes: Vec<String>,
    /// The networks it may be used from; from anywhere when there are none.
    pub(crate) networks: Vec<String>,
    /// The end its owner chose.
    pub(crate) expires_at: Option<Timestamp>,
    /// When it ends: as its owner chose, or at the age the server allows.
    pub(crate) ends_at: Timestamp,
    /// When its present secret was made.
    pub(crate) rotated_at: Timestamp,
    /// Until when the secret before the last rotation works.
    pub(crate) previous_until: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub(crate) last_used_at: Option<Timestamp>,
    /// The address it was last used from.
    pub(crate) last_address: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    #[serde(skip)]
    pub(crate) version: i64,
}

impl ApiKeyView {
    /// The key as it stands at `now`, where secrets may be so old.
    pub(crate) fn new(key: ApiKey, max_age: Duration, now: Timestamp) -> Self {
        let ends_at = key.ends_at(max_age);
        let works = now < ends_at && key.retired_at.is_none();
        Self {
            id: key.id,
            user_id: key.user_id,
            name: key.name,
            prefix: key.prefix,
            status: if works { KeyStatus::Active } else { KeyStatus::Expired },
            scopes: key.scopes,
            networks: key.networks,
            expires_at: key.expires_at,
            ends_at,
            rotated_at: key.rotated_at,
            previous_until: key.previous_until.filter(|until| works && now < *until),
            last_used_at: key.last_used_at,
            last_address: key.last_address,
            created_at: key.created_at,
            updated_at: key.updated_at,
            version: key.version,
        }
    }
}

/// An API key with the key: shown once. It is a secret: not to be kept by caches or logs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewApiKeyView {
    /// The key, to be presented as `X-API-Key`. It cannot be shown again.
    pub(crate) key: String,
    #[serde(flatten)]
    pub(crate) about: ApiKeyView,
}

/// Whose keys are asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ApiKeyFilter {
    /// This account's, for those who administer accounts; one's own when left out.
    pub(crate) user: Option<UserId>,
    /// Everybody's, for those who administer accounts.
    pub(crate) all: Option<bool>,
}

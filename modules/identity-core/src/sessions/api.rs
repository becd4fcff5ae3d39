//! The wire shape of what one receives on signing in, by whatever way.

use schemars::JsonSchema;
use serde::Serialize;

use super::service::SignedIn;
use crate::accounts::api::AccountView;

/// What one receives on signing in (C13). It is a secret: not to be kept by caches or logs.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedInView {
    /// The same as `accessToken`.
    token: String,
    /// Presented as `Authorization: Bearer` with each request.
    access_token: String,
    /// Presented once, to `POST /auth/refresh`.
    refresh_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// The life of the access token, in seconds.
    expires_in: u64,
    user: AccountView,
}

impl From<SignedIn> for SignedInView {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            token: signed_in.access_token.clone(),
            access_token: signed_in.access_token,
            refresh_token: signed_in.refresh_token.expose().clone(),
            token_type: "Bearer",
            expires_in: signed_in.expires_in.as_secs(),
            user: signed_in.account.into(),
        }
    }
}

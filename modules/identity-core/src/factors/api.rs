//! The wire shapes of second factors that several wings answer with.

use schemars::JsonSchema;
use serde::Serialize;
use socle_kit::kernel::Timestamp;

use super::model::Method;
use crate::sessions::ending::Asked;

/// A sign-in of which the first step succeeded: it ends with a second factor, at `POST /auth/login/factor`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeView {
    /// Always true; a finished sign-in does not have it.
    factor_required: bool,
    /// To be sent back with the second factor.
    challenge: String,
    /// The factors of this account.
    factors: Vec<Method>,
    /// Until when the challenge may be answered.
    expires_at: Timestamp,
}

impl From<Asked> for ChallengeView {
    fn from(asked: Asked) -> Self {
        Self {
            factor_required: true,
            challenge: asked.challenge.expose().clone(),
            factors: asked.methods,
            expires_at: asked.expires_at,
        }
    }
}

/// The account is of a role that needs a second factor, and has none yet.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentView {
    /// Always true.
    required: bool,
    /// From then on the session reaches nothing but what is needed to add a factor.
    until: Timestamp,
}

impl EnrolmentView {
    /// Due at this moment.
    pub const fn due(until: Timestamp) -> Self {
        Self { required: true, until }
    }
}

//! The wire shapes of second factors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_identity_core::factors::api::EnrolmentView;
use socle_identity_core::factors::model::{Factor, FactorKind};
use socle_kit::kernel::{Id, Line, Secret, Timestamp};

/// The second factors of one's own account.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FactorsView {
    /// The factors that a code is typed for.
    pub(crate) factors: Vec<FactorView>,
    /// How many passkeys there are.
    pub(crate) passkeys: usize,
    /// How many recovery codes are left.
    pub(crate) recovery_codes_left: i64,
    /// There when the role needs a second factor that the account does not have yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) factor_enrolment: Option<EnrolmentView>,
}

/// A factor that a code is typed for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FactorView {
    pub(crate) id: Id<Factor>,
    kind: FactorKind,
    /// What the owner calls it.
    name: String,
    /// It was verified, and is asked for at sign-in.
    is_active: bool,
    last_used_at: Option<Timestamp>,
    created_at: Timestamp,
    #[serde(skip)]
    pub(crate) version: i64,
}

impl From<Factor> for FactorView {
    fn from(factor: Factor) -> Self {
        Self {
            id: factor.id,
            kind: factor.kind,
            name: factor.name,
            is_active: factor.confirmed_at.is_some(),
            last_used_at: factor.last_used_at,
            created_at: factor.created_at,
            version: factor.version,
        }
    }
}

/// The body that names a factor.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"name": "My telephone"}))]
pub(crate) struct FactorInput {
    /// What the owner calls it.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) name: Line,
}

/// The body of a set-up: what the new factor is called.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"name": "My telephone"}))]
pub(crate) struct SetUp {
    /// What the owner calls it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub(crate) name: Option<Line>,
}

/// What an authenticator application is told. It is a secret, and shown this once.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TotpView {
    /// The factor, not yet active.
    pub(crate) id: Id<Factor>,
    /// The secret in base32, for those who cannot scan.
    pub(crate) secret: String,
    /// The address that applications read.
    pub(crate) otpauth_url: String,
    /// The same as a QR code: a PNG in a data URL.
    pub(crate) qr_code_url: String,
    /// The same as SVG.
    pub(crate) qr_code_svg: String,
}

/// A code of the second factor.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"token": "123456"}))]
pub(crate) struct TotpToken {
    /// The code that the application shows.
    #[schemars(length(min = 6, max = 64))]
    pub(crate) token: Secret<String>,
}

/// Whether a code was right.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ValidityView {
    /// It was. It does not count again.
    pub(crate) valid: bool,
}

/// Recovery codes, each of which counts once. They are secrets, and shown this once.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecoveryCodesView {
    /// The codes; none when those made before still hold.
    pub(crate) recovery_codes: Vec<String>,
}

impl RecoveryCodesView {
    pub(crate) fn of(codes: &[Secret<String>]) -> Self {
        Self { recovery_codes: codes.iter().map(|code| code.expose().clone()).collect() }
    }
}

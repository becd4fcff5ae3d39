//! The wire shapes of proofs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::kernel::{Error, FieldError, Result, Secret, Timestamp, codes};

use crate::relying_party::Wire;

/// A proof of who one is: one of a password, a code, and a passkey. An account with a second factor shows that.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"code": "123456"}))]
pub(crate) struct ProofInput {
    /// The password, of an account without a second factor.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) password: Option<Secret<String>>,
    /// A code: of an application, mailed, or a recovery code.
    #[serde(default)]
    #[schemars(length(min = 6, max = 64))]
    pub(crate) code: Option<Secret<String>>,
    /// The `challenge` that came with the options of a passkey.
    #[serde(default)]
    #[schemars(length(min = 1, max = 128))]
    pub(crate) challenge: Option<Secret<String>>,
    /// What the browser gave for a passkey.
    #[serde(default)]
    pub(crate) credential: Option<Wire>,
}

/// What is shown.
pub(crate) enum Shown {
    Password(Secret<String>),
    Code(Secret<String>),
    Passkey(Secret<String>, Wire),
}

impl ProofInput {
    /// Exactly one proof.
    pub(crate) fn shown(self) -> Result<Shown> {
        let required = |field| Error::invalid_field(field, codes::REQUIRED);
        match (self.password, self.code, self.credential) {
            (Some(password), None, None) => Ok(Shown::Password(password)),
            (None, Some(code), None) => Ok(Shown::Code(code)),
            (None, None, Some(credential)) => {
                let challenge = self.challenge.ok_or_else(|| required("challenge"))?;
                Ok(Shown::Passkey(challenge, credential))
            }
            (None, None, None) => {
                let field = FieldError::new("password", codes::REQUIRED).arg("instead", "code");
                Err(Error::invalid(vec![field]))
            }
            (Some(_), _, _) => Err(exclusive("password", "code")),
            (None, Some(_), Some(_)) => Err(exclusive("credential", "code")),
        }
    }
}

fn exclusive(field: &'static str, other: &'static str) -> Error {
    Error::invalid(vec![FieldError::new(field, codes::EXCLUSIVE).arg("other", other)])
}

/// The session has proved itself.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProofView {
    /// Until when the proof is fresh.
    pub(crate) proved_until: Timestamp,
}

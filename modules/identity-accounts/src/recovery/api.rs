//! The wire shapes of forgotten passwords.

use schemars::JsonSchema;
use serde::Deserialize;
use socle_kit::kernel::Secret;

use socle_identity_core::accounts::api::Honeypots;

/// The body that sets another password.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasswordReset {
    /// What the link of the mail holds after `#token=`.
    #[schemars(length(min = 1, max = 200))]
    pub(crate) token: Secret<String>,
    /// The password from now on.
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) password: Secret<String>,
    /// Leave empty.
    #[serde(default)]
    #[schemars(extend("x-hidden" = true))]
    website: Option<String>,
    /// Leave empty.
    #[serde(default, rename = "hp_check")]
    #[schemars(extend("x-hidden" = true))]
    hp_check: Option<String>,
    /// Leave empty.
    #[serde(default)]
    #[schemars(extend("x-hidden" = true))]
    url2: Option<String>,
}

impl Honeypots for PasswordReset {
    fn honeypots(&self) -> [Option<&str>; 3] {
        [self.website.as_deref(), self.hp_check.as_deref(), self.url2.as_deref()]
    }
}

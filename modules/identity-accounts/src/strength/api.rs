//! The wire shapes of judging a password.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::kernel::{Line, Secret};

use socle_identity_core::accounts::api::Honeypots;

/// A password that is being thought up. It is forgotten with the answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Candidate {
    /// The password.
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) password: Secret<String>,
    /// The address of the account; a password must not lean on it.
    #[serde(default)]
    #[schemars(length(max = 254))]
    pub(crate) email: Option<Line>,
    /// The user name of the account.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) username: Option<Line>,
    /// The first name.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) first_name: Option<Line>,
    /// The last name.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) last_name: Option<Line>,
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

impl Candidate {
    /// The names and addresses the password may not lean on.
    pub(crate) fn identities(&self) -> Vec<String> {
        let given = [&self.email, &self.username, &self.first_name, &self.last_name];
        given.into_iter().flatten().map(|line| line.as_str().to_owned()).collect()
    }
}

impl Honeypots for Candidate {
    fn honeypots(&self) -> [Option<&str>; 3] {
        [self.website.as_deref(), self.hp_check.as_deref(), self.url2.as_deref()]
    }
}

/// How good a password is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StrengthView {
    /// From 0 (guessed at once) to 4 (strong).
    #[schemars(range(min = 0, max = 4))]
    pub(crate) score: u8,
    /// Would it be taken here?
    pub(crate) is_accepted: bool,
    /// What stands against it, in the reader's language.
    pub(crate) reasons: Vec<ReasonView>,
    /// What would make it better, in the reader's language.
    pub(crate) suggestions: Vec<String>,
}

/// A thing that stands against a password.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReasonView {
    /// The code that a registration would answer with; null for what is weak and allowed.
    pub(crate) code: Option<String>,
    /// The sentence.
    pub(crate) message: String,
}

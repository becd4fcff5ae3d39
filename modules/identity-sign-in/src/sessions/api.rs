//! The wire shapes of signing in.

use schemars::JsonSchema;
use serde::Deserialize;
use socle_kit::kernel::{Error, FieldError, Line, Result, Secret, codes};

use socle_identity_core::accounts::api::Honeypots;

/// The body of a sign-in (C13): one of `email`, `username` and `login`, whichever the form calls it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"username": "marie.martin", "password": "marie123"}))]
pub(crate) struct SignIn {
    /// The address or the user name.
    #[serde(default)]
    #[schemars(length(min = 1, max = 254))]
    email: Option<Line>,
    /// The address or the user name.
    #[serde(default)]
    #[schemars(length(min = 1, max = 254))]
    username: Option<Line>,
    /// The address or the user name.
    #[serde(default)]
    #[schemars(length(min = 1, max = 254))]
    login: Option<Line>,
    /// The password.
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

impl SignIn {
    /// Who wants to sign in; exactly one field says so.
    pub(crate) fn identifier(&self) -> Result<&str> {
        let given: Vec<(&'static str, &Line)> =
            [("email", &self.email), ("username", &self.username), ("login", &self.login)]
                .into_iter()
                .filter_map(|(field, line)| Some((field, line.as_ref().filter(|line| !line.is_empty())?)))
                .collect();
        match given.as_slice() {
            [(_, identifier)] => Ok(identifier),
            [] => {
                let field = FieldError::new("email", codes::REQUIRED).arg("instead", "username");
                Err(Error::invalid(vec![field]))
            }
            [(first, _), (second, _), ..] => {
                Err(Error::invalid(vec![FieldError::new(*second, codes::EXCLUSIVE).arg("other", *first)]))
            }
        }
    }
}

impl Honeypots for SignIn {
    fn honeypots(&self) -> [Option<&str>; 3] {
        [self.website.as_deref(), self.hp_check.as_deref(), self.url2.as_deref()]
    }
}

/// The body of a refresh.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Refresh {
    /// The refresh token last received.
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) refresh_token: Secret<String>,
}

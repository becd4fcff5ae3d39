//! The wire shapes of signing in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::kernel::{Error, FieldError, Id, Line, Result, Secret, Timestamp, codes};

use super::device;
use socle_identity_core::accounts::api::Honeypots;
use socle_identity_core::sessions::api::SessionWish;
use socle_identity_core::sessions::model::Session;

/// The body of a sign-in: one of `email`, `username` and `login`, whichever the form calls it.
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
    /// By what to be known from now on: `tokens`, or `cookie` for pages in a browser.
    #[serde(default)]
    pub(crate) session: SessionWish,
    /// A code of the second factor, when there is one at hand: of an application, mailed, or a recovery code.
    #[serde(default)]
    #[schemars(length(min = 6, max = 64))]
    pub(crate) otp: Option<Secret<String>>,
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

/// The body of a sign-out, which may be left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SignOut {
    /// The refresh token last received.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) refresh_token: Option<Secret<String>>,
}

/// The token that a write by cookie brings as `X-CSRF-Token`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CsrfTokenView {
    pub(crate) csrf_token: String,
}

/// A place where an account is signed in.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionView {
    id: Id<Session>,
    /// The browser or program and its system, as it calls itself: `Firefox, Linux`.
    device: Option<String>,
    /// The address it began at.
    address: Option<String>,
    /// It is by cookie: a page in a browser.
    by_cookie: bool,
    /// It is the one that asks.
    is_current: bool,
    created_at: Timestamp,
    /// When it was last used, to the minute.
    last_seen_at: Timestamp,
    /// When it ends if it is not used until then.
    expires_at: Timestamp,
}

impl SessionView {
    pub(crate) fn of(session: Session, current: &str) -> Self {
        Self {
            device: session.user_agent.as_deref().and_then(device::name),
            address: session.address,
            by_cookie: session.cookie_hash.is_some(),
            is_current: session.id.to_string() == current,
            id: session.id,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
        }
    }
}

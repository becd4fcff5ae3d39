//! The wire shapes of accounts: what comes in, what goes out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::i18n::Language;
use socle_kit::kernel::{Line, Secret};

use socle_identity_core::accounts::api::{AccountView, Honeypots};
use socle_identity_core::accounts::model::{Account, Profile};
use socle_identity_core::accounts::rules::PASSWORD_MAX;
use socle_identity_core::sessions::api::SessionWish;

/// The body of a registration.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "email": "ada@example.com", "username": "ada", "password": "a phrase nobody guesses", "firstName": "Ada",
}))]
pub(crate) struct Registration {
    /// The address of the account; nobody else's.
    #[schemars(length(min = 1, max = 254))]
    pub(crate) email: Line,
    /// The user name; nobody else's.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) username: Line,
    /// The password.
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) password: Secret<String>,
    /// The first name.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) first_name: Option<Line>,
    /// The last name.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) last_name: Option<Line>,
    /// By what to be known from now on: `tokens`, or `cookie` for pages in a browser.
    #[serde(default)]
    pub(crate) session: SessionWish,
    /// What the link of an invitation holds after `#token=`.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub(crate) invitation: Option<Secret<String>>,
    /// Leave empty.
    #[serde(default)]
    #[schemars(extend("x-hidden" = true))]
    pub(crate) website: Option<String>,
    /// Leave empty.
    #[serde(default, rename = "hp_check")]
    #[schemars(extend("x-hidden" = true))]
    pub(crate) hp_check: Option<String>,
    /// Leave empty.
    #[serde(default)]
    #[schemars(extend("x-hidden" = true))]
    pub(crate) url2: Option<String>,
}

impl Honeypots for Registration {
    fn honeypots(&self) -> [Option<&str>; 3] {
        [self.website.as_deref(), self.hp_check.as_deref(), self.url2.as_deref()]
    }
}

/// The part of an account that its owner writes: the body of `PUT`, and what a `PATCH` is applied to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"name": "Ada Lovelace", "phone": "+33 1 23 45 67 89", "language": "fr"}))]
pub(crate) struct ProfileInput {
    /// The name shown to others; the first and last name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub(crate) name: Option<Line>,
    /// The first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub(crate) first_name: Option<Line>,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub(crate) last_name: Option<Line>,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2_048), url, regex(pattern = r"^https?://"))]
    pub(crate) avatar: Option<String>,
    /// What one does here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub(crate) position: Option<Line>,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 32))]
    pub(crate) phone: Option<Line>,
    /// The language of what one reads; the browser's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<Language>,
}

impl ProfileInput {
    /// What the owner has written so far. A name that was built from its parts is left out, so that it follows
    /// them.
    pub(crate) fn of(account: &Account) -> Self {
        let line = |text: &Option<String>| text.as_deref().and_then(Line::parse);
        let written = Self {
            name: None,
            first_name: line(&account.first_name),
            last_name: line(&account.last_name),
            avatar: account.avatar.clone(),
            position: line(&account.position),
            phone: line(&account.phone),
            language: account.language,
        };
        let name = (account.name != account.built_name()).then(|| Line::parse(&account.name)).flatten();
        Self { name, ..written }
    }
}

impl From<ProfileInput> for Profile {
    fn from(input: ProfileInput) -> Self {
        let ProfileInput { name, first_name, last_name, avatar, position, phone, language } = input;
        Self { name, first_name, last_name, avatar, position, phone, language }
    }
}

/// The body of a change of password.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// The password until now.
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) current_password: Secret<String>,
    /// The password from now on.
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) new_password: Secret<String>,
}

/// One's own account, and what one may do.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnAccountView {
    #[serde(flatten)]
    pub(crate) account: AccountView,
    /// The names of the permissions held.
    pub(crate) permissions: Vec<String>,
}

/// The schema leaves room above the rule, so that a password that is too long is told so in the rule's words.
const _: () = assert!(PASSWORD_MAX < 1024);

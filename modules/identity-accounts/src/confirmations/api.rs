//! The wire shapes of confirming addresses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::kernel::{Line, Secret};

use socle_identity_core::accounts::api::Honeypots;

/// The body of a confirmation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Confirmation {
    /// What the link of the mail holds after `#token=`.
    #[schemars(length(min = 1, max = 200))]
    pub(crate) token: Secret<String>,
    /// Another user name, when the one of the registration was taken meanwhile.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) username: Option<Line>,
    /// The password of the registration, where the link makes the account: an address is confirmed to whoever chose it.
    #[serde(default)]
    #[schemars(length(max = 1024))]
    pub(crate) password: Option<Secret<String>>,
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

/// A form that asks for a mail.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MailWish {
    /// The address the mail is to go to.
    #[schemars(length(min = 1, max = 254))]
    pub(crate) email: Line,
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

/// The body of a change of address.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AddressChange {
    /// The address from now on, once it is confirmed.
    #[schemars(length(min = 1, max = 254))]
    pub(crate) email: Line,
}

/// An address that is confirmed, and whose it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfirmedView {
    /// The address.
    pub(crate) email: String,
    /// The user name of the account.
    pub(crate) username: String,
}

/// The answer to a request for a mail: the same whether or not one is sent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoticeView {
    /// What happens next, in the reader's language.
    pub(crate) message: String,
}

impl Honeypots for Confirmation {
    fn honeypots(&self) -> [Option<&str>; 3] {
        [self.website.as_deref(), self.hp_check.as_deref(), self.url2.as_deref()]
    }
}

impl Honeypots for MailWish {
    fn honeypots(&self) -> [Option<&str>; 3] {
        [self.website.as_deref(), self.hp_check.as_deref(), self.url2.as_deref()]
    }
}

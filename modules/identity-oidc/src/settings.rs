//! The settings of signing in elsewhere: one provider.

use socle_kit::config::{Setting, SettingKind};

/// What an operator may set.
pub(crate) const ALL: &[Setting] = &[
    Setting::new(
        "oidc.issuer",
        SettingKind::Url,
        "",
        "The OpenID provider with whose accounts people sign in, as it names itself; unset: off.",
    ),
    Setting::new("oidc.name", SettingKind::Text, "", "What people call the provider; unset: its host."),
    Setting::new("oidc.client_id", SettingKind::Text, "", "What the provider calls this server."),
    Setting::new(
        "oidc.client_secret",
        SettingKind::Secret,
        "",
        "What this server proves itself to the provider with; unset: a public client.",
    ),
    Setting::new(
        "oidc.client_authentication",
        SettingKind::Choice(&["auto", "basic", "post"]),
        "auto",
        "How the secret is sent: in a header (basic) or in the form (post); auto: as the provider says.",
    ),
    Setting::new(
        "oidc.scopes",
        SettingKind::List,
        "openid,email,profile",
        "What is asked of the provider; openid is always among it.",
    ),
    Setting::new(
        "oidc.return_url",
        SettingKind::Url,
        "",
        "The page people come back to, with #ticket=… or #error=…; unset: the address of this server.",
    ),
    Setting::new(
        "oidc.create_accounts",
        SettingKind::Bool,
        "true",
        "Make an account for who comes the first time, where registration is open.",
    ),
    Setting::new(
        "oidc.link_verified_email",
        SettingKind::Bool,
        "true",
        "Link to the account of the same address, where both sides have verified it.",
    ),
    Setting::new(
        "oidc.ca_file",
        SettingKind::Text,
        "",
        "The issuers of the provider's certificate (PEM); unset: the public ones.",
    ),
];

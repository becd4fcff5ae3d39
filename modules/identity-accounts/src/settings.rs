//! The settings of registration and of links in mails.

use socle_kit::config::{Setting, SettingKind};

/// What an operator may set.
pub(crate) const ALL: &[Setting] = &[
    Setting::new(
        "identity.email_confirmation",
        SettingKind::Choice(&["off", "optional", "required"]),
        "optional",
        "Whether those who register confirm their address; required: there is no account before.",
    ),
    Setting::new(
        "identity.pages_url",
        SettingKind::Url,
        "",
        "Where the pages are that mails link to; unset: server.public_url.",
    ),
    Setting::new("limits.password_reset", SettingKind::Quota, "3/1h", "Requests for another password."),
    Setting::new("limits.confirmation", SettingKind::Quota, "3/1h", "Requests to confirm an address."),
    Setting::new("limits.invitation", SettingKind::Quota, "60/1h", "Invitations mailed."),
    Setting::new("limits.strength", SettingKind::Quota, "20/1m", "Passwords judged while they are typed."),
];

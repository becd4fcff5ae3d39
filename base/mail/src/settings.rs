//! The settings of mail.

use std::time::Duration;

use socle_config::{Setting, SettingKind, Values};
use socle_kernel::Trouble;

use crate::sender::sender_of;
use crate::server::Server;
use crate::smtp;

/// What an operator may set.
pub const SETTINGS: &[Setting] = &[
    Setting::new(
        "mail.smtp_url",
        SettingKind::Url,
        "",
        "The mail server, smtp://user:password@host:587 or smtps://…; unset: mails are written to a folder.",
    )
    .env("SMTP_URL"),
    Setting::new(
        "mail.from",
        SettingKind::Text,
        "",
        "The sender of mails: no-reply@example.org, or Name <no-reply@example.org>.",
    ),
    Setting::new("mail.product", SettingKind::Text, "Socle", "The name that mails give to this product."),
    Setting::new(
        "mail.ca_file",
        SettingKind::Path,
        "",
        "Certificates (PEM) of issuers that the mail server's certificate may have besides the public ones.",
    ),
    Setting::new(
        "mail.timeout",
        SettingKind::Duration,
        "30s",
        "How long the delivery of one mail may take; after a crash another node waits twice as long before it sends it.",
    ),
    Setting::new(
        "mail.concurrency",
        SettingKind::Integer { min: 1, max: 64 },
        "4",
        "Mails that one node sends at once.",
    ),
    Setting::new(
        "mail.attempts",
        SettingKind::Integer { min: 1, max: 100 },
        "12",
        "How often a mail is tried; twelve times take about sixteen hours.",
    ),
    Setting::new(
        "mail.keep_failed",
        SettingKind::Duration,
        "14d",
        "How long mails are kept that could not be delivered.",
    ),
    Setting::new(
        "mail.folder_keep",
        SettingKind::Integer { min: 1, max: 100_000 },
        "200",
        "How many of the newest mails stay in the folder, where there is no mail server.",
    ),
];

/// The shortest time a delivery is given: less is a mistake.
const SHORTEST: Duration = Duration::from_millis(100);

/// What is wrong with the settings beyond their kinds. No server is asked.
pub fn troubles(values: &Values) -> Vec<(&'static str, Trouble)> {
    let mut troubles = Vec::new();
    let url = values.url("mail.smtp_url").ok().flatten();
    let server = url.map(Server::read);
    let from = values.text("mail.from").unwrap_or_default();
    if !from.is_empty() && sender_of(from).is_none() {
        troubles.push(("mail.from", Trouble::new("setting-no-sender", "is not a sender")));
    }
    if url.is_some() && from.is_empty() {
        let text = "needs a value when a mail server is set";
        troubles.push(("mail.from", Trouble::new("setting-sender-missing", text)));
    }
    if values.duration("mail.timeout").is_ok_and(|timeout| timeout < SHORTEST) {
        let text = "is too short for any delivery";
        troubles.push(("mail.timeout", Trouble::new("setting-mail-timeout", text)));
    }
    match server {
        Some(Err(trouble)) => troubles.push(("mail.smtp_url", trouble)),
        Some(Ok(server)) => {
            if let Err(trouble) = smtp::parameters(&server, values) {
                troubles.push(("mail.ca_file", trouble));
            }
        }
        None => {}
    }
    troubles
}

#[cfg(test)]
mod tests {
    use socle_config::{BASE, Sources, Specification};

    use super::*;

    fn values(given: &[(&str, &str)]) -> Values {
        let flags = given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let specification = Specification::new([BASE, SETTINGS]).unwrap();
        Values::load(&specification, &Sources { flags, ..Sources::default() }).unwrap()
    }

    #[test]
    fn r4_43_what_is_wrong_with_the_settings_is_told_by_setting_before_the_start() {
        let keys = |given: &[(&str, &str)]| {
            let found = troubles(&values(given));
            found.into_iter().map(|(setting, trouble)| (setting, trouble.key())).collect::<Vec<_>>()
        };
        assert_eq!(keys(&[]), []);
        let url = ("mail.smtp_url", "smtp://mail.example.org");
        assert_eq!(keys(&[url]), [("mail.from", "setting-sender-missing")]);
        assert_eq!(keys(&[url, ("mail.from", "a@example.org")]), []);
        assert_eq!(keys(&[("mail.from", "nobody")]), [("mail.from", "setting-no-sender")]);
        let from = ("mail.from", "a@example.org");
        assert_eq!(
            keys(&[("mail.smtp_url", "http://x"), from, ("mail.timeout", "1ms")]),
            [("mail.timeout", "setting-mail-timeout"), ("mail.smtp_url", "setting-no-smtp")]
        );
        let missing = ("mail.ca_file", "/nowhere/ca.pem");
        assert_eq!(keys(&[url, from, missing]), [("mail.ca_file", "setting-ca-unreadable")]);
    }
}

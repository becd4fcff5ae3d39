//! Announcements, and the company's other noticeboards.

use socle_kit::Module;
use socle_kit::config::{Setting, SettingKind};
use socle_kit::i18n::{Language, Locale};

socle_kit::parts!(announcements);

/// The card on the door.
pub const MODULE: Module = Module {
    name: "intranet",
    parts: PARTS,
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "intranet" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "intranet" },
    ],
    texts: include_str!("../i18n/fr.toml"),
    settings: &[Setting::new(
        "intranet.public_read",
        SettingKind::Bool,
        "false",
        "Let anybody read what the intranet shows to all; off, only the signed-in do.",
    )],
    ..Module::NONE
};

//! What people are told: the live stream of events.

mod stream;

use socle_kit::Module;
use socle_kit::i18n::{Language, Locale};

/// The card on the door.
pub const MODULE: Module = Module {
    name: "notify",
    errors: stream::ERRORS,
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "notify" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "notify" },
    ],
    texts: include_str!("../i18n/fr.toml"),
    settings: stream::SETTINGS,
    routes: stream::routes,
    ..Module::NONE
};

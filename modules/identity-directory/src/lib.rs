//! The directory: everybody's accounts, for those who administer them; what people prefer; and what is held about a
//! person, to be handed out or forgotten.

mod errors;
pub mod operator;
mod personal_data;
mod preferences;
mod users;

use socle_identity_core::accounts::model::PreferenceDefaults;
use socle_kit::Module;
use socle_kit::config::{Setting, SettingKind};
use socle_kit::db::MigrationFile;
use socle_kit::i18n::{Language, Locale};

/// What this part of the room brings.
pub const PART: Module = Module {
    permissions: &[users::permissions::ADMINISTER_USERS],
    errors: errors::ALL,
    migrations: &[MigrationFile {
        name: "0030_directory",
        sql: include_str!("../migrations/0030_directory.sql"),
    }],
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "directory" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "directory" },
    ],
    texts: include_str!("../i18n/fr.toml"),
    settings: SETTINGS,
    routes: |kit| {
        kit.db.attach(PreferenceDefaults::of(&kit.settings)?);
        Ok(users::routes::routes(kit)?
            .merge(preferences::routes::routes(kit)?)
            .merge(personal_data::routes::routes(kit)?))
    },
    listeners: |kit| vec![personal_data::listener::forget_the_erased(kit)],
    personal: personal_data::shares::ALL,
    ..Module::NONE
};

/// What an operator may set.
const SETTINGS: &[Setting] = &[
    Setting::new(
        "identity.profiles",
        SettingKind::Choice(&["everyone", "members", "administrators"]),
        "members",
        "Who sees the name, picture and place of work of others.",
    ),
    Setting::new(
        "identity.import_rows",
        SettingKind::Integer { min: 1, max: 5_000 },
        "1000",
        "The most accounts of one import; passwords in plain text take a fraction of a second each.",
    ),
    Setting::new(
        "identity.default_notifications",
        SettingKind::Bool,
        "true",
        "Whether new accounts want to be notified.",
    ),
    Setting::new(
        "identity.default_dark_mode",
        SettingKind::Bool,
        "false",
        "Whether new accounts want light letters on dark.",
    ),
    Setting::new(
        "identity.default_learning_goal",
        SettingKind::Integer { min: 1, max: 1_440 },
        "10",
        "The minutes a day that new accounts want to learn.",
    ),
];

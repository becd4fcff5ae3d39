//! Roles, permissions, and who holds them; keys for programs.

mod api_keys;
mod errors;
mod grants;
mod roles;

use std::time::Duration;

pub use api_keys::settings::troubles as api_key_troubles;
pub use grants::permissions::DELEGATE_PERMISSIONS;
pub use roles::install::install_roles;
pub use roles::permissions::MANAGE_ROLES;
use socle_kit::db::MigrationFile;
use socle_kit::i18n::{Language, Locale};
use socle_kit::{Module, Periodic};

/// What this part of the room brings.
pub const PART: Module = Module {
    permissions: &[MANAGE_ROLES, DELEGATE_PERMISSIONS],
    errors: errors::ALL,
    migrations: &[
        MigrationFile { name: "0010_grants", sql: include_str!("../migrations/0010_grants.sql") },
        MigrationFile { name: "0011_api_keys", sql: include_str!("../migrations/0011_api_keys.sql") },
    ],
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "identity-access" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "identity-access" },
    ],
    texts: include_str!("../i18n/fr.toml"),
    settings: api_keys::settings::ALL,
    personal: api_keys::personal::ALL,
    routes: |kit| {
        Ok(roles::routes::routes(kit)?
            .merge(grants::routes::routes(kit)?)
            .merge(api_keys::routes::routes(kit)?))
    },
    listeners: |kit| vec![api_keys::upkeep::password_listener(kit)],
    periodic: &[
        Periodic {
            name: "identity.expired_grants",
            every: Duration::from_secs(60),
            run: |kit| Box::pin(grants::service::purge(&kit.db, kit.clock.now())),
        },
        Periodic {
            name: "identity.api_key_ends",
            every: Duration::from_secs(60 * 60),
            run: |kit| Box::pin(api_keys::upkeep::end_keys(kit)),
        },
    ],
    ..Module::NONE
};

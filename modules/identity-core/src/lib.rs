//! What the wings of identity share: the rows of accounts and sessions and their rules, access tokens, settings.
//!
//! The room is several crates, since one could not be held in the head: this one below, the wings beside each other
//! above it, and `socle-identity`, which is the room's card and what the roof asks for.

pub mod access_token;
pub mod accounts;
pub mod api_keys;
pub mod changes;
pub mod demo;
pub mod errors;
pub mod exposure;
pub mod factors;
pub mod keys;
pub mod permissions;
pub mod reader;
pub mod roles;
pub mod sessions;
pub mod settings;
pub mod signing_key;

use std::time::Duration;

use socle_kit::db::{MigrationFile, sealed_column};
use socle_kit::i18n::{Language, Locale};
use socle_kit::{Module, Periodic};

/// What this part of the room brings.
pub const PART: Module = Module {
    permissions: permissions::ALL,
    errors: errors::ALL,
    migrations: &[
        MigrationFile { name: "0001_accounts", sql: include_str!("../migrations/0001_accounts.sql") },
        MigrationFile { name: "0002_sessions", sql: include_str!("../migrations/0002_sessions.sql") },
        MigrationFile {
            name: "0003_attempts_under_way",
            sql: include_str!("../migrations/0003_attempts_under_way.sql"),
        },
        MigrationFile {
            name: "0004_session_proof",
            sql: include_str!("../migrations/0004_session_proof.sql"),
        },
        MigrationFile {
            name: "0020_session_cookie",
            sql: include_str!("../migrations/0020_session_cookie.sql"),
        },
        MigrationFile { name: "0021_signing_keys", sql: include_str!("../migrations/0021_signing_keys.sql") },
        MigrationFile { name: "0040_factors", sql: include_str!("../migrations/0040_factors.sql") },
    ],
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "identity" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "identity" },
    ],
    texts: include_str!("../i18n/fr.toml"),
    settings: settings::ALL,
    sealed: &[
        sealed_column!("identity_signing_key", "private_key", "id"),
        sealed_column!("identity_factor", "secret", "id || ':' || user_id"),
    ],
    personal: factors::personal::ALL,
    well_known: |kit| Ok(vec![keys::well_known(kit)?]),
    periodic: &[
        Periodic {
            name: "identity.purge",
            every: Duration::from_secs(60 * 60),
            run: |kit| Box::pin(sessions::service::Sessions::purge(&kit.db, kit.clock.now())),
        },
        Periodic {
            name: "identity.signing_keys",
            every: Duration::from_secs(5),
            run: |kit| Box::pin(keys::tend(kit)),
        },
        Periodic {
            name: "identity.purge_challenges",
            every: Duration::from_secs(10 * 60),
            run: |kit| Box::pin(factors::service::Factors::purge(kit)),
        },
    ],
    demo: |kit, demo| Box::pin(demo::load(kit, demo)),
    ..Module::NONE
};

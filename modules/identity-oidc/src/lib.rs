//! Signing in with an account of elsewhere: a client of OpenID Connect (OpenID Connect Core 1.0, RFC 6749, RFC 7636),
//! off by default.
//!
//! `provider` speaks to the provider and believes it only what is signed; `oidc` decides whose account it is.

mod errors;
mod oidc;
mod provider;
mod settings;

use std::time::Duration;

use socle_kit::db::MigrationFile;
use socle_kit::i18n::{Language, Locale};
use socle_kit::{Module, Periodic};

/// What this part of the room brings.
pub const PART: Module = Module {
    errors: errors::ALL,
    migrations: &[MigrationFile { name: "0060_oidc", sql: include_str!("../migrations/0060_oidc.sql") }],
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "identity-oidc" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "identity-oidc" },
    ],
    texts: include_str!("../i18n/fr.toml"),
    settings: settings::ALL,
    personal: oidc::personal::ALL,
    routes: oidc::routes::routes,
    periodic: &[Periodic {
        name: "identity.oidc.purge",
        every: Duration::from_secs(60 * 60),
        run: |kit| Box::pin(oidc::service::purge(&kit.db, kit.clock.now())),
    }],
    ..Module::NONE
};

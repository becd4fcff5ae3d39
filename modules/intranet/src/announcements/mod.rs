//! Announcements: news for everybody or for some, now or later, with confirmation of reading.

mod api;
mod demo;
mod events;
mod model;
mod permissions;
mod personal;
mod routes;
mod service;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use socle_kit::config::{Setting, SettingKind};
use socle_kit::db::MigrationFile;
use socle_kit::i18n::{Language, Locale};
use socle_kit::{Module, Periodic};

/// What this resource brings to its module.
pub(crate) const PART: Module = Module {
    permissions: &[permissions::MANAGE_ANNOUNCEMENTS],
    migrations: &[MigrationFile {
        name: "0001_announcements",
        sql: include_str!("../../migrations/0001_announcements.sql"),
    }],
    locales: &[
        Locale { language: Language::En, ftl: include_str!("i18n/en.ftl"), origin: "announcements" },
        Locale { language: Language::Fr, ftl: include_str!("i18n/fr.ftl"), origin: "announcements" },
    ],
    texts: include_str!("i18n/fr.toml"),
    settings: &[Setting::new(
        "intranet.announcements_create",
        SettingKind::Choice(&["authenticated", "permission"]),
        "authenticated",
        "Who may write announcements: anybody signed in, or holders of manage_announcements.",
    )],
    routes: routes::routes,
    periodic: &[Periodic {
        name: "announcements_sweep",
        every: Duration::from_secs(5),
        run: |kit| Box::pin(service::sweep(&kit.db, &kit.clock)),
    }],
    personal: personal::ALL,
    demo: |kit, demo| Box::pin(demo::load(kit, demo)),
    ..Module::NONE
};

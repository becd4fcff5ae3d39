//! What the owner of an account is told by mail: what happened to it, in case it was somebody else.
//!
//! The mails are written by a durable listener, from letters, in the transaction that remembers that they were: a crash
//! loses none, and a letter that is told twice makes one mail. Sentences of the mails that other parts of the room send
//! stand here too, beside those they must sound like.

mod device;
mod listener;
mod notice;
mod personal;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use socle_kit::db::MigrationFile;
use socle_kit::i18n::{Language, Locale};
use socle_kit::{Module, Periodic};

/// What this part of the room brings.
pub const PART: Module = Module {
    migrations: &[
        MigrationFile {
            name: "0070_known_devices",
            sql: include_str!("../migrations/0070_known_devices.sql"),
        },
        MigrationFile {
            name: "0071_keyed_devices",
            sql: include_str!("../migrations/0071_keyed_devices.sql"),
        },
    ],
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "identity-notices" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "identity-notices" },
    ],
    personal: personal::ALL,
    listeners: |kit| vec![listener::listener(kit)],
    periodic: &[Periodic {
        name: "identity.known_devices",
        every: Duration::from_secs(24 * 60 * 60),
        run: |kit| Box::pin(listener::forget_old_devices(kit)),
    }],
    ..Module::NONE
};

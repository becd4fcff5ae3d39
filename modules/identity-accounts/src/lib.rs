//! Making an account, by oneself or by invitation; addresses and passwords; what people do with their own account.

mod accounts;
mod aside;
mod confirmations;
mod errors;
mod invitations;
mod links;
mod recovery;
mod requests;
mod settings;
mod strength;
#[cfg(test)]
mod trying;

use std::time::Duration;

use aside::service::Aside;
use socle_identity_core::sessions::service::Sessions;
use socle_kit::db::{MigrationFile, sealed_column};
use socle_kit::i18n::{Language, Locale};
use socle_kit::kernel::{Error, Result};
use socle_kit::{Kit, Module, Periodic};

/// What this part of the room brings.
pub const PART: Module = Module {
    permissions: &[invitations::permissions::INVITE_USERS],
    errors: errors::ALL,
    migrations: &[
        MigrationFile { name: "0050_mailed_links", sql: include_str!("../migrations/0050_mailed_links.sql") },
        MigrationFile { name: "0051_invitations", sql: include_str!("../migrations/0051_invitations.sql") },
    ],
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "identity-accounts" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "identity-accounts" },
    ],
    texts: include_str!("../i18n/fr.toml"),
    settings: settings::ALL,
    sealed: &[sealed_column!("identity_mail_request", "sealed", "id")],
    personal: links::personal::ALL,
    routes: |kit| {
        let aside = Aside::new(kit)?;
        Ok(accounts::routes::routes(kit, Sessions::new(kit)?, &aside)?
            .merge(confirmations::routes::routes(kit, &aside)?)
            .merge(recovery::routes::routes(kit, &aside)?)
            .merge(strength::routes::routes(kit)?)
            .merge(invitations::routes::routes(kit)?))
    },
    periodic: &[
        Periodic {
            name: "identity.mail_requests",
            every: aside::service::EVERY,
            run: |kit| Box::pin(tidy(kit)),
        },
        Periodic {
            name: "identity.invitations",
            every: Duration::from_secs(24 * 60 * 60),
            run: |kit| Box::pin(invitations::service::Invitations::purge(&kit.db, kit.clock.now())),
        },
    ],
    ..Module::NONE
};

/// Does what was left behind and removes what is over.
async fn tidy(kit: &Kit) -> Result<()> {
    let kit = kit.clone();
    // It looks for its key in a file: not for a thread that serves.
    let made = tokio::task::spawn_blocking(move || Aside::new(&kit)).await.map_err(Error::internal)?;
    made?.tidy().await
}

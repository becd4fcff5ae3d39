//! Accounts, sessions, roles: who somebody is, and what they may do.
//!
//! To the others a room like any (its card is [`MODULE`]). What is special is handed to the roof: the implementations
//! of two ports ([`authenticator`], [`people`]), what is to be done at start ([`install_roles`]), and what the
//! command line does ([`operator`]).

mod access_token;
mod accounts;
mod authenticator;
mod changes;
mod demo;
mod errors;
mod exposure;
pub mod operator;
mod people;
mod permissions;
mod reader;
mod roles;
mod sessions;
mod settings;
mod signing_key;
#[cfg(test)]
mod trial;

use std::time::Duration;

use socle_kit::db::MigrationFile;
use socle_kit::http::Routes;
use socle_kit::i18n::{Language, Locale};
use socle_kit::kernel::Result;
use socle_kit::{Kit, Module, Periodic};

pub use authenticator::authenticator;
pub use people::people;
pub use permissions::MANAGE_USERS;
pub use roles::install::install_roles;

/// The card on the door.
pub const MODULE: Module = Module {
    name: "identity",
    permissions: permissions::ALL,
    errors: errors::ALL,
    migrations: &[
        MigrationFile { name: "0001_accounts", sql: include_str!("../migrations/0001_accounts.sql") },
        MigrationFile { name: "0002_sessions", sql: include_str!("../migrations/0002_sessions.sql") },
        MigrationFile {
            name: "0003_attempts_under_way",
            sql: include_str!("../migrations/0003_attempts_under_way.sql"),
        },
    ],
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "identity" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "identity" },
    ],
    texts: include_str!("../i18n/fr.toml"),
    settings: settings::ALL,
    routes,
    periodic: &[Periodic {
        name: "identity.purge",
        every: Duration::from_secs(60 * 60),
        run: |kit| Box::pin(sessions::service::Sessions::purge(&kit.db, kit.clock.now())),
    }],
    demo: |kit, demo| Box::pin(demo::load(kit, demo)),
    ..Module::NONE
};

fn routes(kit: &Kit) -> Result<Routes> {
    let sessions = sessions::service::Sessions::new(kit)?;
    // In the order of the document: first one signs in.
    Ok(sessions::routes::routes(kit, sessions.clone())?
        .merge(accounts::routes::routes(kit, sessions)?)
        .merge(roles::routes::routes(kit)))
}

#[cfg(test)]
mod tests {
    use socle_kit::assembly;
    use socle_kit::i18n::{Language, error_key};

    use super::*;

    #[test]
    fn every_code_permission_and_role_has_its_sentence_in_both_languages() {
        let catalogue = assembly::catalogue(&[MODULE]).unwrap();
        assert!(catalogue.missing().is_empty(), "{:?}", catalogue.missing());
        let codes = MODULE.errors.iter().map(|code| error_key(code.name));
        let permissions =
            MODULE.permissions.iter().map(|permission| format!("permission-{}", permission.name));
        for key in codes.chain(permissions).chain(["role-admin".to_owned(), "noun-account".to_owned()]) {
            assert!(catalogue.has(Language::Fr, &key), "{key}");
        }
    }
}

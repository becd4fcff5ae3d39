//! Second factors: adding and removing them, signing in with them, and proving anew who one is.

mod factors;
mod login;
mod passkeys;
mod proofs;
mod qr;
mod relying_party;
#[cfg(test)]
mod tests;
mod verification;

use socle_identity_core::sessions::service::Sessions;
use socle_kit::Module;

/// What this part of the room brings.
pub const PART: Module = Module {
    texts: include_str!("../i18n/fr.toml"),
    routes: |kit| {
        let routes = factors::routes::routes(kit)?;
        Ok(routes
            .merge(login::routes::routes(kit, Sessions::new(kit)?)?)
            .merge(passkeys::routes::routes(kit, Sessions::new(kit)?)?)
            .merge(proofs::routes::routes(kit)?))
    },
    ..Module::NONE
};

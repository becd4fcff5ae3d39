//! Making an account, and what people do with their own.

mod accounts;

use socle_identity_core::sessions::service::Sessions;
use socle_kit::Module;

/// What this part of the room brings.
pub const PART: Module = Module {
    texts: include_str!("../i18n/fr.toml"),
    routes: |kit| accounts::routes::routes(kit, Sessions::new(kit)?),
    ..Module::NONE
};

//! Signing in and out, and refreshing.

mod sessions;

use socle_identity_core::sessions::service::Sessions;
use socle_kit::Module;

/// What this part of the room brings.
pub const PART: Module = Module {
    texts: include_str!("../i18n/fr.toml"),
    routes: |kit| sessions::routes::routes(kit, Sessions::new(kit)?),
    ..Module::NONE
};

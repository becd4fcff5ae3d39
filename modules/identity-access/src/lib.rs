//! Roles, permissions, and who holds them.

mod roles;

pub use roles::install::install_roles;
use socle_kit::Module;

/// What this part of the room brings.
pub const PART: Module = Module {
    texts: include_str!("../i18n/fr.toml"),
    routes: |kit| Ok(roles::routes::routes(kit)),
    ..Module::NONE
};

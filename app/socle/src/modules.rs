//! The list of rooms. A new module adds one line here.

use socle_kit::Module;

/// Every module of this binary, in the order in which they are migrated, demonstrated and listed.
pub const MODULES: &[Module] =
    &[socle_identity::MODULE, socle_guard::MODULE, socle_notify::MODULE, socle_intranet::MODULE];

/// The modules that no setting switches off.
pub const ALWAYS_ON: &[&str] = &["identity", "guard"];

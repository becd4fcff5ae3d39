//! What the administration of accounts checks, besides `manage_users`.

use socle_kit::http::permission;
use socle_kit::kernel::Permission;

/// Change roles, remove and erase (C31): what administrators alone do until they delegate it by name.
pub(crate) const ADMINISTER_USERS: Permission = Permission {
    name: "administer_users",
    description: "Change the roles of accounts, remove and erase them.",
    default_roles: &[],
};

permission!(
    /// Asks for [`ADMINISTER_USERS`].
    pub(crate) AdministerUsers = ADMINISTER_USERS
);

//! What it takes to write roles.

use socle_kit::http::permission;
use socle_kit::kernel::Permission;

/// Make, change and remove roles, within what one holds oneself.
pub const MANAGE_ROLES: Permission = Permission {
    name: "manage_roles",
    description: "Make, change and remove roles, within what one holds oneself.",
    default_roles: &[],
};

permission!(
    /// Asks for [`MANAGE_ROLES`].
    pub(crate) ManageRoles = MANAGE_ROLES
);

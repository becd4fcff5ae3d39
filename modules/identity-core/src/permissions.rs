//! What identity checks.

use socle_kit::http::permission;
use socle_kit::kernel::Permission;

/// See and administer accounts (R4-203). Administrators hold it, and may delegate it.
pub const MANAGE_USERS: Permission = Permission {
    name: "manage_users",
    description: "See and administer accounts, roles and permissions.",
    default_roles: &[],
};

permission!(
    /// Asks for [`MANAGE_USERS`].
    pub ManageUsers = MANAGE_USERS
);

/// All of them.
pub const ALL: &[Permission] = &[MANAGE_USERS];

//! What it takes to grant.

use socle_kit::http::permission;
use socle_kit::kernel::Permission;

/// Grant to others what one holds oneself (R4-208).
pub const DELEGATE_PERMISSIONS: Permission = Permission {
    name: "delegate_permissions",
    description: "Grant to others the permissions one holds oneself.",
    default_roles: &[],
};

permission!(
    /// Asks for [`DELEGATE_PERMISSIONS`].
    pub(crate) DelegatePermissions = DELEGATE_PERMISSIONS
);

//! What it takes to invite.

use socle_kit::http::permission;
use socle_kit::kernel::Permission;

/// Invite people, in a role that may do no more than oneself. Administrators hold it, and may delegate it.
pub(crate) const INVITE_USERS: Permission =
    Permission { name: "invite_users", description: "Invite people to make an account.", default_roles: &[] };

permission!(
    /// Asks for [`INVITE_USERS`].
    pub(crate) InviteUsers = INVITE_USERS
);

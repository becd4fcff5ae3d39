//! Which letters change what an account may do.

use serde::Deserialize;
use socle_events::{Letter, Recorded};
use socle_kernel::UserId;

use crate::access::{
    ApiKeyRetired, ApiKeyRevoked, ApiKeyRotated, ApiKeyUpdated, PermissionExpired, PermissionGranted,
    PermissionRevoked, RoleDeleted, RoleUpdated,
};
use crate::identity::{
    RefreshTokenReused, UserDeactivated, UserDeleted, UserErased, UserPasswordChanged, UserPasswordReset,
    UserPasswordSet, UserRoleChanged, UserSessionEnded, UserSessionsEnded, UserSignedOut,
};

/// Those that are about an account: it is their subject.
const OF_ACCOUNTS: &[&str] = &[
    UserSignedOut::KIND,
    UserSessionEnded::KIND,
    UserSessionsEnded::KIND,
    RefreshTokenReused::KIND,
    UserRoleChanged::KIND,
    UserPasswordChanged::KIND,
    UserPasswordSet::KIND,
    UserPasswordReset::KIND,
    UserDeactivated::KIND,
    UserDeleted::KIND,
    UserErased::KIND,
];
/// Those that are about a grant or an API key, and name the account that has it.
const OF_HOLDERS: &[&str] = &[
    PermissionGranted::KIND,
    PermissionRevoked::KIND,
    PermissionExpired::KIND,
    ApiKeyUpdated::KIND,
    ApiKeyRotated::KIND,
    ApiKeyRevoked::KIND,
    ApiKeyRetired::KIND,
];
/// Those that are about a role: it is their subject, and they concern every account that has it.
const OF_ROLES: &[&str] = &[RoleUpdated::KIND, RoleDeleted::KIND];

/// Does this letter change what an account of this role may do, or end one of its sessions or keys? Then what it has
/// open is opened anew or not at all.
pub fn changes_access(event: &Recorded, user: UserId, role: &str) -> bool {
    #[derive(Deserialize)]
    struct Holder {
        user: UserId,
    }
    let kind = event.kind.as_str();
    if OF_ACCOUNTS.contains(&kind) {
        event.subject == user.to_string()
    } else if OF_HOLDERS.contains(&kind) {
        // What cannot be read may concern anybody.
        event.payload.read::<Holder>().map_or(true, |holder| holder.user == user)
    } else {
        OF_ROLES.contains(&kind) && event.subject == role
    }
}

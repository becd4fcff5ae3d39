//! What identity tells the others of roles, grants and API keys.

use serde::{Deserialize, Serialize};
use socle_events::{Audience, Letter};
use socle_kernel::{Timestamp, UserId};

/// Those who administer accounts.
fn administrators() -> Audience {
    Audience::Permission("manage_users".to_owned())
}

/// Those who administer accounts, and the account it is about.
fn administrators_and(user: UserId) -> Audience {
    Audience::Match {
        roles: Vec::new(),
        departments: Vec::new(),
        users: vec![user],
        permission: Some("manage_users".to_owned()),
    }
}

macro_rules! letters {
    ($($(#[$meta:meta])* $name:ident = $kind:literal by $subject:ident for $audience:expr, {
        $($(#[$fmeta:meta])* $field:ident: $type:ty),* $(,)?
    })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $type,)*
        }
        impl Letter for $name {
            const KIND: &'static str = $kind;
            fn subject(&self) -> String {
                self.$subject.to_string()
            }
            fn audience(&self) -> Audience {
                let audience: fn(&Self) -> Audience = $audience;
                audience(self)
            }
        }
    )+};
}

letters! {
    /// A role was made.
    RoleCreated = "role.created" by role for |_| administrators(), {
        /// Its name.
        role: String,
        /// The names of its permissions.
        permissions: Vec<String>,
    }
    /// A role was changed, and with it what its holders may do.
    RoleUpdated = "role.updated" by role for |_| administrators(), {
        /// Its name.
        role: String,
        /// The permissions it was given.
        added: Vec<String>,
        /// The permissions that were taken from it.
        removed: Vec<String>,
    }
    /// A role was removed.
    RoleDeleted = "role.deleted" by role for |_| administrators(), {
        /// Its name.
        role: String,
    }
    /// A permission was granted to one account.
    PermissionGranted = "permission.granted" by grant for |letter| administrators_and(letter.user), {
        /// The grant.
        grant: String,
        /// The account.
        user: UserId,
        /// The name of the permission.
        permission: String,
        /// The scope within which alone it holds.
        scope: Option<String>,
        /// When it is over.
        expires_at: Option<Timestamp>,
    }
    /// A grant was taken back, by itself or with the grant it came from.
    PermissionRevoked = "permission.revoked" by grant for |letter| administrators_and(letter.user), {
        /// The grant.
        grant: String,
        /// The account.
        user: UserId,
        /// The name of the permission.
        permission: String,
        /// It had been passed on by somebody who holds the permission no more.
        followed: bool,
    }
    /// A grant is over.
    PermissionExpired = "permission.expired" by grant for |letter| administrators_and(letter.user), {
        /// The grant.
        grant: String,
        /// The account.
        user: UserId,
        /// The name of the permission.
        permission: String,
    }
    /// An API key was made.
    ApiKeyCreated = "api_key.created" by key for |letter| administrators_and(letter.user), {
        /// The key.
        key: String,
        /// Its owner.
        user: UserId,
        /// The readable beginning of its secret.
        prefix: String,
        /// The permissions it may use.
        scopes: Vec<String>,
    }
    /// An API key was renamed, or what it may do was changed.
    ApiKeyUpdated = "api_key.updated" by key for |letter| administrators_and(letter.user), {
        /// The key.
        key: String,
        /// Its owner.
        user: UserId,
        /// The permissions it may use.
        scopes: Vec<String>,
    }
    /// An API key has a new secret.
    ApiKeyRotated = "api_key.rotated" by key for |letter| administrators_and(letter.user), {
        /// The key.
        key: String,
        /// Its owner.
        user: UserId,
        /// The readable beginning of its secret.
        prefix: String,
        /// Until when the secret before works.
        previous_until: Timestamp,
    }
    /// An API key was taken back.
    ApiKeyRevoked = "api_key.revoked" by key for |letter| administrators_and(letter.user), {
        /// The key.
        key: String,
        /// Its owner.
        user: UserId,
    }
    /// An API key ends soon.
    ApiKeyExpiring = "api_key.expiring" by key for |letter| administrators_and(letter.user), {
        /// The key.
        key: String,
        /// Its owner.
        user: UserId,
        /// When it ends.
        ends_at: Timestamp,
    }
    /// An API key has ended.
    ApiKeyRetired = "api_key.retired" by key for |letter| administrators_and(letter.user), {
        /// The key.
        key: String,
        /// Its owner.
        user: UserId,
    }
}

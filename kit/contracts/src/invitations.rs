//! What identity tells the others of invitations.

use serde::{Deserialize, Serialize};
use socle_events::{Audience, Letter};
use socle_kernel::UserId;

macro_rules! about_invitation {
    ($($(#[$meta:meta])* $name:ident = $kind:literal { $($(#[$fmeta:meta])* $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The invitation.
            pub invitation: String,
            $($(#[$fmeta])* pub $field: $type,)*
        }
        impl Letter for $name {
            const KIND: &'static str = $kind;
            fn subject(&self) -> String {
                self.invitation.clone()
            }
            fn audience(&self) -> Audience {
                Audience::Permission("manage_users".to_owned())
            }
        }
    )+};
}

about_invitation! {
    /// Somebody was invited.
    InvitationCreated = "invitation.created" {
        /// The role the account will have.
        role: String,
    }
    /// An invitation was sent again, with another token.
    InvitationResent = "invitation.resent" {}
    /// An invitation was taken back.
    InvitationRevoked = "invitation.revoked" {}
    /// An account was made with an invitation.
    InvitationUsed = "invitation.used" {
        /// The account.
        user: UserId,
    }
}

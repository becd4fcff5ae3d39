//! The error codes of registration and of links in mails; their sentences stand in `i18n/`.

use socle_kit::kernel::{Code, Kind};

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident: $kind:ident;)+) => {
        $($(#[$meta])* pub(crate) const $name: Code = Code::new(stringify!($name), Kind::$kind);)+
        /// All of them, for the catalogue.
        pub(crate) const ALL: &[Code] = &[$($name),+];
    };
}

codes! {
    /// Field: a token that is not ours, has been used, or is too old. The three are not told apart.
    LINK_INVALID: Invalid;
    /// Field: the address is the one the account has already.
    EMAIL_UNCHANGED: Invalid;
    /// Only the invited make accounts here.
    INVITATION_REQUIRED: Forbidden;
    /// Field: the invitation went to another address.
    INVITATION_FOR_ANOTHER: Invalid;
    /// The address has an invitation that is still open.
    INVITATION_OPEN: Conflict;
    /// The invitation was used or revoked.
    INVITATION_OVER: Conflict;
    /// Field: a role that may do more than the inviter.
    ROLE_BEYOND_INVITER: Invalid;
}

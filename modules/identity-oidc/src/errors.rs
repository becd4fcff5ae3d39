//! The error codes of signing in elsewhere; their sentences stand in `i18n/`.

use socle_kit::kernel::{Code, Kind};

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident: $kind:ident;)+) => {
        $($(#[$meta])* pub(crate) const $name: Code = Code::new(stringify!($name), Kind::$kind);)+
        /// All of them, for the catalogue.
        pub(crate) const ALL: &[Code] = &[$($name),+];
    };
}

codes! {
    /// No provider is set.
    OIDC_OFF: NotFound;
    /// The provider is away, or answers what cannot be used.
    OIDC_PROVIDER_FAILED: Unavailable;
    /// What came back does not belong to what this browser began, or came too late.
    OIDC_STATE_INVALID: Unauthenticated;
    /// The provider did not sign in, or what it says is not to be believed.
    OIDC_REFUSED: Unauthenticated;
    /// The ticket is not one, was used, or came too late.
    OIDC_TICKET_INVALID: Unauthenticated;
    /// The address is another account's, which is not proved to be the same person's.
    OIDC_ADDRESS_IN_USE: Conflict;
    /// Nobody here is linked, and no accounts are made.
    OIDC_NO_ACCOUNT: Forbidden;
    /// The account of elsewhere is linked to somebody else.
    OIDC_LINKED_ELSEWHERE: Conflict;
    /// Without this link nobody could sign in to the account.
    OIDC_ONLY_WAY_IN: Conflict;
}

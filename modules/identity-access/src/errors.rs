//! The error codes of roles, grants and API keys; their sentences stand in `i18n/`.

use socle_kit::kernel::{Code, Kind};

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident: $kind:ident;)+) => {
        $($(#[$meta])* pub(crate) const $name: Code = Code::new(stringify!($name), Kind::$kind);)+
        /// All of them, for the catalogue.
        pub(crate) const ALL: &[Code] = &[$($name),+];
    };
}

codes! {
    /// A role that came with the server stays as it is described, and stays.
    ROLE_BUILT_IN: Conflict;
    /// The administrators hold everything: there is nothing to give them or to take from them.
    ROLE_HOLDS_EVERYTHING: Conflict;
    /// Another role has this name.
    ROLE_EXISTS: Conflict;
    /// Accounts have this role.
    ROLE_IN_USE: Conflict;
    /// One gives and takes only what one holds oneself.
    NOT_YOURS_TO_GIVE: Forbidden;
    /// The account holds this grant already.
    ALREADY_GRANTED: Conflict;
    /// The account has as many keys as it may.
    TOO_MANY_API_KEYS: Conflict;
    /// The key has ended: make another one.
    API_KEY_ENDED: Conflict;

    /// Field: there is no such permission.
    UNKNOWN_PERMISSION: Invalid;
    /// Field: there is no such account.
    UNKNOWN_ACCOUNT: Invalid;
    /// Field: nobody grants to themselves.
    GRANT_TO_ONESELF: Invalid;
    /// Field: a grant ends no later than the grant it comes from.
    GRANT_TOO_LONG: Invalid;
    /// Field: a moment that is over.
    NOT_IN_THE_FUTURE: Invalid;
    /// Field: a permission that the owner of the key does not hold.
    SCOPE_NOT_HELD: Invalid;
    /// Field: neither an address nor a network.
    NETWORK_INVALID: Invalid;
}

//! The error codes of identity; their sentences stand in `i18n/`.

use socle_kit::kernel::{Code, Kind};

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident: $kind:ident;)+) => {
        $($(#[$meta])* pub const $name: Code = Code::new(stringify!($name), Kind::$kind);)+
        /// All of them, for the catalogue.
        pub const ALL: &[Code] = &[$($name),+];
    };
}

codes! {
    /// No such account, or not its password: the two are never told apart.
    INVALID_CREDENTIALS: Unauthenticated;
    /// An `Authorization: Bearer` without a token.
    TOKEN_MISSING: Unauthenticated;
    /// A token that is not ours, has ended, or whose session has.
    INVALID_TOKEN: Unauthenticated;
    /// A write by cookie without the token of its session.
    CSRF_TOKEN_INVALID: Forbidden;
    /// A write by cookie that a page of another site asked for.
    CROSS_SITE_REQUEST: Forbidden;
    /// An API key that is not ours, has ended, or whose owner's account may not be used.
    INVALID_API_KEY: Unauthenticated;
    /// Too many refused sign-ins for this identifier.
    ACCOUNT_LOCKED: Locked;
    /// The password is right, the account is switched off.
    ACCOUNT_INACTIVE: Forbidden;
    /// A demonstration password, on a server that others can reach.
    DEMO_ACCOUNT_REFUSED: Forbidden;
    /// Access tokens are signed with the secret that is set: there are no keys to rotate.
    KEYS_NOT_USED: Conflict;
    /// A code, or a passkey, that is not right.
    FACTOR_WRONG: Unauthenticated;
    /// The sign-in that this would complete is over: it was completed, took too long, or was tried too often.
    CHALLENGE_OVER: Unauthenticated;
    /// The account has a second factor: the password alone proves nothing here.
    FACTOR_NEEDED: Forbidden;
    /// The role needs a second factor, and the time to add one is over.
    FACTOR_ENROLMENT_REQUIRED: Forbidden;
    /// The account has no address that is proved to be its own.
    EMAIL_UNVERIFIED: Conflict;
    /// The account has as many factors as it may have.
    TOO_MANY_FACTORS: Conflict;
    /// The server's address is not one that passkeys can be made for.
    PASSKEYS_UNAVAILABLE: Conflict;
    /// The passkey is registered already.
    PASSKEY_KNOWN: Conflict;
    /// What the browser made is not a passkey for this server and this moment.
    PASSKEY_INVALID: Invalid;
    /// Nobody may register here.
    REGISTRATION_CLOSED: Forbidden;
    /// Another account has this address.
    EMAIL_TAKEN: Conflict;
    /// Another account has this user name.
    USERNAME_TAKEN: Conflict;
    /// Nobody could administer the server any more.
    LAST_ADMINISTRATOR: Conflict;
    /// The account or the role may do more than the caller.
    BEYOND_OWN_RIGHTS: Forbidden;

    /// Field: not an address.
    EMAIL_INVALID: Invalid;
    /// Field: a user name that is too short.
    USERNAME_TOO_SHORT: Invalid;
    /// Field: a user name that is too long.
    USERNAME_TOO_LONG: Invalid;
    /// Field: a user name with characters that it may not have.
    USERNAME_BAD_CHARACTERS: Invalid;
    /// Field: a password that is too short.
    PASSWORD_TOO_SHORT: Invalid;
    /// Field: a password that is too long.
    PASSWORD_TOO_LONG: Invalid;
    /// Field: a password without a capital.
    PASSWORD_NEEDS_UPPER: Invalid;
    /// Field: a password without a digit.
    PASSWORD_NEEDS_DIGIT: Invalid;
    /// Field: a password without a special character.
    PASSWORD_NEEDS_SPECIAL: Invalid;
    /// Field: a password that others would try first.
    PASSWORD_COMMON: Invalid;
    /// Field: a password that leans on the name of its owner.
    PASSWORD_CONTAINS_IDENTITY: Invalid;
    /// Field: the password is the one the account has already.
    PASSWORD_UNCHANGED: Invalid;
    /// Field: not the password of the account.
    PASSWORD_WRONG: Invalid;
    /// Field: not the code that the application shows.
    CODE_WRONG: Invalid;
    /// Field: there is no such role.
    UNKNOWN_ROLE: Invalid;
}

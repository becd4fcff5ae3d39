//! What identity tells the others.

use serde::{Deserialize, Serialize};
use socle_events::{Audience, Letter};
use socle_kernel::{Timestamp, UserId};

macro_rules! about_account {
    ($($(#[$meta:meta])* $name:ident = $kind:literal { $($(#[$fmeta:meta])* $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The account.
            pub user: UserId,
            $($(#[$fmeta])* pub $field: $type,)*
        }
        impl Letter for $name {
            const KIND: &'static str = $kind;
            fn subject(&self) -> String {
                self.user.to_string()
            }
            fn audience(&self) -> Audience {
                Audience::Permission("manage_users".to_owned())
            }
        }
    )+};
}

about_account! {
    /// An account was made, by its owner or by an administrator.
    UserRegistered = "user.registered" {
        /// The user name.
        username: String,
        /// The role it begins with.
        role: String,
    }
    /// Somebody signed in.
    UserSignedIn = "user.signed_in" {
        /// The session that began.
        session: String,
    }
    /// Somebody signed out.
    UserSignedOut = "user.signed_out" {
        /// The session that ended.
        session: String,
    }
    /// A sign-in was refused for a known account.
    SignInFailed = "user.sign_in_failed" {
        /// How many times in a row.
        attempts: i64,
    }
    /// Too many sign-ins were refused: no more are tried until the lock is over.
    AccountLocked = "user.locked" {
        /// When the lock is over.
        until: Timestamp,
    }
    /// A second factor was right.
    FactorVerified = "user.factor_verified" {
        /// What it was: totp, email, recovery, passkey.
        method: String,
    }
    /// A second factor was refused.
    FactorRefused = "user.factor_refused" {
        /// How many refusals in a row, of passwords and factors.
        attempts: i64,
    }
    /// A second factor was added, and verified.
    FactorAdded = "user.factor_added" {
        /// What it is: totp, email, passkey.
        method: String,
    }
    /// A second factor was removed.
    FactorRemoved = "user.factor_removed" {
        /// What it was: totp, email, passkey.
        method: String,
    }
    /// A recovery code was used.
    RecoveryCodeUsed = "user.recovery_code_used" {
        /// How many are left.
        left: i64,
    }
    /// Recovery codes were made; those before are worth nothing.
    RecoveryCodesMade = "user.recovery_codes_made" {}
    /// A passkey was presented whose counter went backwards: there may be a copy of it.
    PasskeyCounterRegressed = "user.passkey_counter_regressed" {
        /// The passkey.
        passkey: String,
    }
    /// Somebody signed in proved anew who they are.
    UserProved = "user.proved" {
        /// The session.
        session: String,
    }
    /// A refresh token was presented twice: its whole family is revoked.
    RefreshTokenReused = "user.refresh_token_reused" {
        /// The session the family belonged to.
        session: String,
    }
    /// One session was ended, by its owner from another one.
    UserSessionEnded = "user.session_ended" {
        /// The session that ended.
        session: String,
    }
    /// Sessions were ended: all others of the owner, or all, by an administrator.
    UserSessionsEnded = "user.sessions_ended" {
        /// How many.
        sessions_ended: u64,
    }
    /// The role was changed.
    UserRoleChanged = "user.role_changed" {
        /// The role before.
        from: String,
        /// The role now.
        to: String,
    }
    /// The owner has changed what others see of the account.
    UserProfileUpdated = "user.profile_updated" {
        /// The version of the row.
        version: i64,
    }
    /// The owner has changed the password.
    UserPasswordChanged = "user.password_changed" {
        /// How many other sessions ended by it.
        sessions_ended: u64,
    }
    /// The owner has proved to read at the address of the account.
    UserEmailConfirmed = "user.email_confirmed" {}
    /// The account has another address, which was proved.
    UserEmailChanged = "user.email_changed" {}
    /// Somebody asked for another password; a link was mailed to the address of the account.
    PasswordResetRequested = "user.password_reset_requested" {}
    /// The password was set by whoever followed the link.
    UserPasswordReset = "user.password_reset" {
        /// How many sessions ended by it.
        sessions_ended: u64,
    }
    /// The password was set by an administrator.
    UserPasswordSet = "user.password_set" {}
    /// An account of elsewhere opens this one from now on.
    ExternalAccountLinked = "user.external_account_linked" {
        /// The provider of the other account.
        issuer: String,
    }
    /// An account of elsewhere opens this one no more.
    ExternalAccountUnlinked = "user.external_account_unlinked" {
        /// The provider of the other account.
        issuer: String,
    }
    /// An administrator has changed what is written about the account.
    UserUpdated = "user.updated" {
        /// The version of the row.
        version: i64,
    }
    /// The account may sign in again.
    UserActivated = "user.activated" {}
    /// The account may not sign in any more, and its sessions have ended.
    UserDeactivated = "user.deactivated" {
        /// How many sessions ended by it.
        sessions_ended: u64,
    }
    /// The refusals that were counted are forgotten, and a lock with them.
    UserUnlocked = "user.unlocked" {}
    /// The account was removed; what it has written remains.
    UserDeleted = "user.deleted" {}
    /// The person was forgotten: the account is nobody's, and its name stands nowhere any more.
    UserErased = "user.erased" {}
    /// The owner has changed what they prefer.
    UserPreferencesChanged = "user.preferences_changed" {}
}

/// What came back from a provider of identities is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSignInRefused {
    /// The provider.
    pub issuer: String,
}

impl Letter for ExternalSignInRefused {
    const KIND: &'static str = "security.external_sign_in_refused";
    fn subject(&self) -> String {
        self.issuer.clone()
    }
    fn audience(&self) -> Audience {
        Audience::Permission("manage_users".to_owned())
    }
}

/// An access token was refused that is not ours, or no longer. Told once a minute for each address and reason; nothing
/// of the token itself is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRefused {
    /// Why: `signature`, `algorithm`, `expired` and so on.
    pub reason: String,
}
impl Letter for TokenRefused {
    const KIND: &'static str = "user.token_refused";
    fn subject(&self) -> String {
        self.reason.clone()
    }
    fn audience(&self) -> Audience {
        Audience::Permission("manage_users".to_owned())
    }
}

/// Another key signs access tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SigningKeyRotated {
    /// The new key.
    pub key: String,
    /// The others were not believed any more from that moment on.
    pub at_once: bool,
}
impl Letter for SigningKeyRotated {
    const KIND: &'static str = "signing_key.rotated";
    fn subject(&self) -> String {
        self.key.clone()
    }
    fn audience(&self) -> Audience {
        Audience::Permission("manage_users".to_owned())
    }
}

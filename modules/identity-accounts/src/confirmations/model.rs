//! A registration that waits for its address to be confirmed.

use std::time::Duration;

use socle_kit::crypto::TokenHash;
use socle_kit::db::Row;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Id, Timestamp};

use socle_identity_core::accounts::model::Beginning;

/// How long a registration waits.
pub(crate) const WAITS: Duration = Duration::from_secs(24 * 60 * 60);

/// It becomes an account when its address is confirmed; until then it is none, and its names are nobody's.
#[derive(Debug, Clone, Row)]
pub(crate) struct PendingRegistration {
    pub(crate) id: Id<PendingRegistration>,
    pub(crate) email: String,
    pub(crate) email_folded: String,
    pub(crate) username: String,
    pub(crate) password_hash: String,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) language: Language,
    pub(crate) token_hash: TokenHash,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

impl PendingRegistration {
    /// What the account begins with, under this user name and in this role.
    pub(crate) fn beginning(&self, username: String, role: String) -> Beginning {
        Beginning {
            username,
            email: Some(self.email.clone()),
            password_hash: Some(self.password_hash.clone()),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            role,
            language: Some(self.language),
            ..Beginning::default()
        }
    }
}

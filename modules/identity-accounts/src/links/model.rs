//! A token in a mail to an account.

use std::time::Duration;

use socle_kit::crypto::TokenHash;
use socle_kit::db::Row;
use socle_kit::kernel::{Id, Timestamp, UserId, text_enum};

use socle_identity_core::accounts::model::{Account, folded};

text_enum! {
    /// What a token opens.
    pub(crate) enum LinkKind {
        /// Confirms the address of the account.
        Confirm = "confirm",
        /// Gives the account the address it was mailed to.
        Change = "change",
        /// Lets one choose another password.
        Reset = "reset",
    }
}

impl LinkKind {
    /// How long it opens it.
    pub(crate) const fn lifetime(self) -> Duration {
        match self {
            Self::Confirm | Self::Change => Duration::from_secs(24 * 60 * 60),
            Self::Reset => Duration::from_secs(30 * 60),
        }
    }
}

/// A token that was mailed, as it is stored.
#[derive(Debug, Clone, Row)]
pub(crate) struct MailedToken {
    pub(crate) id: Id<MailedToken>,
    pub(crate) user_id: UserId,
    pub(crate) kind: LinkKind,
    pub(crate) token_hash: TokenHash,
    pub(crate) email: String,
    pub(crate) password_mark: TokenHash,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

impl MailedToken {
    /// A token for this account, mailed to this address.
    pub(crate) fn issue(
        id: Id<Self>,
        kind: LinkKind,
        token_hash: TokenHash,
        account: &Account,
        email: String,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            user_id: account.id,
            kind,
            token_hash,
            email,
            password_mark: password_mark(account),
            created_at: now,
            expires_at: now.plus(kind.lifetime()),
        }
    }

    /// Does it still open what it opened, for this account as it is now?
    pub(crate) fn is_good_for(&self, account: &Account, now: Timestamp) -> bool {
        let same_address = account.email_folded.as_deref() == Some(folded(&self.email).as_str());
        now < self.expires_at
            && account.is_active
            && match self.kind {
                LinkKind::Confirm => same_address,
                // Whoever asked before the password was changed may be who it was changed against.
                LinkKind::Change => {
                    account.password_changed_at.is_none_or(|changed| changed <= self.created_at)
                }
                LinkKind::Reset => same_address && self.password_mark == password_mark(account),
            }
    }
}

/// Another password has another mark; it says nothing of the password.
fn password_mark(account: &Account) -> TokenHash {
    TokenHash::of(account.password_hash.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use socle_identity_core::accounts::model::Beginning;

    use super::*;

    fn account() -> Account {
        let beginning = Beginning {
            username: "zoe".into(),
            email: Some("Zoe@example.org".into()),
            password_hash: Some("one".into()),
            role: "user".into(),
            ..Beginning::default()
        };
        Account::new(Id::from_u128(1), beginning, Timestamp::EPOCH)
    }

    fn token(kind: LinkKind) -> MailedToken {
        let (hash, address) = (TokenHash::of("t"), "zoe@example.org".to_owned());
        MailedToken::issue(Id::from_u128(2), kind, hash, &account(), address, Timestamp::EPOCH)
    }

    #[test]
    fn a_token_ends_with_its_time_and_with_its_account() {
        let half_an_hour = Timestamp::from_seconds(1_800);
        assert!(token(LinkKind::Reset).is_good_for(&account(), Timestamp::from_seconds(1_799)));
        assert!(!token(LinkKind::Reset).is_good_for(&account(), half_an_hour));
        assert!(token(LinkKind::Confirm).is_good_for(&account(), Timestamp::from_seconds(86_399)));
        assert!(!token(LinkKind::Confirm).is_good_for(&account(), Timestamp::from_seconds(86_400)));
        let switched_off = Account { is_active: false, ..account() };
        assert!(!token(LinkKind::Reset).is_good_for(&switched_off, Timestamp::EPOCH));
    }

    #[test]
    fn a_reset_ends_with_the_password_and_both_end_with_the_address() {
        let mut account = account();
        account.password_hash = Some("two".into());
        assert!(!token(LinkKind::Reset).is_good_for(&account, Timestamp::EPOCH));
        assert!(token(LinkKind::Confirm).is_good_for(&account, Timestamp::EPOCH));
        account.email_folded = Some("other@example.org".into());
        assert!(!token(LinkKind::Confirm).is_good_for(&account, Timestamp::EPOCH));
        assert!(token(LinkKind::Change).is_good_for(&account, Timestamp::EPOCH));
    }

    #[test]
    fn a_change_of_the_address_ends_with_the_password_that_it_was_asked_for_with() {
        let at = |second| Account { password_changed_at: Some(Timestamp::from_seconds(second)), ..account() };
        let now = Timestamp::from_seconds(9);
        assert!(token(LinkKind::Change).is_good_for(&at(0), now));
        assert!(!token(LinkKind::Change).is_good_for(&at(1), now));
    }
}

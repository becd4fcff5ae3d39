//! An invitation: the row and its pure rules.

use std::time::Duration;

use socle_kit::crypto::TokenHash;
use socle_kit::db::Row;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Error, Id, PermissionSet, Result, Timestamp, UserId, fold, text_enum};

use crate::errors::{INVITATION_OVER, LINK_INVALID, ROLE_BEYOND_INVITER};
use socle_identity_core::accounts::model::folded;
use socle_identity_core::roles::store::ADMIN;

/// How long an invitation stays open.
pub(crate) const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

text_enum! {
    /// Where an invitation stands.
    pub(crate) enum InvitationStatus {
        /// It can be used.
        Open = "open",
        /// It was.
        Accepted = "accepted",
        /// It was taken back.
        Revoked = "revoked",
        /// Nobody used it in time.
        Expired = "expired",
    }
}

/// An invitation as it is stored.
#[derive(Debug, Clone, Row)]
pub(crate) struct Invitation {
    pub(crate) id: Id<Invitation>,
    pub(crate) email: String,
    pub(crate) email_folded: String,
    pub(crate) role: String,
    pub(crate) language: Language,
    pub(crate) token_hash: TokenHash,
    pub(crate) invited_by: UserId,
    pub(crate) search_text: String,
    pub(crate) version: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) accepted_at: Option<Timestamp>,
    pub(crate) accepted_by: Option<UserId>,
    pub(crate) revoked_at: Option<Timestamp>,
}

/// What an inviter says.
pub(crate) struct Wish {
    pub(crate) email: String,
    pub(crate) role: String,
    pub(crate) language: Language,
}

impl Invitation {
    /// A new one.
    pub(crate) fn new(id: Id<Self>, wish: Wish, token_hash: TokenHash, by: UserId, now: Timestamp) -> Self {
        Self {
            id,
            email_folded: folded(&wish.email),
            search_text: fold(&wish.email),
            email: wish.email,
            role: wish.role,
            language: wish.language,
            token_hash,
            invited_by: by,
            version: 1,
            created_at: now,
            expires_at: now.plus(LIFETIME),
            accepted_at: None,
            accepted_by: None,
            revoked_at: None,
        }
    }

    /// Where it stands.
    pub(crate) fn status(&self, now: Timestamp) -> InvitationStatus {
        if self.accepted_at.is_some() {
            InvitationStatus::Accepted
        } else if self.revoked_at.is_some() {
            InvitationStatus::Revoked
        } else if self.expires_at <= now {
            InvitationStatus::Expired
        } else {
            InvitationStatus::Open
        }
    }

    /// It has another token and begins anew: the one that was mailed before is worth nothing.
    pub(crate) fn renew(&mut self, token_hash: TokenHash, now: Timestamp) -> Result<()> {
        self.refuse_over(now)?;
        self.token_hash = token_hash;
        self.expires_at = now.plus(LIFETIME);
        self.version += 1;
        Ok(())
    }

    /// It is taken back.
    pub(crate) fn revoke(&mut self, now: Timestamp) -> Result<()> {
        self.refuse_over(now)?;
        self.revoked_at = Some(now);
        self.version += 1;
        Ok(())
    }

    /// It is used: once.
    pub(crate) fn accept(&mut self, by: UserId, now: Timestamp) -> Result<()> {
        if self.status(now) != InvitationStatus::Open {
            return Err(Error::invalid_field("invitation", LINK_INVALID));
        }
        (self.accepted_at, self.accepted_by) = (Some(now), Some(by));
        self.version += 1;
        Ok(())
    }

    /// What was used or taken back stays so; what is late may begin anew.
    fn refuse_over(&self, now: Timestamp) -> Result<()> {
        match self.status(now) {
            InvitationStatus::Accepted | InvitationStatus::Revoked => Err(Error::new(INVITATION_OVER)),
            InvitationStatus::Open | InvitationStatus::Expired => Ok(()),
        }
    }
}

/// May this inviter give this role, which holds these permissions? Never more than one's own; what everybody gets
/// who registers, always.
pub(crate) fn check_role(
    held: &PermissionSet,
    role: &str,
    holds: &[String],
    default_role: &str,
) -> Result<()> {
    let is_within = role == default_role
        || held.is_all()
        || (role != ADMIN && holds.iter().all(|name| held.holds_name(name)));
    if is_within { Ok(()) } else { Err(Error::invalid_field("role", ROLE_BEYOND_INVITER)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation() -> Invitation {
        let wish = Wish { email: "Zoe@example.org".into(), role: "user".into(), language: Language::Fr };
        Invitation::new(Id::from_u128(1), wish, TokenHash::of("t"), Id::from_u128(2), Timestamp::EPOCH)
    }

    fn day(number: i64) -> Timestamp {
        Timestamp::from_seconds(number * 86_400)
    }

    #[test]
    fn an_invitation_is_open_for_seven_days_and_used_once() {
        let mut invitation = invitation();
        assert_eq!(invitation.status(day(6)), InvitationStatus::Open);
        assert_eq!(invitation.status(day(7)), InvitationStatus::Expired);
        assert!(invitation.clone().accept(Id::from_u128(3), day(7)).is_err());
        invitation.accept(Id::from_u128(3), day(1)).unwrap();
        assert_eq!(invitation.status(day(9)), InvitationStatus::Accepted);
        assert!(invitation.accept(Id::from_u128(4), day(1)).is_err());
        assert!(invitation.renew(TokenHash::of("u"), day(1)).is_err() && invitation.revoke(day(1)).is_err());
    }

    #[test]
    fn what_is_late_begins_anew_and_what_was_taken_back_does_not() {
        let mut invitation = invitation();
        invitation.renew(TokenHash::of("u"), day(8)).unwrap();
        assert_eq!(invitation.status(day(14)), InvitationStatus::Open);
        invitation.revoke(day(14)).unwrap();
        assert_eq!(invitation.status(day(14)), InvitationStatus::Revoked);
        assert!(invitation.renew(TokenHash::of("v"), day(14)).is_err());
    }

    #[test]
    fn nobody_gives_more_than_they_have() {
        let holds = |names: &[&'static str]| PermissionSet::of(names.iter().copied());
        let needs = ["a".to_owned(), "b".to_owned()];
        assert!(check_role(&holds(&["a", "b", "c"]), "manager", &needs, "user").is_ok());
        assert!(check_role(&holds(&["a"]), "manager", &needs, "user").is_err());
        assert!(check_role(&holds(&["a"]), "user", &needs, "user").is_ok());
        assert!(check_role(&holds(&["a"]), ADMIN, &[], "user").is_err());
        let all = PermissionSet::all();
        assert!(check_role(&all, ADMIN, &[], "user").is_ok());
    }
}

//! Inviting, and making an account with an invitation.

use std::time::Duration;

use socle_kit::Kit;
use socle_kit::contracts::invitations::{
    InvitationCreated, InvitationResent, InvitationRevoked, InvitationUsed,
};
use socle_kit::crypto::{Token, TokenHash};
use socle_kit::db::{Conn, Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::IfMatch;
use socle_kit::i18n::Language;
use socle_kit::kernel::{
    Actor, Clock, Error, Id, Ids, Line, OrNotFound, Page, Random, Result, Secret, Slice, Timestamp, UserId,
};
use socle_kit::mail::{Mail, Mailer};

use super::api::{InvitationFilter, InvitationInput, InvitationView};
use super::model::{Invitation, LIFETIME, Wish, check_role};
use super::permissions::INVITE_USERS;
use super::store;
use crate::confirmations::service::checked;
use crate::errors::{INVITATION_FOR_ANOTHER, INVITATION_OPEN, LINK_INVALID};
use crate::links::address::Pages;
use socle_identity_core::accounts::model::{Account, folded};
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::errors::{EMAIL_TAKEN, UNKNOWN_ROLE};
use socle_identity_core::permissions::MANAGE_USERS;
use socle_identity_core::roles::store::{holding, role_exists};

/// An invitation that nobody used is forgotten so long after its end.
const KEPT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Invites people. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Invitations {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    mailer: Mailer,
    pages: Pages,
    default_role: &'static str,
}

impl Invitations {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            mailer: kit.mailer.clone(),
            pages: Pages::of(&kit.settings)?,
            default_role: kit.settings.choice("identity.default_role")?,
        })
    }

    /// A page of the invitations that one may see.
    pub(crate) async fn list(
        &self,
        actor: &Actor,
        filter: InvitationFilter,
        page: Page,
    ) -> Result<Slice<InvitationView>> {
        let (of, now) = (seen_by(actor)?, self.clock.now());
        let slice = self.db.read(move |conn| store::page(conn, &filter, of, &page, now)).await?;
        Ok(slice.map(|invitation| InvitationView::of(invitation, now)))
    }

    /// One invitation.
    pub(crate) async fn show(&self, actor: &Actor, id: Id<Invitation>) -> Result<InvitationView> {
        let of = seen_by(actor)?;
        let found = self.db.read(move |conn| store::find(conn, id, of)?.or_not_found("invitation")).await?;
        Ok(InvitationView::of(found, self.clock.now()))
    }

    /// Invites an address. Those who may invite may know that it has an account already.
    pub(crate) async fn create(
        &self,
        actor: &Actor,
        input: InvitationInput,
        language: Language,
    ) -> Result<InvitationView> {
        let email = checked(input.email)?;
        let role = input.role.map_or_else(|| self.default_role.to_owned(), Line::into_string).to_lowercase();
        let wish = Wish { email, role, language: input.language.unwrap_or(language) };
        let (service, actor, now) = (self.clone(), actor.clone(), self.clock.now());
        let (token, hash) = Token::generate(&self.random);
        let invitation = Invitation::new(self.ids.next(), wish, hash, actor.user()?, now);
        self.db
            .write(move |tx| {
                service.check_role(tx, &actor, &invitation.role)?;
                if accounts::email_is_taken(tx, &invitation.email_folded)? {
                    return Err(Error::new(EMAIL_TAKEN));
                }
                if store::is_open(tx, &invitation.email_folded, now)? {
                    return Err(Error::new(INVITATION_OPEN));
                }
                store::insert(tx, &invitation)?;
                service.mail(tx, &actor, &invitation, &token)?;
                let (id, role) = (invitation.id.to_string(), invitation.role.clone());
                tx.emit(&actor, InvitationCreated { invitation: id, role })?;
                Ok(InvitationView::of(invitation.clone(), now))
            })
            .await
    }

    /// Sends it again, with another token: the one that was mailed before is worth nothing.
    pub(crate) async fn resend(&self, actor: &Actor, id: Id<Invitation>) -> Result<InvitationView> {
        let (service, actor, now) = (self.clone(), actor.clone(), self.clock.now());
        let (token, hash) = Token::generate(&self.random);
        let of = seen_by(&actor)?;
        self.db
            .write(move |tx| {
                let mut invitation = store::find(tx, id, of)?.or_not_found("invitation")?;
                service.check_role(tx, &actor, &invitation.role)?;
                invitation.renew(hash.clone(), now)?;
                store::update(tx, &invitation)?;
                service.mail(tx, &actor, &invitation, &token)?;
                tx.emit(&actor, InvitationResent { invitation: id.to_string() })?;
                Ok(InvitationView::of(invitation, now))
            })
            .await
    }

    /// Takes it back.
    pub(crate) async fn revoke(&self, actor: &Actor, id: Id<Invitation>, expected: IfMatch) -> Result<()> {
        let (actor, of, now) = (actor.clone(), seen_by(actor)?, self.clock.now());
        self.db
            .write(move |tx| {
                let mut invitation = store::find(tx, id, of)?.or_not_found("invitation")?;
                expected.check(invitation.version)?;
                invitation.revoke(now)?;
                store::update(tx, &invitation)?;
                tx.emit(&actor, InvitationRevoked { invitation: id.to_string() })
            })
            .await
    }

    fn check_role(&self, tx: &mut Tx, actor: &Actor, role: &str) -> Result<()> {
        if !role_exists(tx, role)? {
            return Err(Error::invalid_field("role", UNKNOWN_ROLE));
        }
        check_role(&actor.permissions, role, &store::permissions_of(tx, role)?, self.default_role)
    }

    fn mail(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        invitation: &Invitation,
        token: &Secret<String>,
    ) -> Result<()> {
        let days = i64::try_from(LIFETIME.as_secs() / 86_400).unwrap_or(i64::MAX);
        let email = invitation.email.clone();
        let link = self.pages.with_token_and_email("register", token, &email);
        let mail = Mail::new(email.clone(), email, invitation.language, "invitation")
            .arg("inviter", actor.name.to_string())
            .arg("days", days)
            .link(link);
        self.mailer.send(tx, &mail)
    }

    /// The open invitation of this token, for this address.
    pub(crate) async fn look(&self, token: &Secret<String>, email: &str) -> Result<Invitation> {
        let (hash, now) = (TokenHash::of(token.expose()), self.clock.now());
        let service = self.clone();
        let found = self
            .db
            .read(move |conn| {
                let found = store::find_by_token(conn, &hash)?.ok_or_else(invalid)?;
                service.check_inviter(conn, &found, now)?;
                Ok(found)
            })
            .await?;
        if found.email_folded != folded(email) {
            return Err(Error::invalid_field("email", INVITATION_FOR_ANOTHER));
        }
        // What could not be accepted now is refused before anything is hashed.
        found.clone().accept(found.invited_by, now)?;
        Ok(found)
    }

    /// Uses the invitation up, in the transaction that makes the account.
    pub(crate) fn accept(
        &self,
        tx: &mut Tx,
        seen: &Invitation,
        account: &Account,
        actor: &Actor,
    ) -> Result<()> {
        let found = store::find(tx, seen.id, None)?.filter(|found| found.token_hash == seen.token_hash);
        let mut invitation = found.ok_or_else(invalid)?;
        self.check_inviter(tx, &invitation, account.created_at)?;
        invitation.accept(account.id, account.created_at)?;
        store::update(tx, &invitation)?;
        tx.emit(actor, InvitationUsed { invitation: seen.id.to_string(), user: account.id })
    }

    /// An invitation is worth what its inviter may give today: who was switched off, or has lost what the role holds,
    /// brings nobody in any more.
    fn check_inviter(&self, conn: &mut Conn, invitation: &Invitation, now: Timestamp) -> Result<()> {
        let inviter = holding(conn, invitation.invited_by)?.ok_or_else(invalid)?;
        let held = inviter.permissions(now);
        if !held.holds(&INVITE_USERS) {
            return Err(invalid());
        }
        let role = invitation.role.as_str();
        let holds = store::permissions_of(conn, role)?;
        check_role(&held, role, &holds, self.default_role).map_err(|_| invalid())
    }

    /// Removes what has been over for long.
    pub(crate) async fn purge(db: &Db, now: Timestamp) -> Result<()> {
        let removed = db.write(move |tx| store::purge(tx, now.minus(KEPT))).await?;
        if removed > 0 {
            tracing::debug!(removed, "old invitations were removed");
        }
        Ok(())
    }
}

/// Whose invitations the actor sees: everybody's with `manage_users`, else the actor's own.
fn seen_by(actor: &Actor) -> Result<Option<UserId>> {
    if actor.may(&MANAGE_USERS) { Ok(None) } else { actor.user().map(Some) }
}

fn invalid() -> Error {
    Error::invalid_field("invitation", LINK_INVALID)
}

//! Addresses: asking for the proof that one reads there, and taking it.

use std::net::IpAddr;
use std::sync::Arc;

use socle_kit::Kit;
use socle_kit::contracts::identity::{UserEmailConfirmed, UserRegistered};
use socle_kit::crypto::{Passwords, Token, TokenHash};
use socle_kit::db::{Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::Origin;
use socle_kit::i18n::Language;
use socle_kit::kernel::{
    Actor, Clock, Error, Id, Ids, Line, OrNotFound, Random, Result, Secret, Timestamp, UserId, codes,
};
use socle_kit::mail::{Mail, Mailer};

use super::api::Confirmation;
use super::model::PendingRegistration;
use super::store;
use crate::errors::{EMAIL_UNCHANGED, LINK_INVALID};
use crate::links::address::Pages;
use crate::links::model::{LinkKind, MailedToken};
use crate::links::store as links;
use crate::requests::model::{MailRequest, Request, RequestKind};
use crate::requests::queue::RequestQueue;
use socle_identity_core::accounts::address_change;
use socle_identity_core::accounts::first_proof::forget_unproved;
use socle_identity_core::accounts::model::{Account, folded, is_match};
use socle_identity_core::accounts::rules::Rules;
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::{EMAIL_TAKEN, PASSWORD_WRONG};

/// So many registrations of one address are mailed when somebody asks again.
const MOST_MAILED: i64 = 3;

/// Confirms addresses. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Confirmations {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    passwords: Passwords,
    mailer: Mailer,
    queue: RequestQueue,
    pages: Pages,
    rules: Arc<Rules>,
    default_role: &'static str,
    /// Of those who have chosen none.
    language: Language,
    changes: Changes,
}

impl Confirmations {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            passwords: kit.passwords.clone(),
            mailer: kit.mailer.clone(),
            queue: RequestQueue::new(kit)?,
            pages: Pages::of(&kit.settings)?,
            rules: Arc::new(Rules::of(&kit.settings)?),
            default_role: kit.settings.choice("identity.default_role")?,
            language: Language::parse(kit.settings.choice("language.default")?).unwrap_or(Language::Fr),
            changes: Changes::of(&kit.db)?,
        })
    }

    /// Mails a new account a link that confirms its address, in the transaction that makes it.
    pub(crate) fn ask(&self, tx: &mut Tx, account: &Account, language: Language) -> Result<()> {
        let Some(email) = account.email.clone() else { return Ok(()) };
        self.mail_link(tx, account, LinkKind::Confirm, email, language)
    }

    /// Puts a registration down that becomes an account when its address is confirmed. Whether the address has an
    /// account already is looked at aside.
    pub(crate) async fn put_down(
        &self,
        pending: PendingRegistration,
        origin: &Origin,
    ) -> Result<Option<Id<MailRequest>>> {
        let (service, language) = (self.clone(), pending.language);
        let asked = Request::new(RequestKind::Confirm, pending.email.clone(), language, origin);
        let request = Request { registration: Some(pending.id), ..asked };
        self.db
            .write(move |tx| {
                let id = service.queue.put(tx, &request)?;
                if id.is_some() {
                    store::insert(tx, &pending)?;
                }
                Ok(id)
            })
            .await
    }

    /// Asks for another mail, whoever has the address.
    pub(crate) async fn resend(
        &self,
        email: Line,
        language: Language,
        origin: &Origin,
    ) -> Result<Option<Id<MailRequest>>> {
        self.put(Request::new(RequestKind::Confirm, checked(email)?, language, origin)).await
    }

    /// Asks for another address. The account has it once it is confirmed; whether another account has it is said to
    /// whoever reads there, not to whoever asks.
    pub(crate) async fn change(
        &self,
        user: UserId,
        email: Line,
        language: Language,
        origin: &Origin,
    ) -> Result<Option<Id<MailRequest>>> {
        let email = checked(email)?;
        let account = self.db.read(move |conn| accounts::find(conn, user)?.or_not_found("account")).await?;
        if account.email.as_deref() == Some(email.as_str()) && account.email_verified_at.is_some() {
            return Err(Error::invalid_field("email", EMAIL_UNCHANGED));
        }
        let request = Request::new(RequestKind::Change, email, language, origin);
        self.put(Request { user: Some(user), ..request }).await
    }

    async fn put(&self, request: Request) -> Result<Option<Id<MailRequest>>> {
        let queue = self.queue.clone();
        self.db.write(move |tx| queue.put(tx, &request)).await
    }

    /// Does what was asked for by registering or by [`Self::resend`].
    pub(crate) fn fulfil_confirm(&self, tx: &mut Tx, request: &Request) -> Result<()> {
        let (email, now) = (folded(&request.email), self.clock.now());
        let pending = match request.registration {
            Some(id) => store::find_waiting(tx, id, now)?.into_iter().collect(),
            // Whose registration it is that is asked for cannot be known: each gets its link, which is good for who knows
            // its password.
            None => store::find_of(tx, &email, MOST_MAILED, now)?,
        };
        match accounts::find_by_identifier(tx, &email)? {
            Some(owner) if !pending.is_empty() => {
                store::remove(tx, &email)?;
                self.tell_owner(tx, &owner, request.language)
            }
            Some(account) if account.email_verified_at.is_none() && account.is_active => {
                self.ask(tx, &account, request.language)
            }
            Some(_) => Ok(()),
            None => pending.into_iter().try_for_each(|pending| self.mail_pending(tx, pending)),
        }
    }

    /// Does what was asked for by [`Self::change`].
    pub(crate) fn fulfil_change(&self, tx: &mut Tx, request: &Request) -> Result<()> {
        let account = request.user.map(|user| accounts::find(tx, user)).transpose()?.flatten();
        let Some(account) = account.filter(|account| account.is_active) else { return Ok(()) };
        match accounts::find_by_identifier(tx, &folded(&request.email))? {
            Some(owner) if owner.id != account.id => self.tell_owner(tx, &owner, request.language),
            _ => self.mail_link(tx, &account, LinkKind::Change, request.email.clone(), request.language),
        }
    }

    fn mail_link(
        &self,
        tx: &mut Tx,
        account: &Account,
        kind: LinkKind,
        email: String,
        language: Language,
    ) -> Result<()> {
        let (token, hash) = Token::generate(&self.random);
        let row = MailedToken::issue(self.ids.next(), kind, hash, account, email.clone(), self.clock.now());
        links::insert(tx, &row)?;
        let language = account.language.unwrap_or(language);
        self.mailer.send(tx, &self.confirmation(email, &account.name, language, &token))
    }

    fn mail_pending(&self, tx: &mut Tx, mut pending: PendingRegistration) -> Result<()> {
        let (token, hash) = Token::generate(&self.random);
        pending.token_hash = hash;
        store::update(tx, &pending)?;
        let name = pending.username.clone();
        self.mailer.send(tx, &self.confirmation(pending.email, &name, pending.language, &token))
    }

    fn confirmation(&self, email: String, name: &str, language: Language, token: &Secret<String>) -> Mail {
        let hours = i64::try_from(LinkKind::Confirm.lifetime().as_secs() / 3_600).unwrap_or(i64::MAX);
        Mail::new(email, name, language, "email-confirmation")
            .arg("hours", hours)
            .link(self.pages.with_token("confirm-email", token))
    }

    /// Tells whoever has an account that somebody wanted another one under its address.
    fn tell_owner(&self, tx: &mut Tx, owner: &Account, language: Language) -> Result<()> {
        let Some(email) = owner.email.clone() else { return Ok(()) };
        let language = owner.language.unwrap_or(language);
        let mail = Mail::new(email, owner.name.clone(), language, "already-registered");
        self.mailer.send(tx, &mail.link(self.pages.page("forgot-password")))
    }

    /// Takes a proof: the address of an account is confirmed, or an account has another one, or there is a new
    /// account. `caller` is whoever is signed in where the link was followed, if anybody is.
    pub(crate) async fn confirm(
        &self,
        confirmation: Confirmation,
        caller: &Actor,
        origin: &Origin,
    ) -> Result<Account> {
        let Confirmation { token, username, password, .. } = confirmation;
        let username = username.map(Line::into_string).filter(|name| !name.is_empty());
        let wrong = username.as_deref().map(|name| self.rules.username(name)).unwrap_or_default();
        if !wrong.is_empty() {
            return Err(Error::invalid(wrong));
        }
        let (service, caller, address, id) = (self.clone(), caller.clone(), origin.address, self.ids.next());
        let (hash, now) = (TokenHash::of(token.expose()), self.clock.now());
        self.check_password(&hash, password, now).await?;
        let account = self
            .db
            .write(move |tx| {
                if let Some(token) = links::find(tx, &hash)? {
                    return service.confirm_account(tx, &token, &caller, address, now);
                }
                let pending = store::find(tx, &hash, now)?.ok_or_else(link_invalid)?;
                let name = username.clone().unwrap_or_else(|| pending.username.clone());
                let beginning = pending.beginning(name, service.default_role.to_owned());
                Self::make_account(tx, Account::new(id, beginning, now), &pending, address)
            })
            .await?;
        self.changes.note();
        Ok(account)
    }

    /// A registration is completed by whoever chose its password, and not only by whoever reads at its address: else
    /// somebody registers the address of another, who follows the link, and has the account with them.
    async fn check_password(
        &self,
        hash: &TokenHash,
        password: Option<Secret<String>>,
        now: Timestamp,
    ) -> Result<()> {
        let hash = hash.clone();
        let Some(pending) = self.db.read(move |conn| store::find(conn, &hash, now)).await? else {
            return Ok(());
        };
        let password = password.filter(|password| !password.expose().is_empty());
        let password = password.ok_or_else(|| Error::invalid_field("password", codes::REQUIRED))?;
        let verification = self.passwords.verify(password, pending.password_hash).await?;
        if is_match(verification) { Ok(()) } else { Err(Error::invalid_field("password", PASSWORD_WRONG)) }
    }

    fn confirm_account(
        &self,
        tx: &mut Tx,
        token: &MailedToken,
        caller: &Actor,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Account> {
        let account = accounts::find(tx, token.user_id)?.filter(|account| token.is_good_for(account, now));
        let mut account = account.ok_or_else(link_invalid)?;
        let actor = account.as_actor(address);
        match token.kind {
            LinkKind::Confirm => {
                // Who is signed in and reads at the address has added everything. Anybody else may find things in the
                // account that another has put there.
                if account.email_verified_at.is_none() && !caller.is(account.id) {
                    forget_unproved(tx, account.id, &actor)?;
                    links::remove_all(tx, account.id)?;
                }
                links::remove(tx, account.id, LinkKind::Confirm)?;
                account.email_verified_at = Some(now);
                account.touch(now);
                accounts::update(tx, &account)?;
                tx.emit(&actor, UserEmailConfirmed { user: account.id })?;
            }
            LinkKind::Change => self.take_address(tx, &mut account, token, &actor, now)?,
            LinkKind::Reset => return Err(link_invalid()),
        }
        Ok(account)
    }

    /// The account has its new address from now on; the old one is told.
    fn take_address(
        &self,
        tx: &mut Tx,
        account: &mut Account,
        token: &MailedToken,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        let new = folded(&token.email);
        if account.email_folded.as_ref() != Some(&new) && accounts::email_is_taken(tx, &new)? {
            return Err(Error::new(EMAIL_TAKEN));
        }
        let old = account.email.replace(token.email.clone());
        account.email_folded = Some(new.clone());
        account.email_verified_at = Some(now);
        account.touch(now);
        accounts::update(tx, account)?;
        links::remove_all(tx, account.id)?;
        store::remove(tx, &new)?;
        address_change::tell(tx, &self.mailer, account, old, self.language, actor)
    }

    fn make_account(
        tx: &mut Tx,
        mut account: Account,
        pending: &PendingRegistration,
        address: IpAddr,
    ) -> Result<Account> {
        account.email_verified_at = Some(account.created_at);
        accounts::insert(tx, &account)?;
        store::remove(tx, &pending.email_folded)?;
        let actor = account.as_actor(address);
        let (username, role) = (account.username.clone(), account.role.clone());
        tx.emit(&actor, UserRegistered { user: account.id, username, role })?;
        tx.emit(&actor, UserEmailConfirmed { user: account.id })?;
        Ok(account)
    }

    /// Removes what is over.
    pub(crate) async fn purge(db: &Db, now: Timestamp) -> Result<u64> {
        db.write(move |tx| Ok(store::purge(tx, now)? + links::purge(tx, now)?)).await
    }
}

/// What does not look like an address is said so: that tells nothing of accounts.
pub(crate) fn checked(email: Line) -> Result<String> {
    match Rules::email(&email) {
        Some(wrong) => Err(Error::invalid(vec![wrong])),
        None => Ok(email.into_string()),
    }
}

pub(crate) fn link_invalid() -> Error {
    Error::invalid_field("token", LINK_INVALID)
}

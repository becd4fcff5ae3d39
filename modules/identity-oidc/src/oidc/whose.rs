//! Whose account it is that somebody of elsewhere signs in to.
//!
//! By issuer and subject, and nothing else, once they are linked. Who comes the first time is linked to the account of
//! the same address where both sides have verified it; what only claims an address takes nothing over. Else it is a new
//! account, where accounts may be made.

use std::sync::Arc;

use socle_identity_core::accounts::model::{Account, Beginning, folded};
use socle_identity_core::accounts::rules::{Rules, is_email};
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::errors::ACCOUNT_INACTIVE;
use socle_kit::Kit;
use socle_kit::contracts::identity::{ExternalAccountLinked, UserRegistered};
use socle_kit::db::{Conn, Tx};
use socle_kit::events::Emit;
use socle_kit::http::Origin;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Actor, Clock, Error, Ids, Line, Random, Result, Timestamp, is_control};
use socle_kit::mail::{Mail, Mailer};

use super::model::{Link, username_of};
use super::store;
use crate::errors::{OIDC_ADDRESS_IN_USE, OIDC_LINKED_ELSEWHERE, OIDC_NO_ACCOUNT};
use crate::provider::Identity;

/// How many user names are tried by number before one is drawn.
const NUMBERED: usize = 20;
const LONGEST_NAME: usize = 100;

#[derive(Clone)]
pub(super) struct Whose {
    clock: Clock,
    ids: Ids,
    random: Random,
    mailer: Mailer,
    rules: Arc<Rules>,
    name: Arc<str>,
    makes_accounts: bool,
    links_by_address: bool,
    default_role: &'static str,
    longest_username: usize,
}

/// Who signed in at the provider, from where.
#[derive(Clone)]
pub(super) struct Newcomer {
    pub(super) issuer: String,
    pub(super) identity: Identity,
    pub(super) language: Language,
    pub(super) origin: Origin,
}

impl Whose {
    /// `name` is what people call the provider.
    pub(super) fn new(kit: &Kit, name: Arc<str>) -> Result<Self> {
        let settings = &kit.settings;
        let longest = settings.integer("identity.username_max_length")?;
        Ok(Self {
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            mailer: kit.mailer.clone(),
            rules: Arc::new(Rules::of(settings)?),
            name,
            makes_accounts: settings.bool("oidc.create_accounts")?
                && settings.choice("identity.registration")? == "open",
            links_by_address: settings.bool("oidc.link_verified_email")?,
            default_role: settings.choice("identity.default_role")?,
            longest_username: usize::try_from(longest).unwrap_or(50),
        })
    }

    /// The account somebody signs in to; linked or made when they come the first time.
    pub(super) fn account(&self, tx: &mut Tx, newcomer: &Newcomer) -> Result<Account> {
        let now = self.clock.now();
        if let Some(mut link) = store::find(tx, &newcomer.issuer, &newcomer.identity.subject)? {
            let account = accounts::find(tx, link.user_id)?.ok_or_else(|| Error::new(ACCOUNT_INACTIVE))?;
            link.last_used_at = now;
            link.email.clone_from(&newcomer.identity.email);
            store::update(tx, &link)?;
            return active(account);
        }
        match self.of_same_address(tx, &newcomer.identity)? {
            Some(account) => {
                let account = active(account)?;
                self.link(tx, &account, newcomer)?;
                Ok(account)
            }
            None => self.make(tx, newcomer, now),
        }
    }

    /// The account of the address that the provider has verified; an error when that account has not.
    fn of_same_address(&self, conn: &mut Conn, identity: &Identity) -> Result<Option<Account>> {
        let Some(email) = verified_address(identity) else { return Ok(None) };
        let folded = folded(email);
        match accounts::find_by_identifier(conn, &folded)? {
            Some(account) if self.links_by_address && account.email_verified_at.is_some() => {
                Ok(Some(account))
            }
            // Somebody else may have registered with this address before its owner came; nobody learns of it but the
            // owner. An account that was removed keeps its address as well.
            Some(_) => Err(Error::new(OIDC_ADDRESS_IN_USE)),
            None if accounts::email_is_taken(conn, &folded)? => Err(Error::new(OIDC_ADDRESS_IN_USE)),
            None => Ok(None),
        }
    }

    fn make(&self, tx: &mut Tx, newcomer: &Newcomer, now: Timestamp) -> Result<Account> {
        if !self.makes_accounts {
            return Err(Error::new(OIDC_NO_ACCOUNT));
        }
        let identity = &newcomer.identity;
        let verified = verified_address(identity);
        let short = |text: &Option<String>| {
            // By the rules for names that are typed: composed, nothing that turns the text around, none that is blank.
            let text: String =
                text.as_deref()?.chars().filter(|c| !is_control(*c)).take(LONGEST_NAME).collect();
            Line::parse(&text).map(Line::into_string).filter(|text| !text.is_empty())
        };
        let beginning = Beginning {
            username: self.free_username(tx, identity)?,
            // An address that is only claimed is nobody's.
            email: verified.map(str::to_owned),
            name: short(&identity.name),
            first_name: short(&identity.first_name),
            last_name: short(&identity.last_name),
            role: self.default_role.to_owned(),
            language: Some(newcomer.language),
            ..Beginning::default()
        };
        let mut account = Account::new(self.ids.next(), beginning, now);
        account.email_verified_at = verified.map(|_| now);
        accounts::insert(tx, &account)?;
        let actor = account.as_actor(newcomer.origin.address);
        let (username, role) = (account.username.clone(), account.role.clone());
        tx.emit(&actor, UserRegistered { user: account.id, username, role })?;
        self.insert(tx, &account, newcomer, &actor)?;
        Ok(account)
    }

    /// Links an account of elsewhere to this one, and tells its owner. Again is no mistake; to another is.
    pub(super) fn link(&self, tx: &mut Tx, account: &Account, newcomer: &Newcomer) -> Result<()> {
        if let Some(known) = store::find(tx, &newcomer.issuer, &newcomer.identity.subject)? {
            return if known.user_id == account.id { Ok(()) } else { Err(Error::new(OIDC_LINKED_ELSEWHERE)) };
        }
        self.insert(tx, account, newcomer, &account.as_actor(newcomer.origin.address))?;
        self.tell(tx, account, "external-account-linked", newcomer.language)
    }

    fn insert(&self, tx: &mut Tx, account: &Account, newcomer: &Newcomer, actor: &Actor) -> Result<()> {
        let now = self.clock.now();
        let link = Link {
            id: self.ids.next(),
            user_id: account.id,
            issuer: newcomer.issuer.clone(),
            subject: newcomer.identity.subject.clone(),
            email: newcomer.identity.email.clone(),
            created_at: now,
            last_used_at: now,
        };
        store::insert(tx, &link)?;
        tx.emit(actor, ExternalAccountLinked { user: account.id, issuer: newcomer.issuer.clone() })
    }

    /// Tells the owner by mail, where there is an address.
    pub(super) fn tell(
        &self,
        tx: &mut Tx,
        account: &Account,
        template: &'static str,
        language: Language,
    ) -> Result<()> {
        let Some(email) = &account.email else { return Ok(()) };
        let language = account.language.unwrap_or(language);
        let mail = Mail::new(email, &account.name, language, template).arg("provider", &*self.name);
        self.mailer.send(tx, &mail)
    }

    /// A user name that nobody has: the person's of elsewhere, with a number where it is taken.
    fn free_username(&self, conn: &mut Conn, identity: &Identity) -> Result<String> {
        let longest = self.longest_username.saturating_sub(3);
        let candidates = [&identity.username, &identity.email, &identity.name];
        let names = candidates.into_iter().flatten().map(|candidate| username_of(candidate, longest));
        let fitting = names.filter(|name| self.rules.username(name).is_empty());
        for name in fitting {
            for number in 1..=NUMBERED {
                let tried = if number == 1 { name.clone() } else { format!("{name}{number}") };
                if !accounts::username_is_taken(conn, &tried)? {
                    return Ok(tried);
                }
            }
        }
        Ok(format!("user{:010}", self.random.below(10_000_000_000)))
    }
}

fn active(account: Account) -> Result<Account> {
    if account.is_active { Ok(account) } else { Err(Error::new(ACCOUNT_INACTIVE)) }
}

/// The address, where the provider has verified it.
fn verified_address(identity: &Identity) -> Option<&str> {
    identity.email.as_deref().filter(|email| identity.email_verified && is_email(email))
}
